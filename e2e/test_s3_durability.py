"""kill -9 while objects are stored and removed, and a full disk: what was acknowledged is so, the rest leaves nothing."""

import os
import re
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from installation import Installation
from s3_objects import body, pattern, refused
from waiting import eventually

MEBIBYTE = 1024 * 1024
WRITERS = 4
IN_A_FILE = 20_000  # what is smaller than 16 KiB stands in the database


def until_killed(installation, enough: int, work: Callable[[int, int], None]) -> None:
    """Calls `work(worker, number)` in several threads; after so many successes of one, kills the control plane and starts it.

    `work` raises when the control plane is gone.
    """
    reached = threading.Event()

    def loop(worker: int) -> None:
        number = 0
        while True:
            try:
                work(worker, number)
            except (BotoCoreError, ClientError):
                return
            number += 1
            if number == enough:
                reached.set()

    workers = [threading.Thread(target=loop, args=(number,)) for number in range(WRITERS)]
    for worker in workers:
        worker.start()
    assert reached.wait(120)
    kill(installation)
    for worker in workers:
        worker.join(60)
    installation.up()


def kill(installation) -> None:
    os.kill(installation.status()["pid"], signal.SIGKILL)


def keys(s3) -> set[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="bucket")
    return {entry["Key"] for page in pages for entry in page.get("Contents", [])}


def files(installation) -> list[Path]:
    return [file for file in (installation.data / "s3").rglob("*") if file.is_file() and file.name != "swept"]


def rows(installation) -> tuple[int, int]:
    """How many small contents there are, and how many are named."""
    database = sqlite3.connect(f"file:{installation.data / 'groundplane.db'}?mode=ro", uri=True)
    try:
        (there,) = database.execute("SELECT COUNT(*) FROM s3_small").fetchone()
        (named,) = database.execute("SELECT COUNT(*) FROM s3_file WHERE file LIKE 'small/%'").fetchone()
        return there, named
    finally:
        database.close()


def nothing_else_is_left(installation, in_files: int, in_rows: int) -> None:
    eventually(lambda: len(files(installation)) == in_files, f"{in_files} content files and no other")
    assert rows(installation) == (in_rows, in_rows)


def test_kill_during_puts(own_installation):
    s3 = own_installation.client("s3")
    s3.create_bucket(Bucket="bucket")
    acknowledged: dict[str, bytes] = {}

    def write(writer: int, number: int) -> None:
        large = number % 5 == 0
        key = f"{'large' if large else 'small'}/{writer}/{number}"
        content = pattern(300_000 + number) if large else key.encode()
        s3.put_object(Bucket="bucket", Key=key, Body=content)
        acknowledged[key] = content

    until_killed(own_installation, 20, write)
    after = own_installation.client("s3")
    for key, content in acknowledged.items():
        assert body(after, "bucket", key) == content, key
    stored = keys(after)
    assert set(acknowledged) <= stored
    assert len(stored) <= len(acknowledged) + WRITERS  # done, but not told
    large = sum(key.startswith("large/") for key in stored)
    nothing_else_is_left(own_installation, large, len(stored) - large)


def test_kill_during_completions(own_installation):
    s3 = own_installation.client("s3")
    s3.create_bucket(Bucket="bucket")
    first, second = pattern(5 * MEBIBYTE), pattern(IN_A_FILE)
    begun: dict[str, str] = {}
    acknowledged: set[str] = set()

    def upload(writer: int, number: int) -> None:
        key = f"{writer}/{number}"
        called = {"Bucket": "bucket", "Key": key}
        called["UploadId"] = s3.create_multipart_upload(**called)["UploadId"]
        parts = [
            {"PartNumber": n, "ETag": s3.upload_part(**called, PartNumber=n, Body=content)["ETag"]}
            for n, content in ((1, first), (2, second))
        ]
        begun[key] = called["UploadId"]
        s3.complete_multipart_upload(**called, MultipartUpload={"Parts": parts})
        acknowledged.add(key)

    until_killed(own_installation, 6, upload)
    after = own_installation.client("s3")
    stored = keys(after)
    open_uploads = {entry["Key"]: entry["UploadId"] for entry in after.list_multipart_uploads(Bucket="bucket").get("Uploads", [])}
    assert acknowledged <= stored
    assert not stored & set(open_uploads), "an upload is completed or it is not"
    for key in begun:
        assert key in stored or key in open_uploads, f"{key} is lost"
    for key, upload_id in open_uploads.items():
        called = {"Bucket": "bucket", "Key": key, "UploadId": upload_id}
        if key in begun:
            parts = [
                {"PartNumber": part["PartNumber"], "ETag": part["ETag"]} for part in after.list_parts(**called)["Parts"]
            ]
            after.complete_multipart_upload(**called, MultipartUpload={"Parts": parts})
        else:
            after.abort_multipart_upload(**called)
    for key in begun:
        assert body(after, "bucket", key) == first + second, key
    nothing_else_is_left(own_installation, 2 * len(begun), 0)


def test_kill_during_deletions(own_installation):
    s3 = own_installation.client("s3")
    s3.create_bucket(Bucket="bucket")
    groups = {
        (worker, number): [f"{worker}/{number}/{each}" for each in range(1 if number % 2 else 6)]
        for worker in range(WRITERS)
        for number in range(20)
    }

    def content(key: str) -> bytes:
        return pattern(IN_A_FILE) if key.endswith(("0", "3")) else key.encode()

    for group in groups.values():
        for key in group:
            s3.put_object(Bucket="bucket", Key=key, Body=content(key))
    tried: set[tuple[int, int]] = set()
    acknowledged: set[tuple[int, int]] = set()

    def delete(worker: int, number: int) -> None:
        group = groups.get((worker, number))
        if group is None:
            s3.list_objects_v2(Bucket="bucket")  # until the control plane is gone
            return
        tried.add((worker, number))
        if len(group) == 1:
            s3.delete_object(Bucket="bucket", Key=group[0])
        else:
            s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": key} for key in group]})
        acknowledged.add((worker, number))

    until_killed(own_installation, 5, delete)
    after = own_installation.client("s3")
    stored = keys(after)
    for name, group in groups.items():
        there = stored & set(group)
        assert there in (set(), set(group)), f"{name} is deleted in part: {there}"
        assert name not in acknowledged or not there, f"{name} is back"
        assert name in tried or there, f"{name} is lost"
    for key in stored:
        assert body(after, "bucket", key) == content(key), key
    large = sum(len(content(key)) == IN_A_FILE for key in stored)
    nothing_else_is_left(own_installation, large, len(stored) - large)


def test_kill_during_expiration(own_installation):
    """What is due expires once the control plane starts; it is killed before that is done."""
    s3 = own_installation.client("s3")
    s3.create_bucket(Bucket="bucket")
    due = {f"due/{number}" for number in range(300)}
    kept = {f"kept/{number}" for number in range(4)}
    for key in due | kept:
        s3.put_object(Bucket="bucket", Key=key, Body=pattern(IN_A_FILE) if key.endswith("0") else key.encode())
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    rule = {"ID": "due", "Status": "Enabled", "Filter": {"Prefix": "due/"}, "Expiration": {"Date": midnight}}
    s3.put_bucket_lifecycle_configuration(Bucket="bucket", LifecycleConfiguration={"Rules": [rule]})
    assert keys(s3) == due | kept
    kill(own_installation)
    own_installation.up()
    eventually(lambda: keys(s3) != due | kept, "the first object has expired", pause=0)
    kill(own_installation)
    own_installation.up()
    eventually(lambda: keys(s3) == kept, "all that is due has expired")
    for key in kept:
        assert body(s3, "bucket", key) == (pattern(IN_A_FILE) if key.endswith("0") else key.encode())
    nothing_else_is_left(own_installation, 1, len(kept) - 1)


@pytest.fixture
def on_a_small_disk(as_root):
    """An installation whose data directory holds no more than 256 MB."""
    own = Installation()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256m,mode=755", "tmpfs", str(own.data)], check=True)
    try:
        own.up()
        yield own
        own.down()
    finally:
        subprocess.run(["umount", "--lazy", str(own.data)], check=True)
        own.remove()


def test_the_disk_is_full(on_a_small_disk):
    s3 = on_a_small_disk.client("s3")
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="before", Body=pattern(MEBIBYTE))
    s3.put_object(Bucket="bucket", Key="small", Body=b"small")
    left = free(on_a_small_disk)
    answer = refused("SlowDown", s3.put_object, Bucket="bucket", Key="large", Body=bytes(left + MEBIBYTE))
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 503
    refused("404", s3.head_object, Bucket="bucket", Key="large")
    assert len(files(on_a_small_disk)) == 1, "what was written of the refused object is gone"

    filler = on_a_small_disk.data / "filler"
    with pytest.raises(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    refused("SlowDown", s3.put_object, Bucket="bucket", Key="file", Body=pattern(IN_A_FILE))
    assert body(s3, "bucket", "before") == pattern(MEBIBYTE)
    assert body(s3, "bucket", "small") == b"small"
    filler.unlink()
    s3.put_object(Bucket="bucket", Key="file", Body=pattern(IN_A_FILE))
    s3.put_object(Bucket="bucket", Key="small", Body=b"again")
    assert keys(s3) == {"before", "small", "file"}
    nothing_else_is_left(on_a_small_disk, 2, 1)


def free(installation) -> int:
    disk = os.statvfs(installation.data)
    return disk.f_bavail * disk.f_frsize


def test_damage_is_noticed(own_installation):
    s3 = own_installation.client("s3")
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="k", Body=pattern(MEBIBYTE))
    (file,) = files(own_installation)
    content = bytearray(file.read_bytes())
    content[1000] ^= 1
    file.write_bytes(content)
    refused("InternalError", s3.get_object, Bucket="bucket", Key="k")
    content[1000] ^= 1
    content[-1000] ^= 1
    file.write_bytes(content)
    try:
        got = body(s3, "bucket", "k")
    except BotoCoreError:
        got = b""
    assert len(got) < MEBIBYTE, "damaged content was answered as if it were whole"


def test_contents_are_not_held_in_memory(own_installation, tmp_path):
    """More than the whole heap up and down; how full the heap is meanwhile says nothing."""
    s3 = own_installation.client("s3")
    s3.create_bucket(Bucket="bucket")
    pid = own_installation.status()["pid"]
    heap = int(re.search(r"-Xmx(\d+)m", Path(f"/proc/{pid}/cmdline").read_text())[1])
    part, parts = pattern(MEBIBYTE), heap + 100
    file = tmp_path / "large"
    with file.open("wb") as writer:
        for _ in range(parts):
            writer.write(part)
    with file.open("rb") as content:
        s3.put_object(Bucket="bucket", Key="large", Body=content)
    found = s3.get_object(Bucket="bucket", Key="large")
    assert found["ContentLength"] == parts * MEBIBYTE
    assert all(chunk == part for chunk in found["Body"].iter_chunks(MEBIBYTE))
    assert resident_megabytes(pid) < heap + 300


def resident_megabytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    raise AssertionError(f"process {pid} has no VmRSS")
