"""A DB cluster whose rows are followed: its tables, who writes to them, and how long its log takes to be read."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
from installation import Installation

MASTER = "boss"
PASSWORD = "Secret1234"
DATABASE = "trades"
# Row changes of a transaction: of the slow load and the burst, and of the fast load.
SMALL, LARGE = 10, 100
TABLES = """
CREATE TABLE account(id bigint PRIMARY KEY, balance bigint, note text);
CREATE TABLE marker(n bigint PRIMARY KEY);
CREATE SEQUENCE opened START {rows} MINVALUE 0;
CREATE SEQUENCE closed START {half};
INSERT INTO account SELECT n, n % 1000, 'an account of customer ' || n || ', opened in branch ' || n % 97
    FROM generate_series(0, {rows} - 1) n;
"""
# A transaction that changes four rows in ten, adds three and removes three, as one message so that the writer costs little.
TRANSACTION = """\\set first random(0, {half} - {changed})
UPDATE account SET balance = balance + 1 WHERE id BETWEEN :first AND :first + {changed} - 1 \\;
INSERT INTO account SELECT nextval('opened'), 0, 'opened while the others were followed' FROM generate_series(1, {added}) \\;
DELETE FROM account a USING (SELECT nextval('closed') AS id FROM generate_series(1, {added})) AS gone WHERE a.id = gone.id;
"""
BANK = {"accounts": "abalance", "tellers": "tbalance", "branches": "bbalance"}
FIGURES = "SELECT count(*), sum(id), sum(balance) FROM {}account"
PATIENCE_SECONDS = 300


class Source:
    """The cluster with its database; rows are closed only in the upper half of those that were there."""

    def __init__(self, installation: Installation, rows: int) -> None:
        rds = installation.client("rds")
        rds.create_db_cluster(
            DBClusterIdentifier="trades",
            Engine="aurora-postgresql",
            DatabaseName=DATABASE,
            MasterUsername=MASTER,
            MasterUserPassword=PASSWORD,
        )
        rds.create_db_instance(
            DBInstanceIdentifier="trades-1",
            DBClusterIdentifier="trades",
            Engine="aurora-postgresql",
            DBInstanceClass="db.r6g.large",
        )
        at_once = {"Delay": 1, "MaxAttempts": 60}
        rds.get_waiter("db_instance_available").wait(DBInstanceIdentifier="trades-1", WaiterConfig=at_once)
        self.described = rds.describe_db_clusters(DBClusterIdentifier="trades")["DBClusters"][0]
        self.rows = rows
        self.directory = installation.scratch
        for size in (SMALL, LARGE):
            script = TRANSACTION.format(half=rows // 2, changed=size * 4 // 10, added=size * 3 // 10)
            self._script(size).write_text(script, encoding="utf-8")
        with self.connect() as connection:
            connection.execute(TABLES.format(rows=rows, half=rows // 2))
            connection.execute("ANALYZE")
            connection.execute("CHECKPOINT")

    def _script(self, size: int) -> Path:
        return self.directory / f"transaction-{size}.sql"

    @property
    def port(self) -> int:
        """Where its server listens, on loopback."""
        return self.described["Port"]

    def connect(self) -> psycopg.Connection:
        """A session of the master user."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=MASTER, password=PASSWORD, dbname=DATABASE, autocommit=True
        )

    def figures(self) -> tuple[int, ...]:
        """What a follower must have of table account."""
        with self.connect() as connection:
            return tuple(int(number) for number in connection.execute(FIGURES.format("")).fetchone())

    def write(self, changes: int) -> float:
        """So many row changes, as fast as they can be; seconds that took."""
        clients = 2
        begun = time.perf_counter()
        words = ["-c", str(clients), "-j", "1", "-t", str(changes // SMALL // clients)]
        self._pgbench(["-n", "-f", self._script(SMALL), *words]).check_returncode()
        return time.perf_counter() - begun

    def writing(self, changes_per_second: int, size: int, seconds: float) -> AbstractContextManager[None]:
        """Row changes at an even rate meanwhile, in transactions of `size` each."""
        return self._transacting(["-n", "-f", self._script(size)], changes_per_second // size, seconds)

    def make_bank(self, scale: int) -> None:
        """pgbench's own tables, with 100,000 accounts for each unit of the scale."""
        self._pgbench(["-i", "-q", "-s", str(scale)]).check_returncode()

    def banking(self, transactions_per_second: int, seconds: float) -> AbstractContextManager[None]:
        """pgbench's own transactions at an even rate meanwhile, each of which changes three rows and adds one."""
        return self._transacting(["-n"], transactions_per_second, seconds)

    def bank(self) -> list[tuple[int, ...]]:
        """What a follower must have of the bank."""
        with self.connect() as connection:
            return sums(connection, "")

    @contextmanager
    def _transacting(self, words: list, transactions_per_second: int, seconds: float) -> Iterator[None]:
        words = [*words, "-c", "2", "-j", "1", "-R", str(transactions_per_second), "-T", str(int(seconds) or 1)]
        results = []
        thread = threading.Thread(target=lambda: results.append(self._pgbench(words)))
        thread.start()
        try:
            yield
        finally:
            thread.join()
        results[0].check_returncode()
        done = next(line for line in results[0].stdout.splitlines() if line.startswith("number of transactions"))
        number = int(done.split(":")[1].split("/")[0])
        if number < 0.7 * transactions_per_second * int(seconds):
            raise RuntimeError(f"{number} transactions where {transactions_per_second}/s were wanted: {done}")

    def _pgbench(self, words: list) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["pgbench", "-h", "127.0.0.1", "-p", str(self.port), "-U", MASTER, *words, DATABASE],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    def kept_megabytes(self) -> float:
        """How much log it keeps for whoever follows."""
        query = "SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)) FROM pg_replication_slots"
        with self.connect() as connection:
            return float(connection.execute(query).fetchone()[0]) / 1e6

    def environment(self) -> dict[str, str]:
        """For PostgreSQL's programs. The writer does not wait for the disk, which is not what is measured."""
        return {**os.environ, "PGPASSWORD": PASSWORD, "PGOPTIONS": "-c synchronous_commit=off"}

    def copied_out(self) -> float:
        """Seconds of COPY of all rows into nothing: the limit of what loads them."""
        begun = time.perf_counter()
        command = ["psql", "-X", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", MASTER, "-d", DATABASE]
        subprocess.run(
            [*command, "-c", "COPY account TO STDOUT"],
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=PATIENCE_SECONDS,
        )
        return time.perf_counter() - begun

    @contextmanager
    def publication(self, name: str) -> Iterator[None]:
        """A publication of both tables and a slot of the same name, which has all changes from now on."""
        with self.connect() as connection:
            connection.execute(f"CREATE PUBLICATION {name} FOR TABLE account, marker")
            try:
                yield
            finally:
                connection.execute(
                    f"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '{name}'"
                )
                connection.execute(f"DROP PUBLICATION {name}")

    def make_slot(self, name: str) -> None:
        """A slot that has all changes from now on."""
        with self.connect() as connection:
            connection.execute(f"SELECT pg_create_logical_replication_slot('{name}', 'pgoutput')")

    def read_slot(self, name: str) -> float:
        """Seconds of pg_recvlogical for all that a slot has, into nothing: the limit of what follows."""
        with self.connect() as connection:
            end = connection.execute("SELECT pg_current_wal_lsn()").fetchone()[0]
            connection.execute("INSERT INTO marker VALUES (-1); DELETE FROM marker WHERE n = -1")  # there is more than the end
        begun = time.perf_counter()
        command = ["pg_recvlogical", "-h", "127.0.0.1", "-p", str(self.port), "-U", MASTER, "-d", DATABASE, "--slot", name]
        options = ["-o", "proto_version=1", "-o", f"publication_names={name}", "--endpos", end, "--no-loop"]
        subprocess.run(
            [*command, "--start", *options, "-f", "/dev/null"],
            env={**os.environ, "PGPASSWORD": PASSWORD},
            check=True,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
        )
        return time.perf_counter() - begun


class Markers:
    """Rows with numbers that grow, and when each was committed."""

    def __init__(self, source: Source) -> None:
        self._connection = source.connect()
        self._number = 0
        self.committed: dict[int, float] = {}

    def write(self) -> int:
        """One more."""
        self._number += 1
        self._connection.execute("INSERT INTO marker VALUES (%s)", [self._number])
        self.committed[self._number] = time.time()
        return self._number

    def write_for(self, seconds: float, pause: float = 0.02) -> list[int]:
        """One after each pause, whether the last one is seen or not."""
        end = time.monotonic() + seconds
        numbers = []
        while time.monotonic() < end:
            numbers.append(self.write())
            time.sleep(pause)
        return numbers

    def close(self) -> None:
        """Ends its session; the next one begins again."""
        self._connection.execute("TRUNCATE marker")
        self._connection.close()


def sums(connection: psycopg.Connection, schema: str) -> list[tuple[int, ...]]:
    """The rows and the balance of each of the bank's tables, as either side has them."""
    queries = [f"SELECT count(*), sum({balance}) FROM {schema}pgbench_{table}" for table, balance in BANK.items()]
    return [tuple(int(number) for number in connection.execute(query).fetchone()) for query in queries]


def directory(path: Path) -> Path:
    """A directory, made if it is not there."""
    path.mkdir(exist_ok=True)
    return path
