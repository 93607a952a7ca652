"""Workers that are killed at any moment while they write: what was committed is there, nothing else is.

The fault is done GROUNDPLANE_FAULT_ROUNDS times (2 unless set); `./groundplane bench soak` sets 100.
"""

import os
import random
import signal
import threading
from collections.abc import Callable

import psycopg

ROUNDS = int(os.environ.get("GROUNDPLANE_FAULT_ROUNDS", "2"))
ROWS = 500  # of a batch
LATEST_KILL_SECONDS = 1.0


class Writer(threading.Thread):
    """Commits batches, one after the other, until its connection breaks."""

    def __init__(self, warehouse, first: int, write: Callable[[psycopg.Connection, int], None]) -> None:
        super().__init__()
        self.connection = warehouse.connect(autocommit=True)
        self.write = write
        self.batch = first
        self.committed: list[int] = []
        self.began = threading.Event()
        self.refused: Exception | None = None

    def run(self) -> None:
        with self.connection:
            try:
                while True:
                    self.write(self.connection, self.batch)
                    self.committed.append(self.batch)
                    self.batch += 1
                    self.began.set()
            except Exception as failure:  # told by the test's own thread
                if not self.connection.broken:  # the worker was not killed, but said no
                    self.refused = failure
            finally:
                self.began.set()


def test_workers_killed_while_they_write_keep_what_was_committed_and_nothing_else(warehouse, bucket, s3, installation):
    exported = installation.exported
    keys = f"ACCESS_KEY_ID '{exported['AWS_ACCESS_KEY_ID']}' SECRET_ACCESS_KEY '{exported['AWS_SECRET_ACCESS_KEY']}'"

    def insert(connection: psycopg.Connection, batch: int) -> None:
        with connection.transaction():
            connection.execute("INSERT INTO inserted SELECT %s, n FROM generate_series(1, %s) AS n", (batch, ROWS // 2))
            connection.execute("INSERT INTO inserted SELECT %s, n FROM generate_series(1, %s) AS n", (batch, ROWS // 2))

    def copy(connection: psycopg.Connection, batch: int) -> None:
        s3.put_object(Bucket=bucket, Key=f"{batch}.csv", Body=f"{batch},1\n" * ROWS)
        connection.execute(f"COPY copied FROM 's3://{bucket}/{batch}.csv' {keys} CSV")

    def checkpoint(connection: psycopg.Connection, _: int) -> None:
        connection.execute("VACUUM inserted")

    made = warehouse.psql("CREATE TABLE inserted(batch INTEGER, n INTEGER); CREATE TABLE copied(batch INTEGER, n INTEGER)")
    assert made.stderr == ""
    committed: dict[str, set[int]] = {"inserted": set(), "copied": set()}
    for turn in range(ROUNDS):
        writers = {"inserted": insert, "copied": copy, "": checkpoint}
        threads = {table: Writer(warehouse, turn * 1_000_000, write) for table, write in writers.items()}
        for thread in threads.values():
            thread.start()
        for thread in threads.values():
            assert thread.began.wait(60), "a writer hangs"
            assert thread.committed, f"a writer commits nothing: {thread.refused}"
        killer = threading.Timer(
            random.uniform(0, LATEST_KILL_SECONDS), os.kill, (warehouse.worker_pid(), signal.SIGKILL)
        )
        killer.start()
        for thread in threads.values():
            thread.join(60)
            assert not thread.is_alive(), "a connection outlives its worker"
            assert thread.refused is None, f"a writer was refused: {thread.refused}"

        for table, known in committed.items():
            known.update(threads[table].committed)
            found = warehouse.psql(f"SELECT batch, count(*) FROM {table} GROUP BY batch")
            assert found.stderr == "", f"round {turn}"
            batches = dict(map(int, line.split("|")) for line in found.stdout.splitlines())
            assert set(batches.values()) == {ROWS}, f"round {turn}: half a batch is in {table}"
            # The answer to the last commit may not have come.
            unanswered = set(batches) - known
            assert unanswered <= {threads[table].batch}, f"round {turn}: {table} has what nobody committed"
            assert known <= set(batches), f"round {turn}: {table} lost {sorted(known - set(batches))}"
            known.update(unanswered)
