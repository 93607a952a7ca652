"""kill -9 while objects are stored: what was acknowledged is there whole, what was not leaves nothing."""

import os
import signal
import threading
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from s3_objects import body, pattern, refused
from waiting import eventually

MEBIBYTE = 1024 * 1024
WRITERS = 4


def test_kill_during_puts(own_installation):
    s3 = own_installation.client("s3")
    s3.create_bucket(Bucket="bucket")
    acknowledged: dict[str, bytes] = {}
    enough = threading.Event()

    def write(writer: int) -> None:
        number = 0
        while True:
            key = f"{writer}/{number}"
            content = pattern(300_000 + number) if number % 5 == 0 else key.encode()
            try:
                s3.put_object(Bucket="bucket", Key=key, Body=content)
            except (BotoCoreError, ClientError):
                return  # the control plane is gone
            acknowledged[key] = content
            number += 1
            if number == 20:
                enough.set()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    assert enough.wait(60)
    os.kill(own_installation.status()["pid"], signal.SIGKILL)
    for writer in writers:
        writer.join(60)
    own_installation.up()
    after = own_installation.client("s3")
    for key, content in acknowledged.items():
        assert body(after, "bucket", key) == content, key
    pages = after.get_paginator("list_objects_v2").paginate(Bucket="bucket")
    stored = [entry["Key"] for page in pages for entry in page["Contents"]]
    assert set(acknowledged) <= set(stored)
    assert len(stored) <= len(acknowledged) + WRITERS  # done, but not told
    eventually(lambda: content_files(own_installation) == len(stored), "files that no row names are gone")


def content_files(installation) -> int:
    return sum(1 for file in files(installation) if file.name != "swept")


def files(installation) -> list[Path]:
    return [file for file in (installation.data / "s3").rglob("*") if file.is_file()]


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


def test_memory_stays_flat(own_installation):
    """200 MB up and down, with the heap that it always has."""
    s3 = own_installation.client("s3")
    s3.create_bucket(Bucket="bucket")
    pid = own_installation.status()["pid"]
    s3.put_object(Bucket="bucket", Key="warm", Body=pattern(8 * MEBIBYTE))
    body(s3, "bucket", "warm")
    before = resident_megabytes(pid)
    content = pattern(MEBIBYTE) * 200
    s3.put_object(Bucket="bucket", Key="large", Body=content)
    assert body(s3, "bucket", "large") == content
    assert resident_megabytes(pid) < before + 100


def resident_megabytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    raise AssertionError(f"process {pid} has no VmRSS")
