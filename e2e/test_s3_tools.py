"""Tools that copy and mount buckets, unmodified: rclone and s3fs."""

import filecmp
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from needs import require
from s3_objects import body, pattern
from waiting import eventually

MEBIBYTE = 1024 * 1024


def run(*words: str | Path, environment: dict[str, str]) -> str:
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done
    return done.stdout


@pytest.fixture
def tree(tmp_path) -> Path:
    """Files of many sizes and names."""
    root = tmp_path / "tree"
    for name, size in {
        "empty": 0,
        "small.csv": 1000,
        "deep/er/medium.bin": 300_000,
        "deep/large.bin": 12 * MEBIBYTE + 1,
        "ünï çödé/a+b & c.txt": 17,
    }.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pattern(size))
    return root


def test_rclone_syncs_both_ways(installation, s3, bucket, tree, tmp_path):
    require(shutil.which("rclone") is not None, "needs rclone: apt-get install rclone")
    exported = installation.exported
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "RCLONE_CONFIG_HOUSE_TYPE": "s3",
        "RCLONE_CONFIG_HOUSE_PROVIDER": "Other",
        "RCLONE_CONFIG_HOUSE_ENDPOINT": exported["AWS_ENDPOINT_URL"],
        "RCLONE_CONFIG_HOUSE_REGION": exported["AWS_DEFAULT_REGION"],
        "RCLONE_CONFIG_HOUSE_ACCESS_KEY_ID": exported["AWS_ACCESS_KEY_ID"],
        "RCLONE_CONFIG_HOUSE_SECRET_ACCESS_KEY": exported["AWS_SECRET_ACCESS_KEY"],
        "RCLONE_S3_UPLOAD_CUTOFF": "8M",
        "RCLONE_S3_CHUNK_SIZE": "5M",
    }
    there = f"house:{bucket}/backup"
    run("rclone", "sync", tree, there, environment=environment)
    run("rclone", "check", tree, there, "--download", environment=environment)
    stored = {entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]}
    assert stored == {f"backup/{file.relative_to(tree)}" for file in tree.rglob("*") if file.is_file()}

    (tree / "small.csv").write_bytes(b"changed")
    (tree / "empty").unlink()
    run("rclone", "sync", tree, there, environment=environment)
    run("rclone", "check", tree, there, environment=environment)
    back = tmp_path / "back"
    run("rclone", "sync", there, back, environment=environment)
    same(tree, back)
    run("rclone", "moveto", f"{there}/small.csv", f"{there}/moved.csv", environment=environment)
    assert body(s3, bucket, "backup/moved.csv") == b"changed"
    run("rclone", "purge", there, environment=environment)
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def same(one: Path, other: Path) -> None:
    names = {file.relative_to(one) for file in one.rglob("*") if file.is_file()}
    assert names == {file.relative_to(other) for file in other.rglob("*") if file.is_file()}
    for name in names:
        assert filecmp.cmp(one / name, other / name, shallow=False), name


@pytest.fixture
def mounted(installation, bucket, as_root, tmp_path) -> Path:
    """The bucket as a directory."""
    require(shutil.which("s3fs") is not None, "needs s3fs: apt-get install s3fs")
    require(Path("/dev/fuse").exists(), "needs /dev/fuse")
    exported = installation.exported
    password = tmp_path / "password"
    password.touch(mode=0o600)
    password.write_text(f"{exported['AWS_ACCESS_KEY_ID']}:{exported['AWS_SECRET_ACCESS_KEY']}")
    directory = tmp_path / "mounted"
    directory.mkdir()
    options = f"passwd_file={password},url={exported['AWS_ENDPOINT_URL']},use_path_request_style,endpoint=us-east-1"
    process = subprocess.Popen(["s3fs", bucket, directory, "-f", "-o", options])
    try:
        eventually(lambda: os.path.ismount(directory) or process.poll() is not None, "the bucket is mounted")
        assert process.poll() is None, "s3fs ended"
        yield directory
    finally:
        subprocess.run(["umount", "--lazy", directory], check=False)
        process.terminate()
        process.wait(30)


def test_s3fs_is_a_file_system(s3, bucket, mounted):
    content = pattern(300_000)
    (mounted / "folder").mkdir()
    (mounted / "folder" / "file.bin").write_bytes(content)
    assert body(s3, bucket, "folder/file.bin") == content
    s3.put_object(Bucket=bucket, Key="folder/put", Body=b"from outside")
    assert (mounted / "folder" / "put").read_bytes() == b"from outside"
    assert sorted(file.name for file in (mounted / "folder").iterdir()) == ["file.bin", "put"]
    with (mounted / "folder" / "file.bin").open("r+b") as file:
        file.seek(100)
        file.write(b"changed")
    assert body(s3, bucket, "folder/file.bin") == content[:100] + b"changed" + content[107:]
    (mounted / "folder" / "file.bin").rename(mounted / "renamed.bin")
    assert body(s3, bucket, "renamed.bin")[100:107] == b"changed"
    large = pattern(MEBIBYTE) * 21  # in parts
    (mounted / "large.bin").write_bytes(large)
    assert body(s3, bucket, "large.bin") == large
    (mounted / "renamed.bin").unlink()
    (mounted / "large.bin").unlink()
    shutil.rmtree(mounted / "folder")
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
