"""`aws s3` and `aws s3api` as people type them."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from host_tasks import unique
from needs import require
from s3_objects import pattern

AWS = Path(sys.executable).with_name("aws")
MEBIBYTE = 1024 * 1024


@pytest.fixture(scope="module")
def aws(installation):
    """Runs `aws ...`, which must succeed, and returns what it printed."""
    require(AWS.exists(), f"{AWS} is missing: pip install -r e2e/requirements.txt")
    environment = {**installation.environment(), "AWS_MAX_ATTEMPTS": "1", "AWS_PAGER": ""}

    def run_aws(*words: str) -> str:
        done = subprocess.run([str(AWS), *words], env=environment, capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    return run_aws


@pytest.fixture
def made(aws) -> str:
    name = unique("cli")
    assert aws("s3", "mb", f"s3://{name}").strip() == f"make_bucket: {name}"
    return name


def test_copy_list_remove(aws, made, tmp_path):
    large = tmp_path / "large"
    large.write_bytes(pattern(20 * MEBIBYTE + 1))  # in parts
    aws("s3", "cp", str(large), f"s3://{made}/data/large")
    aws("s3", "cp", f"s3://{made}/data/large", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == large.read_bytes()
    aws("s3", "cp", f"s3://{made}/data/large", f"s3://{made}/data/copy")
    listed = aws("s3", "ls", f"s3://{made}", "--recursive", "--summarize")
    assert "Total Objects: 2" in listed
    assert f"Total Size: {2 * (20 * MEBIBYTE + 1)}" in listed
    assert aws("s3", "ls", f"s3://{made}").split() == ["PRE", "data/"]
    aws("s3", "mv", f"s3://{made}/data/copy", f"s3://{made}/moved")
    aws("s3", "rm", f"s3://{made}", "--recursive")
    aws("s3", "rb", f"s3://{made}")


def test_sync(aws, made, tmp_path):
    source = tmp_path / "source"
    (source / "deep" / "er").mkdir(parents=True)
    for name in ["a.txt", "deep/b.txt", "deep/er/c é.txt"]:
        (source / name).write_text(name)
    aws("s3", "sync", str(source), f"s3://{made}/tree")
    assert aws("s3", "sync", str(source), f"s3://{made}/tree").strip() == ""
    (source / "a.txt").unlink()
    assert "delete:" in aws("s3", "sync", str(source), f"s3://{made}/tree", "--delete")
    aws("s3", "sync", f"s3://{made}/tree", str(tmp_path / "back"))
    assert (tmp_path / "back" / "deep" / "er" / "c é.txt").read_text() == "deep/er/c é.txt"


def test_presigned(aws, made, tmp_path):
    (tmp_path / "file").write_text("content")
    aws("s3", "cp", str(tmp_path / "file"), f"s3://{made}/file")
    url = aws("s3", "presign", f"s3://{made}/file", "--expires-in", "60").strip()
    with urllib.request.urlopen(url) as answer:
        assert answer.read() == b"content"


def test_api(aws, made, tmp_path):
    (tmp_path / "file").write_text("content")
    put = json.loads(
        aws("s3api", "put-object", "--bucket", made, "--key", "k", "--body", str(tmp_path / "file"), "--output", "json")
    )
    assert put["ServerSideEncryption"] == "AES256"
    aws("s3api", "put-bucket-versioning", "--bucket", made, "--versioning-configuration", "Status=Enabled")
    versions = json.loads(aws("s3api", "list-object-versions", "--bucket", made, "--output", "json"))["Versions"]
    assert [version["VersionId"] for version in versions] == ["null"]
    aws("s3api", "get-object", "--bucket", made, "--key", "k", str(tmp_path / "back"))
    assert (tmp_path / "back").read_text() == "content"
