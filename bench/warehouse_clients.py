"""Clients: one that fetches many rows, many at once, many that say nothing, and one that wakes the warehouse up."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import usage
from installation import ROOT, Installation
from spread import low_to_high, median, percentile
from table import Table, Target
from waiting import eventually
from warehouses import PASSWORD

PROGRAM = Path(__file__).with_name("JdbcFetch.java")
DRIVER = ROOT / "server" / "target" / "dist" / "lib"
PATIENCE_SECONDS = 600
SERVERS = {"groundplane": "Groundplane", "postgres": "PostgreSQL"}
# One client in ten asks for a sum over a year, the others for one order.
# Of 32 keys in a row TPC-H has the first eight.
POINT = """\\set number random(0, {orders} - 1)
\\set key :number / 8 * 32 + :number % 8 + 1
SELECT o_totalprice, o_orderdate, o_comment FROM orders WHERE o_orderkey = :key;
"""
SUM = """\\set year random(1993, 1997)
SELECT o_orderpriority, count(*), sum(o_totalprice) FROM orders
WHERE o_orderdate >= date ':year-01-01' AND o_orderdate <= date ':year-12-31' GROUP BY o_orderpriority;
"""


def fetch(warehouse, cluster, plan, say: Callable[[str], None]) -> dict[str, list[float]]:
    """Rows per second of PostgreSQL's JDBC driver, which reads every column of every row, from both servers in turns."""
    say(f"fetching {plan.fetched_rows} rows by JDBC")
    java = Path(os.environ["JAVA_HOME"], "bin", "java")
    urls = {
        "groundplane": f"jdbc:postgresql://127.0.0.1:{warehouse.port}/dev?user=admin&password={PASSWORD}&sslmode=disable",
        "postgres": f"{cluster.url}&sslmode=disable",
    }
    (driver,) = DRIVER.glob("postgresql-*.jar")
    words = [java, "-cp", driver, PROGRAM, str(plan.fetched_rows), str(plan.rounds), *urls.values()]
    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{PROGRAM.name} exited {done.returncode}: {done.stderr}")
    rates = {}
    for line in done.stdout.splitlines():
        number, rate = line.split("\t")
        rates.setdefault(list(urls)[int(number)], []).append(float(rate))
    return rates


def fetch_table(rates: dict) -> Table:
    """Both servers."""
    base = median(rates["postgres"])
    rows = [
        (shown, f"{median(rates[name]):,.0f}", low_to_high(rates[name], ",.0f"), f"{median(rates[name]) / base:.2f}x")
        for name, shown in SERVERS.items()
    ]
    return Table("Rows of lineitem by JDBC", ("server", "rows/s, median", "lowest to highest", "times PostgreSQL"), rows)


def mixed(warehouse, cluster, scratch: Path, plan, say: Callable[[str], None]) -> dict[str, list[dict]]:
    """pgbench with many clients, at both servers in turns: statements per second, and milliseconds of the slowest of 100."""
    orders = cluster.rows("SELECT count(*) FROM orders")[0][0]
    directory = scratch / "pgbench"
    directory.mkdir(exist_ok=True)
    (directory / "point.sql").write_text(POINT.format(orders=orders), encoding="utf-8")
    (directory / "sum.sql").write_text(SUM, encoding="utf-8")
    servers = {"groundplane": (warehouse.port, "admin", "dev"), "postgres": (cluster.port, "groundplane", "postgres")}
    found = {name: [] for name in servers}
    for turn in range(plan.rounds):
        for name, (port, user, database) in servers.items():
            say(f"{plan.clients} clients of {name}, round {turn + 1} of {plan.rounds}")
            found[name].append(_pgbench(directory, port, user, database, plan))
    return found


def _pgbench(directory: Path, port: int, user: str, database: str, plan) -> dict[str, float]:
    for old in directory.glob("pgbench_log*"):
        old.unlink()
    words = ["pgbench", "-n", "-h", "127.0.0.1", "-p", str(port), "-U", user, "-c", str(plan.clients), "-j", "2"]
    words += ["-T", str(plan.seconds), "-f", "point.sql@9", "-f", "sum.sql@1", "--log", database]
    environment = {**os.environ, "PGPASSWORD": PASSWORD, "PGSSLMODE": "disable"}
    done = subprocess.run(
        words, cwd=directory, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)} exited {done.returncode}: {done.stderr}")
    microseconds = [int(line.split()[2]) for log in directory.glob("pgbench_log*") for line in log.read_text().splitlines()]
    return {"rate": len(microseconds) / plan.seconds, "p99": percentile(microseconds, 99) / 1000}


def mixed_table(found: dict) -> Table:
    """Both servers."""
    rows = [
        (
            shown,
            f"{median([one['rate'] for one in found[name]]):,.0f}",
            f"{median([one['p99'] for one in found[name]]):,.1f} ms",
        )
        for name, shown in SERVERS.items()
    ]
    return Table("Mixed load by pgbench", ("server", "statements/s, median", "p99, median"), rows)


def idle(installation: Installation, warehouse, plan, say: Callable[[str], None]) -> dict:
    """What connections that say nothing cost the control plane, once they are parked and the worker has gone."""
    say(f"{plan.idle_connections} idle connections")
    pid = installation.status()["pid"]
    for one in _connections(warehouse, plan):  # what logging in costs a control plane once
        one.close()
    before = usage.memory(pid)["rss"]
    connections = _connections(warehouse, plan)
    try:
        eventually(lambda: not warehouse.workers(), "nobody keeps the worker awake", seconds=PATIENCE_SECONDS)
        after = usage.memory(pid)["rss"]
    finally:
        for connection in connections:
            connection.close()
    return {"connections": plan.idle_connections, "kilobytes": (after - before) * 1000 / plan.idle_connections}


def _connections(warehouse, plan) -> list:
    return [warehouse.connect(sslmode="disable") for _ in range(plan.idle_connections)]


def wakes(warehouse, plan, say: Callable[[str], None]) -> list[float]:
    """Seconds of psql for its first row from a workgroup that sleeps."""
    say("waking up")
    seconds = []
    for _ in range(plan.wakes):
        eventually(lambda: not warehouse.workers(), "the worker sleeps", seconds=PATIENCE_SECONDS)
        begun = time.perf_counter()
        answer = warehouse.psql("SELECT 1")
        seconds.append(time.perf_counter() - begun)
        if answer.stdout != "1\n":
            raise RuntimeError(f"psql said {answer}")
    return seconds


def targets(measured: dict) -> list[Target]:
    """What was promised."""
    rates = measured["fetch"]
    return [Target.at_least("rows by JDBC, times PostgreSQL", median(rates["groundplane"]) / median(rates["postgres"]), 0.8, "x")]
