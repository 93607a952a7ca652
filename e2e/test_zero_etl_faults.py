"""A source, what follows it and the control plane, killed at any moment under load: afterwards the rows are the source's.

Each round kills the next of them; there are GROUNDPLANE_FAULT_ROUNDS rounds (3 unless set); `./groundplane bench soak` sets 100.
"""

import itertools
import os
import random
import signal
import threading
import time

import psycopg
from test_zero_etl import Cluster, active_integration, worker
from waiting import eventually
from warehouses import Warehouse

ROUNDS = int(os.environ.get("GROUNDPLANE_FAULT_ROUNDS", "3"))
LATEST_KILL_SECONDS = 2.0
ACCOUNTS = 500
CHECKSUM = "SELECT count(*), coalesce(sum(id), 0), coalesce(sum(n), 0), md5(string_agg(id || ':' || n || note, ',' ORDER BY id))"


class Writer(threading.Thread):
    """Changes rows in small transactions until it is told to end, however often the source is away."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(daemon=True)
        self.cluster = cluster
        self.ends = threading.Event()
        self.committed = 0

    def run(self) -> None:
        while not self.ends.is_set():
            try:
                with self.cluster.connect() as connection:
                    self._write(connection)
            except psycopg.OperationalError:  # the server was killed
                time.sleep(0.1)

    def _write(self, connection: psycopg.Connection) -> None:
        while not self.ends.is_set():
            key = random.randrange(ACCOUNTS)
            with connection.transaction():
                connection.execute("UPDATE account SET n = n + 1 WHERE id %% 50 = %s", (key % 50,))
                connection.execute("DELETE FROM account WHERE id = %s", (key,))
                connection.execute(
                    "INSERT INTO account VALUES (%s, 1, 'anew') ON CONFLICT (id) DO UPDATE SET n = account.n + 1",
                    (key + random.randrange(2) * ACCOUNTS,),
                )
            self.committed += 1


def test_a_kill_of_any_part_leaves_the_same_rows(own_installation):
    cluster, warehouse = Cluster(own_installation), Warehouse(own_installation)

    def control_plane() -> int:
        return own_installation.status()["pid"]

    parts = itertools.cycle([warehouse.worker_pid, cluster.server, control_plane])
    integration = active_integration(cluster, warehouse)
    with cluster.connect() as source, warehouse.connect(autocommit=True) as target:
        source.execute("CREATE TABLE account(id int PRIMARY KEY, n int, note text)")
        target.execute(f"CREATE DATABASE followed FROM INTEGRATION '{integration}' DATABASE 'trades'")
    for turn in range(ROUNDS):
        writer = Writer(cluster)
        writer.start()
        eventually(lambda: writer.committed, f"round {turn}: something was written")
        eventually(lambda: worker(warehouse), "the changes woke a worker")
        part = next(parts)
        victim = part()
        time.sleep(random.uniform(0, LATEST_KILL_SECONDS))
        os.kill(victim, signal.SIGKILL)
        time.sleep(random.uniform(0, LATEST_KILL_SECONDS))
        if part is control_plane:  # which nobody else starts again
            own_installation.up()
        writer.ends.set()
        writer.join(60)
        assert not writer.is_alive(), f"round {turn}: the writer hangs"
        eventually(lambda: same(cluster, warehouse), f"round {turn}: the rows are the same", seconds=240, pause=0.2)


def same(cluster: Cluster, warehouse: Warehouse) -> bool:
    try:
        with cluster.connect() as source, warehouse.connect(autocommit=True) as target:
            expected = source.execute(f"{CHECKSUM} FROM account").fetchone()
            found = target.execute(
                "SELECT count(*), coalesce(sum(id), 0), coalesce(sum(n), 0),"
                " md5(listagg(id || ':' || n || note, ',') WITHIN GROUP (ORDER BY id)) FROM followed.public.account"
            ).fetchone()
            return tuple(map(str, expected)) == tuple(map(str, found))
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable):
        return False
