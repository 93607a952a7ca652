"""The audit trail proves itself: `audit verify` says that it is intact, and finds what somebody did to it."""

import json
import shutil
import socket
import sqlite3
import subprocess
import threading
import time
import urllib.parse

import pytest
from installation import ROOT, Installation


@pytest.fixture(scope="module")
def stopped():
    """An installation that was used and stopped; tests work on copies of its data."""
    one = Installation()
    try:
        one.up()
        ecs = one.client("ecs")
        for number in range(10):
            ecs.create_cluster(clusterName=f"cluster-{number}")
        running = verify(one.data)
        assert running["intact"], running
        one.down()
        yield one
    finally:
        one.remove()


@pytest.fixture
def data(stopped, tmp_path):
    """A copy that a test may tamper with."""
    copy = tmp_path / "data"
    copy.mkdir()
    for path in stopped.data.iterdir():
        if path.is_file():
            shutil.copy2(path, copy / path.name)
    return copy


def run(data, *options: str) -> subprocess.CompletedProcess:
    words = [str(ROOT / "groundplane"), "audit", "verify", "--data", str(data), *options]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)


def verify(data) -> dict:
    done = run(data, "--json")
    report = json.loads(done.stdout)
    assert done.returncode == (0 if report["intact"] else 1), done
    return report


def tamper(data, *statements: str) -> None:
    with sqlite3.connect(data / "groundplane.db") as database:
        for statement in statements:
            database.execute(statement)
    database.close()


def position_of(data, cluster: str) -> tuple[int, str]:
    with sqlite3.connect(data / "groundplane.db") as database:
        return database.execute(
            "SELECT seq, event_id FROM audit WHERE event_name = 'CreateCluster' AND body LIKE ?", [f'%"{cluster}"%']
        ).fetchone()


def test_a_stopped_installation_is_intact_and_signed_to_its_end(data):
    done = run(data)
    assert done.returncode == 0, done
    assert "The audit trail is intact" in done.stdout
    report = verify(data)
    assert report["signedUpTo"] == report["last"] == report["records"]
    assert report["findings"] == [] and report["notes"] == []


def test_a_changed_body_is_named_with_its_event(data):
    position, event = position_of(data, "cluster-5")
    tamper(data, f"UPDATE audit SET body = replace(body, 'cluster-5', 'cluster-x') WHERE seq = {position}")
    report = verify(data)
    assert (report["findings"][0]["position"], report["findings"][0]["eventId"]) == (position, event)
    assert report["findings"][0]["kind"] == "ALTERED"
    done = run(data)
    assert done.returncode == 1 and "NOT INTACT" in done.stdout and event in done.stdout


@pytest.mark.parametrize(("statements", "kind", "offset"), [
    (["UPDATE audit SET user_name = 'nobody' WHERE seq = {n}"], "MISLEADING_COLUMN", 0),
    (["UPDATE audit SET event_time = event_time - 86400000 WHERE seq = {n}"], "MISLEADING_COLUMN", 0),
    (["DELETE FROM audit_resource WHERE seq = {n}"], "MISLEADING_COLUMN", 0),
    (["DELETE FROM audit WHERE seq = {n}", "DELETE FROM audit_resource WHERE seq = {n}"], "MISSING", 0),
    (["DELETE FROM audit WHERE seq >= {n}", "DELETE FROM audit_resource WHERE seq >= {n}"], "TRUNCATED", 0),
    ([
        "UPDATE audit SET seq = -{n} WHERE seq = {n}",
        "UPDATE audit SET seq = {n} WHERE seq = {n} + 1",
        "UPDATE audit SET seq = {n} + 1 WHERE seq = -{n}",
        "UPDATE audit_resource SET seq = 2 * {n} + 1 - seq WHERE seq IN ({n}, {n} + 1)",
    ], "ALTERED", 0),
])
def test_what_somebody_did_to_a_record_is_found(data, statements, kind, offset):
    position, _ = position_of(data, "cluster-5")
    tamper(data, *(statement.format(n=position) for statement in statements))
    first = verify(data)["findings"][0]
    assert (first["kind"], first["position"]) == (kind, position + offset)


def test_a_record_that_was_added_while_it_was_stopped_is_found(data):
    with sqlite3.connect(data / "groundplane.db") as database:
        (last,) = database.execute("SELECT max(seq) FROM audit").fetchone()
    tamper(
        data,
        f"CREATE TEMP TABLE copy AS SELECT * FROM audit WHERE seq = {last}",
        "UPDATE copy SET seq = seq + 1",
        "INSERT INTO audit SELECT * FROM copy",
    )
    assert "ADDED" in [finding["kind"] for finding in verify(data)["findings"]]


def test_an_older_copy_of_the_database_is_found(stopped, data):
    tamper(data, "DELETE FROM audit_checkpoint WHERE number > 1")
    assert "ROLLED_BACK" in [finding["kind"] for finding in verify(data)["findings"]]


def test_the_end_is_signed_even_when_a_request_does_not_end():
    one = Installation()
    try:
        one.up()
        s3 = one.client("s3")
        s3.create_bucket(Bucket="uploads")
        url = urllib.parse.urlsplit(s3.generate_presigned_url("put_object", {"Bucket": "uploads", "Key": "slow"}))
        stopped = threading.Event()
        with socket.create_connection((url.hostname, url.port)) as upload:
            head = f"PUT {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\nContent-Length: 1000000\r\n\r\n"
            upload.sendall(head.encode())
            trickle = threading.Thread(target=send_until, args=(upload, stopped))
            trickle.start()
            assert "killed" not in one.run("down")
            stopped.set()
            trickle.join()
        report = verify(one.data)
        assert report["intact"] and report["signedUpTo"] == report["last"] == report["records"] > 0
    finally:
        one.remove()


def send_until(upload: socket.socket, stopped: threading.Event) -> None:
    """Bytes of a content that never ends, so that the connection is never idle."""
    while not stopped.is_set():
        try:
            upload.send(b"x")
        except OSError:
            return
        time.sleep(0.1)


def test_verify_says_where_it_looked_when_there_is_nothing(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 1
    assert str(tmp_path) in done.stderr
