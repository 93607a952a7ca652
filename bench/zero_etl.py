"""Zero-ETL: from commit to visible, catching up, the first copy, and what it costs, beside Debezium's embedded engine."""

from collections.abc import Callable
from dataclasses import dataclass

import warehouse_engines
from installation import Installation
from spread import median, percentile
from table import Table, Target, targets_table
from zero_etl_followers import Debezium, Follower, Groundplane
from zero_etl_source import LARGE, SMALL, Markers, Source

FOLLOWERS = {"groundplane": "Groundplane", "debezium": "Debezium embedded, DuckDB"}
SITUATIONS = {
    "alone": "nothing else happens",
    "written": "the source is written to, and not followed",
    "applied": "the source is written to, and followed",
}


@dataclass(frozen=True)
class Plan:
    """How much is measured. Rates are row changes a second."""

    rows: int = 1_000_000
    slow: int = 1_000
    fast: int = 20_000
    seconds: int = 20
    burst: int = 500_000
    query_seconds: int = 8


QUICK = Plan(rows=20_000, slow=500, fast=5_000, seconds=2, burst=2_000, query_seconds=1)


def measure(plan: Plan, say: Callable[[str], None]) -> dict:
    """One follower after the other at the same server."""
    installation = Installation()
    try:
        installation.up()
        say(f"making {plan.rows:,} rows")
        source = Source(installation, plan.rows)
        measured = {"rows": plan.rows, "copied_out": source.copied_out(), "queries": {}}
        follower = Groundplane(installation, source)
        try:
            measured["groundplane"] = _follow(source, follower, plan, say)
            say("questions")
            measured["queries"] = _questions(source, follower, plan)
        finally:
            follower.close()
        with source.publication("bench_debezium"):
            follower = Debezium(source, f"{warehouse_engines.MEBIBYTES}MiB")
            try:
                measured["debezium"] = _follow(source, follower, plan, say)
            finally:
                follower.close()
        say("the log alone")
        with source.publication("bench_limit"):
            source.make_slot("bench_limit")
            source.write(plan.burst)
            measured["read"] = plan.burst / source.read_slot("bench_limit")
        return measured
    finally:
        installation.remove()


def _follow(source: Source, follower: Follower, plan: Plan, say: Callable[[str], None]) -> dict:
    name = type(follower).__name__
    say(f"{name}: first copy")
    measured = {"copy_seconds": follower.copy(source.rows)}
    markers = Markers(source)
    try:
        follower.await_marker(markers.write())
        for rate, size in ((plan.slow, SMALL), (plan.fast, LARGE)):
            say(f"{name}: {rate:,} row changes/s for {plan.seconds} s")
            with source.writing(rate, size, plan.seconds):
                numbers = markers.write_for(plan.seconds - 1)
            measured[str(rate)] = [
                1000 * (follower.await_marker(number) - markers.committed[number]) for number in numbers
            ]
        say(f"{name}: a burst of {plan.burst:,} row changes")
        with follower.stopped():
            measured["burst_seconds"] = source.write(plan.burst)
            last = markers.write()
            begun = markers.committed[last]
        measured["caught_up"] = plan.burst / (follower.await_marker(last) - begun)
        if follower.figures() != source.figures():
            raise RuntimeError(f"{name} has {follower.figures()} where the source has {source.figures()}")
        measured["peak_megabytes"] = follower.peak_megabytes()
        return measured
    finally:
        markers.close()


def _questions(source: Source, follower: Groundplane, plan: Plan) -> dict[str, list[float]]:
    """Milliseconds of one question about a table that does not change."""
    follower.make_other_table()
    milliseconds = {"alone": follower.other_seconds(plan.query_seconds)}
    with source.writing(plan.fast, LARGE, plan.query_seconds + 1):
        milliseconds["applied"] = follower.other_seconds(plan.query_seconds)
    follower.drop()
    with source.writing(plan.fast, LARGE, plan.query_seconds + 1):
        milliseconds["written"] = follower.other_seconds(plan.query_seconds)
    return {name: [1000 * one for one in values] for name, values in milliseconds.items()}


def _rates(measured: dict) -> list[str]:
    """The rates at which markers were followed, as text, the slow one first."""
    return [name for name in measured["groundplane"] if name.isdigit()]


def tables(measured: dict) -> list[Table]:
    """What is shown of the figures."""
    return [
        _latency_table(measured),
        _speed_table(measured),
        _queries_table(measured["queries"]),
        targets_table(targets(measured)),
    ]


def _latency_table(measured: dict) -> Table:
    rows = []
    for rate in _rates(measured):
        own = median(measured["groundplane"][rate])
        for name, shown in FOLLOWERS.items():
            values = measured[name][rate]
            figures = (median(values), percentile(values, 99), max(values))
            rows.append((shown, f"{int(rate):,}", *(f"{one:,.0f} ms" for one in figures), f"{figures[0] / own:.1f}x"))
    columns = ("follower", "row changes/s", "p50", "p99", "slowest", "times Groundplane's p50")
    return Table("From commit to visible", columns, rows)


def _speed_table(measured: dict) -> Table:
    limit_copy, limit_read = measured["rows"] / measured["copied_out"], measured["read"]
    rows = []
    for name, shown in FOLLOWERS.items():
        one = measured[name]
        copied = measured["rows"] / one["copy_seconds"]
        rows.append((shown, f"{copied:,.0f}", f"{one['caught_up']:,.0f}", f"{one['peak_megabytes']:,.0f} MB"))
    rows.append(("limit: COPY, pg_recvlogical to nothing", f"{limit_copy:,.0f}", f"{limit_read:,.0f}", ""))
    columns = ("follower", "first copy, rows/s", "catching up, row changes/s", "peak RSS of its process")
    return Table("First copy, and catching up after a burst", columns, rows)


def _queries_table(queries: dict) -> Table:
    alone = median(queries["alone"])
    rows = [
        (shown, f"{median(queries[name]):,.1f} ms", f"{percentile(queries[name], 99):,.1f} ms", f"{median(queries[name]) / alone:.2f}x")
        for name, shown in SITUATIONS.items()
    ]
    return Table("A sum over another table of the warehouse", ("while", "p50", "p99", "times alone"), rows)


def targets(measured: dict) -> list[Target]:
    """What was promised."""
    own = measured["groundplane"]
    slow, fast = _rates(measured)
    return [
        Target.below(f"commit to visible at {int(slow):,}/s, p50", median(own[slow]), 30, "ms"),
        Target.below(f"commit to visible at {int(slow):,}/s, p99", percentile(own[slow], 99), 250, "ms"),
        Target.below(f"commit to visible at {int(fast):,}/s, p99", percentile(own[fast], 99), 1000, "ms"),
        Target.at_least("catching up, row changes/s", own["caught_up"], 40_000, ""),
        Target.at_least("first copy, rows/s", measured["rows"] / own["copy_seconds"], 250_000, ""),
    ]
