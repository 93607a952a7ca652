"""Auto-copy: from landed to queryable, and many small files at once, beside a script that lists the prefix and copies."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from installation import Installation
from spread import median, percentile
from table import Table, Target, targets_table
from warehouses import Warehouse, loader

BUCKET = "auto-copy"
LOADERS = {"job": "copy job", "script": "script: list each second, COPY"}
WRITERS = 8
PATIENCE_SECONDS = 600


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    files_per_second: int = 10
    seconds: int = 30
    burst: int = 10_000
    rows: int = 10


QUICK = Plan(files_per_second=5, seconds=2, burst=50)


class Bench:
    """A warehouse, and files that land for it; a file's rows have its number."""

    def __init__(self, installation: Installation, rows: int) -> None:
        self.s3 = installation.client("s3")
        self.s3.create_bucket(Bucket=BUCKET)
        self.warehouse = Warehouse(installation)
        self.role = loader(installation.client("iam"), BUCKET)
        self.warehouse.redshift.update_namespace(namespaceName=self.warehouse.name, iamRoles=[self.role])
        self.rows = rows
        self.numbers = itertools.count()

    def connect(self):
        """A session of the administrator."""
        return self.warehouse.connect(autocommit=True, sslmode="disable")

    def source(self, table: str) -> str:
        """The prefix of a table, as COPY names it."""
        return f"FROM 's3://{BUCKET}/{table}/' IAM_ROLE '{self.role}' CSV"

    def put(self, table: str, number: int) -> float:
        """A file lands; the moment at which it has."""
        body = "".join(f"{number},{row},price of the day\n" for row in range(self.rows))
        self.s3.put_object(Bucket=BUCKET, Key=f"{table}/{number:08}.csv", Body=body.encode())
        return time.perf_counter()

    def put_all(self, table: str, count: int) -> float:
        """So many files land, several at once; seconds that took."""
        begun = time.perf_counter()
        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(lambda number: self.put(table, number), itertools.islice(self.numbers, count)))
        return time.perf_counter() - begun

    def make(self, table: str) -> None:
        """A table without rows."""
        with self.connect() as connection:
            connection.execute(f"CREATE TABLE {table}(file INTEGER, line INTEGER, note VARCHAR(40))")

    def await_rows(self, table: str, files: int) -> None:
        """Waits until so many files' rows are there, and looks that none is there twice."""
        query = f"SELECT count(*), count(DISTINCT file) FROM {table}"
        end = time.monotonic() + PATIENCE_SECONDS
        with self.connect() as connection:
            while (found := connection.execute(query).fetchone())[0] < files * self.rows and time.monotonic() < end:
                time.sleep(0.02)
        if found != (files * self.rows, files):
            raise RuntimeError(f"{table} has rows and files {found} where {files} landed")

    @contextmanager
    def job(self, table: str) -> Iterator[None]:
        """A copy job loads."""
        with self.connect() as connection:
            connection.execute(f"COPY {table} {self.source(table)} JOB CREATE {table}")
            try:
                yield
            finally:
                connection.execute(f"COPY JOB DROP {table}")

    @contextmanager
    def script(self, table: str) -> Iterator[None]:
        """What is written without copy jobs: list each second, and load what is new by one COPY of a manifest."""
        ended = threading.Event()
        thread = threading.Thread(target=self._poll, args=(table, ended))
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _poll(self, table: str, ended: threading.Event) -> None:
        loaded: set[str] = set()
        with self.connect() as connection:
            while not ended.wait(1):
                pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{table}/")
                new = [one["Key"] for page in pages for one in page.get("Contents", []) if one["Key"] not in loaded]
                if new:
                    entries = ",".join(f'{{"url":"s3://{BUCKET}/{key}","mandatory":true}}' for key in new)
                    self.s3.put_object(Bucket=BUCKET, Key=f"{table}.manifest", Body=f'{{"entries":[{entries}]}}'.encode())
                    manifest = f"FROM 's3://{BUCKET}/{table}.manifest' IAM_ROLE '{self.role}' CSV MANIFEST"
                    connection.execute(f"COPY {table} {manifest}")
                    loaded.update(new)


def measure(plan: Plan, say: Callable[[str], None]) -> dict:
    """One loader after the other in the same warehouse."""
    installation = Installation()
    try:
        installation.up()
        bench = Bench(installation, plan.rows)
        measured = {}
        for name in LOADERS:
            say(f"{LOADERS[name]}: {plan.files_per_second} files/s for {plan.seconds} s")
            steady, burst = f"{name}_steady", f"{name}_burst"
            bench.make(steady)
            with getattr(bench, name)(steady):
                milliseconds = _land(bench, steady, plan)
            say(f"{LOADERS[name]}: {plan.burst:,} files")
            bench.make(burst)
            with getattr(bench, name)(burst):
                begun = time.perf_counter()
                landed = bench.put_all(burst, plan.burst)
                bench.await_rows(burst, plan.burst)
                queryable = time.perf_counter() - begun
            measured[name] = {"milliseconds": milliseconds, "landed": landed, "queryable": queryable}
        say("the limits")
        bench.make("nobody")
        measured["put"] = bench.put_all("nobody", plan.burst)
        with bench.connect() as connection:
            begun = time.perf_counter()
            connection.execute(f"COPY nobody {bench.source('nobody')}")
            measured["copied"] = time.perf_counter() - begun
        return {**measured, "files": plan.burst}
    finally:
        installation.remove()


def _land(bench: Bench, table: str, plan: Plan) -> list[float]:
    """Milliseconds from each file's landing until a query that is asked over and over sees it."""
    landed: dict[int, float] = {}
    seen: dict[int, float] = {}
    count = plan.files_per_second * plan.seconds

    def write() -> None:
        begun = time.perf_counter()
        for turn in range(count):
            time.sleep(max(0, begun + turn / plan.files_per_second - time.perf_counter()))
            number = next(bench.numbers)
            landed[number] = bench.put(table, number)

    writer = threading.Thread(target=write)
    end = time.monotonic() + plan.seconds + PATIENCE_SECONDS
    with bench.connect() as connection:
        connection.execute("SELECT 1")
        writer.start()
        while len(seen) < count and time.monotonic() < end:
            files = connection.execute(f"SELECT DISTINCT file FROM {table}").fetchall()
            now = time.perf_counter()
            for (file,) in files:
                seen.setdefault(file, now)
    writer.join()
    bench.await_rows(table, count)
    return [max(0.0, 1000 * (seen[number] - landed[number])) for number in sorted(landed)]


def tables(measured: dict) -> list[Table]:
    """What is shown of the figures."""
    latency = [
        (shown, *(f"{one:,.0f} ms" for one in _figures(measured[name]["milliseconds"])))
        for name, shown in LOADERS.items()
    ]
    files = measured["files"]
    burst = [
        (shown, f"{files / measured[name]['landed']:,.0f}", f"{files / measured[name]['queryable']:,.0f}")
        for name, shown in LOADERS.items()
    ]
    burst.append(("limit: landing alone, and one COPY after it", f"{files / measured['put']:,.0f}", f"{_limit(measured):,.0f}"))
    return [
        Table("From landed to queryable", ("loader", "p50", "p99", "slowest"), latency),
        Table(f"{files:,} files at once", ("loader", "landed, files/s", "landed and queryable, files/s"), burst),
        targets_table(targets(measured)),
    ]


def _figures(milliseconds: list[float]) -> tuple[float, float, float]:
    return median(milliseconds), percentile(milliseconds, 99), max(milliseconds)


def _limit(measured: dict) -> float:
    return measured["files"] / (measured["put"] + measured["copied"])


def targets(measured: dict) -> list[Target]:
    """What was promised."""
    return [Target.below("landed to queryable, p99", percentile(measured["job"]["milliseconds"], 99), 1000, "ms")]
