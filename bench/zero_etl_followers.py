"""What follows a PostgreSQL database, and tells when it has seen a marker: the warehouse, and Debezium with a DuckDB file."""

import os
import queue
import signal
import subprocess
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import usage
from installation import ROOT, Installation
from waiting import eventually
from warehouses import Warehouse
from zero_etl_source import DATABASE, FIGURES, MASTER, PASSWORD, PATIENCE_SECONDS, Source, directory, sums

POLL_SECONDS = 0.001
PROGRAM = Path(__file__).with_name("DebeziumFollower.java")
LIBRARIES = Path(__file__).with_name(".debezium")
PROJECT = Path(__file__).with_name("debezium.pom.xml")


class Follower:
    """Notes when each marker was first seen by a query. Whoever makes it calls `close`."""

    def __init__(self) -> None:
        self._seen: list[tuple[int, float]] = []
        self._changed = threading.Condition()

    def note(self, number: int, moment: float) -> None:
        """Markers up to a number are seen, at a moment as of `time.time`."""
        with self._changed:
            self._seen.append((number, moment))
            self._changed.notify_all()

    def await_marker(self, number: int) -> float:
        """When a marker was first seen; waits for that."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._seen and self._seen[-1][0] >= number, PATIENCE_SECONDS):
                raise RuntimeError(f"marker {number} was not seen within {PATIENCE_SECONDS} s")
            return self._seen[bisect_left(self._seen, number, key=lambda one: one[0])][1]

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Its process does nothing meanwhile."""
        os.kill(self.pid(), signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid(), signal.SIGCONT)

    def peak_megabytes(self) -> float:
        """The most memory that its process has had resident, in MB."""
        return usage.peak(self.pid())


class Groundplane(Follower):
    """The warehouse: a client's session asks it over and over."""

    def __init__(self, installation: Installation, source: Source) -> None:
        super().__init__()
        self.warehouse = Warehouse(installation)
        self._rds = installation.client("rds")
        made = self._rds.create_integration(
            IntegrationName="trades",
            SourceArn=source.described["DBClusterArn"],
            TargetArn=self.warehouse.namespace["namespaceArn"],
            DataFilter=f"include: {DATABASE}.*.*",
        )
        self._arn = made["IntegrationArn"]
        eventually(self._active, "the integration is active")
        self._session = self.warehouse.connect(autocommit=True, sslmode="disable")
        self._session.execute("SELECT 1")
        self._ended = threading.Event()
        self._observer = threading.Thread(target=self._observe)

    def _active(self) -> bool:
        found = self._rds.describe_integrations(IntegrationIdentifier=self._arn)["Integrations"]
        return [one["Status"] for one in found] == ["active"]

    def copy(self, rows: int) -> float:
        """Begins to follow; seconds until all rows are seen."""
        begun = time.perf_counter()
        self._session.execute(
            f"CREATE DATABASE sales FROM INTEGRATION '{self._arn.rsplit(':', 1)[1]}' DATABASE '{DATABASE}'"
        )
        eventually(lambda: self._count() == rows, "the rows were copied", seconds=PATIENCE_SECONDS)
        seconds = time.perf_counter() - begun
        self._observer.start()
        return seconds

    def _count(self) -> int:
        try:
            self._session.execute("SELECT n FROM sales.public.marker LIMIT 0")
            return self._session.execute("SELECT count(*) FROM sales.public.account").fetchone()[0]
        except psycopg.errors.UndefinedTable:
            return 0

    def _observe(self) -> None:
        seen = 0
        with self.warehouse.connect(autocommit=True, sslmode="disable") as session:
            while not self._ended.is_set():
                number = session.execute("SELECT coalesce(max(n), 0) FROM sales.public.marker").fetchone()[0]
                if number > seen:
                    seen = number
                    self.note(number, time.time())
                time.sleep(POLL_SECONDS)

    def pid(self) -> int:
        """The worker's JVM."""
        return self.warehouse.worker_pid()

    def figures(self) -> tuple[int, ...]:
        """As the source has them."""
        return tuple(int(number) for number in self._session.execute(FIGURES.format("sales.public.")).fetchone())

    def await_bank(self, expected: list[tuple[int, ...]]) -> None:
        """Waits until the bank's tables are as the source has them."""
        eventually(lambda: self._bank() == expected, "the bank's tables are equal", seconds=PATIENCE_SECONDS, pause=0.5)

    def _bank(self) -> list[tuple[int, ...]]:
        try:
            return sums(self._session, "sales.public.")
        except psycopg.errors.UndefinedTable:
            return []

    def file_megabytes(self) -> float:
        """What the worker keeps on disk."""
        words = usage.command_line(self.pid())
        kept = Path(words[words.index("--directory") + 1])
        return sum(file.stat().st_size for file in kept.rglob("*") if file.is_file()) / 1e6

    def make_other_table(self) -> None:
        """A table that nothing changes, with the same rows."""
        self._session.execute("CREATE TABLE other AS SELECT * FROM sales.public.account")

    def other_seconds(self, seconds: float) -> list[float]:
        """How long each of many questions about that table took."""
        end, taken = time.monotonic() + seconds, []
        while time.monotonic() < end:
            begun = time.perf_counter()
            self._session.execute("SELECT count(*), sum(balance), max(note) FROM other").fetchone()
            taken.append(time.perf_counter() - begun)
        return taken

    def drop(self) -> None:
        """Does not follow any more."""
        self._ended.set()
        self._observer.join()
        self._session.execute("DROP DATABASE sales")

    def close(self) -> None:
        """Ends its sessions."""
        self._ended.set()
        self._session.close()


class Debezium(Follower):
    """Debezium's embedded engine in a process of its own, which also asks its DuckDB file over and over."""

    def __init__(self, source: Source, memory_limit: str) -> None:
        super().__init__()
        _fetch()
        place = directory(source.directory / "debezium")
        java = Path(os.environ["JAVA_HOME"], "bin", "java")
        words = ["127.0.0.1", str(source.port), DATABASE, MASTER, PASSWORD, place / "target.duckdb", memory_limit, place]
        self._errors = (place / "log").open("w")
        self._process = subprocess.Popen(
            [java, "-Xmx1g", "-cp", f"{LIBRARIES}/*", PROGRAM, *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self._answers: queue.Queue[list[str]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout:
            words = line.split()
            if words[0] == "marker":
                self.note(int(words[1]), int(words[2]) / 1e6)
            else:
                self._answers.put(words)

    def copy(self, rows: int) -> float:
        """Seconds from the engine's start until all rows are committed."""
        begun = int(self._answers.get(timeout=PATIENCE_SECONDS)[2]) / 1e6
        what, number, micros = self._answers.get(timeout=PATIENCE_SECONDS)
        if what != "copied" or int(number) < rows:
            raise RuntimeError(f"Debezium has {what} {number} where {rows} rows were")
        return int(micros) / 1e6 - begun

    def figures(self) -> tuple[int, ...]:
        """As the source has them."""
        self._process.stdin.write("figures\n")
        self._process.stdin.flush()
        return tuple(int(word) for word in self._answers.get(timeout=PATIENCE_SECONDS)[1:])

    def pid(self) -> int:
        """Its JVM."""
        return self._process.pid

    def close(self) -> None:
        """Ends it at once."""
        self._process.kill()
        self._process.wait()
        self._errors.close()


def _fetch() -> None:
    """Has Maven bring Debezium, once."""
    if not LIBRARIES.exists():
        words = ["./mvnw", "-q", "-f", str(PROJECT), "dependency:copy-dependencies", "-DincludeScope=runtime"]
        subprocess.run([*words, f"-DoutputDirectory={LIBRARIES}"], cwd=ROOT, check=True)
