"""Objects: large ones beside the file system, small ones beside other servers, and listings of very many."""

import os
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import many_keys
import usage
from installation import Installation
from moto_server import Moto
from raw_http import Connection
from s3_requests import S3Requests
from s3proxy_server import S3Proxy
from spread import low_to_high, median
from table import Table, Target, targets_table

PIECE = os.urandom(1024 * 1024)
BUCKET = "bench"
TOKEN = re.compile(rb"<NextContinuationToken>([^<]*)<")
MEGABYTE = 1e6


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int = 5
    large_mebibytes: int = 200
    small_objects: int = 10_000
    small_bytes: int = 4096
    connections: int = 8
    keys: int = 1_000_000


QUICK = Plan(rounds=1, large_mebibytes=8, small_objects=100, keys=3000)


def measure(plan: Plan, say: Callable[[str], None]) -> dict:
    """Large objects, then small ones on each server in turns, then the listing."""
    installation = Installation()
    try:
        installation.up()
        requests = S3Requests(installation.endpoint, installation.exported)
        _make_bucket(requests)
        large = []
        for number in range(plan.rounds + 1):
            say(f"large objects, {f'round {number} of {plan.rounds}' if number else 'to warm up'}")
            large.append(_large(requests, installation.data / "plain", plan.large_mebibytes))
        small = _small(installation, requests, plan, say)
        say(f"listing {plan.keys} keys")
        return {"large": large[1:], "first_large": large[0], "small": small, "listing": _listing(installation, plan)}
    finally:
        installation.remove()


def _make_bucket(requests: S3Requests) -> None:
    with Connection(requests.endpoint) as connection:
        connection.send(requests.head("PUT", f"/{BUCKET}"))
        connection.receive()


def _large(requests: S3Requests, plain: Path, mebibytes: int) -> dict[str, float]:
    """One object up and down, and one file of the same size, in MB/s."""
    megabytes = mebibytes * len(PIECE) / MEGABYTE
    path = f"/{BUCKET}/large"

    def put() -> None:
        connection.send(put_head, PIECE, times=mebibytes)
        connection.receive()

    def get() -> None:
        connection.send(get_head)
        got, _ = connection.receive()
        if got != mebibytes * len(PIECE):
            raise RuntimeError(f"{got} bytes came back")

    put_head = requests.head("PUT", path, mebibytes * len(PIECE))
    get_head = requests.head("GET", path)
    with Connection(requests.endpoint) as connection:
        works = {
            "write": lambda: _write(plain, mebibytes),
            "put": put,
            "read": lambda: _read(plain),
            "get": get,
        }
        rates = {name: megabytes / _seconds(work) for name, work in works.items()}
    plain.unlink()
    return rates


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _write(file: Path, pieces: int) -> None:
    with file.open("wb", buffering=0) as out:
        for _ in range(pieces):
            out.write(PIECE)
        os.fsync(out.fileno())


def _read(file: Path) -> None:
    """From the page cache, as what was just written is read."""
    buffer = bytearray(len(PIECE))
    with file.open("rb", buffering=0) as source:
        while source.readinto(buffer):
            pass


def _small(installation: Installation, requests: S3Requests, plan: Plan, say: Callable[[str], None]) -> list[dict]:
    """Objects per second, written and read, on one connection and on several, at each server in turns."""
    exported = installation.exported
    with Moto(exported) as moto, S3Proxy(exported) as proxy:
        servers = {
            "groundplane": requests,
            "moto": S3Requests(moto.signer.endpoint, exported),
            "s3proxy": S3Requests(proxy.endpoint, exported),
        }
        for name in ("moto", "s3proxy"):
            _make_bucket(servers[name])
        turns = []
        for number in range(plan.rounds):
            for connections in (1, plan.connections):
                # On one connection a few say as much, and take as long.
                objects = plan.small_objects // (1 if connections > 1 else plan.connections)
                for name, server in servers.items():
                    say(f"small objects, round {number + 1} of {plan.rounds}: {name}, {connections} at once")
                    prefix = f"/{BUCKET}/{number}/{connections}"
                    written = _together(server, "PUT", prefix, objects, connections, os.urandom(plan.small_bytes))
                    read = _together(server, "GET", prefix, objects, connections, b"")
                    turns.append({"server": name, "connections": connections, "put": written, "get": read})
                turns.append({"server": "files", "connections": connections, **_files(installation.data / "small", objects, plan)})
    return turns


def _together(server: S3Requests, method: str, prefix: str, objects: int, connections: int, content: bytes) -> float:
    """Requests per second. All are signed before, and sent one after the other on each connection."""
    heads = [server.head(method, f"{prefix}/{number}", len(content)) for number in range(objects)]

    def work(mine: list[bytes]) -> None:
        with Connection(server.endpoint) as connection:
            for head in mine:
                connection.send(head, content)
                connection.receive()

    with ThreadPoolExecutor(connections) as pool:
        shares = [heads[first::connections] for first in range(connections)]
        return objects / _seconds(lambda: list(pool.map(work, shares)))


def _files(directory: Path, count: int, plan: Plan) -> dict[str, float]:
    """The limit: the same contents in files, each flushed with its name, one after the other."""
    directory.mkdir()
    content = os.urandom(plan.small_bytes)
    descriptor = os.open(directory, os.O_RDONLY)

    def write() -> None:
        for number in range(count):
            with (directory / str(number)).open("wb", buffering=0) as out:
                out.write(content)
                os.fsync(out.fileno())
            os.fsync(descriptor)

    def read() -> None:
        for number in range(count):
            (directory / str(number)).read_bytes()

    try:
        return {"put": count / _seconds(write), "get": count / _seconds(read)}
    finally:
        os.close(descriptor)
        for file in directory.iterdir():
            file.unlink()
        directory.rmdir()


def _listing(installation: Installation, plan: Plan) -> dict:
    """All pages of one bucket, one after the other."""
    s3 = installation.client("s3")
    s3.create_bucket(Bucket="keys")
    s3.put_object(Bucket="keys", Key=many_keys.SEED, Body=b"")
    installation.down()
    many_keys.copy_rows(installation.data / "groundplane.db", plan.keys)
    installation.up()
    pid = installation.status()["pid"]
    requests = S3Requests(installation.endpoint, installation.exported)
    with Connection(requests.endpoint) as connection:
        _pages(connection, requests, most=20)
        before = usage.memory(pid)
        begun = time.perf_counter()
        pages, keys = _pages(connection, requests)
        seconds = time.perf_counter() - begun
    if keys != plan.keys + 1:
        raise RuntimeError(f"{keys} keys were listed of {plan.keys + 1}")
    return {"keys": keys, "pages": pages, "seconds": seconds, "before": before, "after": usage.memory(pid)}


def _pages(connection: Connection, requests: S3Requests, most: int | None = None) -> tuple[int, int]:
    """How many pages and keys there are, at most so many pages."""
    pages, keys, further = 0, 0, {}
    while most is None or pages < most:
        connection.send(requests.head("GET", "/keys", **{"list-type": "2"}, **further))
        _, page = connection.receive(keep=True)
        pages += 1
        keys += page.count(b"<Key>")
        token = TOKEN.search(page)
        if not token:
            break
        further = {"continuation-token": token.group(1).decode()}
    return pages, keys


def tables(measured: dict) -> list[Table]:
    """What is shown of the figures."""
    return [_large_table(measured), _small_table(measured), _listing_table(measured), targets_table(targets(measured))]


def targets(measured: dict) -> list[Target]:
    """What was promised."""
    write = _median_of(measured["large"], "write")
    listing = measured["listing"]
    grown = listing["after"]["rss"] - listing["before"]["rss"]
    return [
        Target.at_least("PUT of a large object, times write and fsync", _median_of(measured["large"], "put") / write, 0.5, "x"),
        Target.at_least("GET of a large object, times write and fsync", _median_of(measured["large"], "get") / write, 0.7, "x"),
        Target.below("memory that a listing of all keys leaves behind", grown, 100, "MB"),
    ]


def _median_of(turns: list[dict], name: str) -> float:
    return median([one[name] for one in turns])


def _large_table(measured: dict) -> Table:
    turns = measured["large"]
    write = _median_of(turns, "write")
    rows = []
    for name, what in (
        ("put", "PUT"),
        ("get", "GET"),
        ("write", "limit: write and fsync of a file"),
        ("read", "limit: read of a file in the page cache"),
    ):
        rates = [one[name] for one in turns]
        rows.append((what, f"{median(rates):.0f}", low_to_high(rates, ".0f"), f"{median(rates) / write:.2f}x"))
    rows.append(("the first PUT after a start", f"{measured['first_large']['put']:.0f}", "", ""))
    columns = ("one large object", "MB/s, median", "lowest to highest", "times write and fsync")
    return Table("Large objects", columns, rows)


def _small_table(measured: dict) -> Table:
    named = {
        "groundplane": "Groundplane",
        "moto": "moto's server (memory)",
        "s3proxy": "S3Proxy (files, not flushed)",
        "files": "limit: files, each with fsync",
    }
    rows = []
    for connections in sorted({one["connections"] for one in measured["small"]}):
        for server, what in named.items():
            turns = [
                one for one in measured["small"] if (one["server"], one["connections"]) == (server, connections)
            ]
            cells = [f"{_median_of(turns, kind):,.0f}" for kind in ("put", "get")]
            ranges = [low_to_high([one[kind] for one in turns], ",.0f") for kind in ("put", "get")]
            rows.append((what, str(connections), cells[0], ranges[0], cells[1], ranges[1]))
    columns = ("server", "connections", "PUT/s, median", "lowest to highest", "GET/s, median", "lowest to highest")
    return Table("Small objects", columns, rows)


def _listing_table(measured: dict) -> Table:
    listing = measured["listing"]
    rows = [
        ("keys", f"{listing['keys']:,}"),
        ("pages of 1,000 per second", f"{listing['pages'] / listing['seconds']:.0f}"),
        ("keys per second", f"{listing['keys'] / listing['seconds']:,.0f}"),
        ("control plane before, RSS", f"{listing['before']['rss']:.0f} MB"),
        ("control plane after, RSS", f"{listing['after']['rss']:.0f} MB"),
    ]
    return Table("A listing of all keys", ("what", "figure"), rows)
