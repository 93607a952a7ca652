"""The warehouse: TPC-H, rows fetched by JDBC, COPY, waking up, and many clients, beside PostgreSQL and its own engine."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import tpch
import warehouse_clients
import warehouse_copy
import warehouse_engines
from installation import Installation
from postgres import BINARIES
from spread import low_to_high, median
from table import Table, Target, targets_table
from waiting import eventually

RECOVERY_POINT_SECONDS = 600
ENGINES = {"groundplane": "Groundplane", "duckdb": "DuckDB in process", "postgres": "PostgreSQL"}


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int = 3
    scale: float = 1
    fetched_rows: int = 1_000_000
    copy_scale: float = 1.4
    wakes: int = 10
    idle_connections: int = 1000
    clients: int = 50
    seconds: int = 20


QUICK = Plan(rounds=1, scale=0.01, fetched_rows=10_000, copy_scale=0.01, wakes=1, idle_connections=20, clients=4, seconds=2)


def measure(plan: Plan, say: Callable[[str], None]) -> dict:
    """Each part by turns of all that is compared; the servers stand side by side and have nothing else to do."""
    if BINARIES is None:
        raise SystemExit("PostgreSQL is missing; Debian, Ubuntu: apt-get install postgresql")
    installation = Installation()
    try:
        installation.up()
        directory = installation.scratch / "tpch"
        say(f"making TPC-H's data at scale {plan.scale:g}")
        for form in ("csv", "parquet"):
            tpch.generate(directory, plan.scale, form)
        say("loading it")
        with (
            warehouse_engines.groundplane(installation, directory) as warehouse,
            warehouse_engines.postgres(directory) as cluster,
            warehouse_engines.in_process(installation.scratch / "tpch.duckdb", directory) as engine,
        ):
            if plan.scale >= 1:
                say("waiting for the first recovery point, which copies all; the next comes half an hour later")
                eventually(warehouse.recovery_points, "there is a recovery point", seconds=RECOVERY_POINT_SECONDS)
            measured = {
                "seconds": _questions(warehouse, cluster, engine, plan, say),
                "fetch": warehouse_clients.fetch(warehouse, cluster, plan, say),
                "copy": warehouse_copy.measure(installation, warehouse, plan, say),
                "mixed": warehouse_clients.mixed(warehouse, cluster, installation.scratch, plan, say),
            }
            # Before, a client that waits for another server's answer would be put aside.
            installation.down()
            installation.up("--warehouse-sleeps-after", "3s")
            return {
                **measured,
                "idle": warehouse_clients.idle(installation, warehouse, plan, say),
                "wakes": warehouse_clients.wakes(warehouse, plan, say),
            }
    finally:
        installation.remove()


def _questions(warehouse, cluster, engine, plan: Plan, say: Callable[[str], None]) -> dict[str, dict[str, list[float]]]:
    """Seconds of each question at each engine, all rows fetched. The first round warms up and is not kept."""
    seconds = {name: {} for name in ENGINES}
    with warehouse.connect(autocommit=True, sslmode="disable") as served, warehouse_engines.connect(cluster) as relational:
        connections = {"groundplane": served, "duckdb": engine, "postgres": relational}
        for turn in range(plan.rounds + 1):
            say(f"questions, {f'round {turn} of {plan.rounds}' if turn else 'to warm up'}")
            for number, sql in tpch.questions().items():
                found = {}
                for name, connection in connections.items():
                    begun = time.perf_counter()
                    found[name] = len(connection.execute(sql).fetchall())
                    if turn:
                        seconds[name].setdefault(str(number), []).append(time.perf_counter() - begun)
                if len(set(found.values())) > 1:
                    raise RuntimeError(f"question {number} has {found} rows")
    return seconds


def tables(measured: dict) -> list[Table]:
    """What is shown of the figures."""
    return [
        _questions_table(measured["seconds"]),
        warehouse_clients.fetch_table(measured["fetch"]),
        warehouse_copy.table(measured["copy"]),
        warehouse_clients.mixed_table(measured["mixed"]),
        _rest_table(measured),
        targets_table(targets(measured)),
    ]


def _questions_table(seconds: dict) -> Table:
    rows = []
    for number in seconds["groundplane"]:
        middle = {name: median(seconds[name][number]) * 1000 for name in ENGINES}
        rows.append((number, *(f"{middle[name]:,.1f}" for name in ENGINES), *_times(middle)))
    means = {name: _geometric_mean(seconds[name]) * 1000 for name in ENGINES}
    rows.append(("geometric mean", *(f"{means[name]:,.1f}" for name in ENGINES), *_times(means)))
    columns = ("question", *(f"{shown}, ms" for shown in ENGINES.values()), "times DuckDB", "PostgreSQL's times it")
    return Table("TPC-H, medians", columns, rows)


def _times(milliseconds: dict[str, float]) -> tuple[str, str]:
    own = milliseconds["groundplane"]
    return f"{own / milliseconds['duckdb']:.2f}x", f"{milliseconds['postgres'] / own:.1f}x"


def _geometric_mean(seconds: dict[str, list[float]]) -> float:
    return statistics.geometric_mean(median(values) for values in seconds.values())


def _rest_table(measured: dict) -> Table:
    wakes, idle = measured["wakes"], measured["idle"]
    rows = [
        ("psql from asleep to first row, median", f"{median(wakes):.2f} s", low_to_high(wakes, ".2f")),
        (f"memory of {idle['connections']} idle connections at the control plane", f"{idle['kilobytes']:.0f} KB each", ""),
    ]
    return Table("Asleep and idle", ("what", "figure", "lowest to highest"), rows)


def targets(measured: dict) -> list[Target]:
    """What was promised."""
    means = {name: _geometric_mean(measured["seconds"][name]) for name in ENGINES}
    return [
        Target.at_least("TPC-H, PostgreSQL's time to Groundplane's", means["postgres"] / means["groundplane"], 10, "x"),
        Target.below("TPC-H, Groundplane's time to DuckDB's in process", means["groundplane"] / means["duckdb"], 1.1, "x"),
        *warehouse_clients.targets(measured),
        *warehouse_copy.targets(measured["copy"]),
        Target.below("from asleep to first row", median(measured["wakes"]), 1.0, "s"),
    ]
