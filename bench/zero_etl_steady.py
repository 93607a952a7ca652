"""Zero-ETL under half an hour of pgbench: whether lag, memory, and what both sides keep on disk stay as they are."""

from collections.abc import Callable
from dataclasses import dataclass

import usage
from installation import Installation
from spread import median, percentile
from table import Table, Target, targets_table
from zero_etl_followers import Groundplane
from zero_etl_source import Markers, Source

MARKER_PAUSE_SECONDS = 0.1
ROWS = 1_000
PARTS = 6


@dataclass(frozen=True)
class Plan:
    """How much is measured: so many samples of so many seconds; transactions are those of a second."""

    samples: int = 30
    sample_seconds: int = 60
    transactions: int = 330
    scale: int = 10


QUICK = Plan(samples=6, sample_seconds=2, transactions=50, scale=1)


def measure(plan: Plan, say: Callable[[str], None]) -> dict:
    """One installation for all of the time."""
    installation = Installation()
    try:
        installation.up()
        source = Source(installation, ROWS)
        source.make_bank(plan.scale)
        follower = Groundplane(installation, source)
        try:
            follower.copy(ROWS)
            follower.await_bank(source.bank())
            markers = Markers(source)
            samples = []
            for number in range(1, plan.samples + 1):
                samples.append(_sample(plan, installation, source, follower, markers))
                say(f"{number} of {plan.samples}: " + ", ".join(f"{name} {value:.1f}" for name, value in samples[-1].items()))
            follower.await_bank(source.bank())
            markers.close()
        finally:
            follower.close()
        return {"sample_seconds": plan.sample_seconds, "samples": samples}
    finally:
        installation.remove()


def _sample(plan: Plan, installation: Installation, source: Source, follower: Groundplane, markers: Markers) -> dict:
    """Lags in milliseconds, the rest in MB."""
    with source.banking(plan.transactions, plan.sample_seconds):
        numbers = markers.write_for(plan.sample_seconds - 1, MARKER_PAUSE_SECONDS)
        kept = source.kept_megabytes()
    lags = [1000 * (follower.await_marker(number) - markers.committed[number]) for number in numbers]
    return {
        "p50": median(lags),
        "p99": percentile(lags, 99),
        "worker": usage.memory(follower.pid())["rss"],
        "control_plane": usage.memory(installation.status()["pid"])["rss"],
        "kept": kept,
        "files": follower.file_megabytes(),
    }


def _parts(measured: dict) -> list[list[dict]]:
    """The samples in their order, in parts of the same size."""
    samples = measured["samples"]
    size = len(samples) // PARTS
    return [samples[begin : begin + size] for begin in range(0, size * PARTS, size)]


def tables(measured: dict) -> list[Table]:
    """What is shown of the figures."""
    rows, seconds = [], 0
    for part in _parts(measured):
        seconds += len(part) * measured["sample_seconds"]
        lag = f"{_middle(part, 'p50'):,.0f} ms", f"{_middle(part, 'p99'):,.0f} ms"
        sizes = (f"{max(one[name] for one in part):,.1f} MB" for name in ("worker", "control_plane", "kept", "files"))
        rows.append((f"{seconds / 60:.0f} min", *lag, *sizes))
    columns = (
        "until", "lag, p50", "lag, p99", "worker's RSS", "control plane's RSS", "log kept at the source", "warehouse's files"
    )
    return [Table("Lag, the most memory, and the most on disk", columns, rows), targets_table(targets(measured))]


def _middle(part: list[dict], name: str) -> float:
    return median([one[name] for one in part])


def targets(measured: dict) -> list[Target]:
    """What was promised; the first part is for warming up."""
    parts = _parts(measured)
    second, last = parts[1], parts[-1]
    growth = {name: _middle(last, name) / _middle(second, name) for name in ("p50", "worker", "control_plane", "files")}
    return [
        Target.below("lag's p50, last part by second", growth["p50"], 1.25, "x"),
        Target.below("worker's RSS, last part by second", growth["worker"], 1.1, "x"),
        Target.below("control plane's RSS, last part by second", growth["control_plane"], 1.1, "x"),
        Target.below("warehouse's files, last part by second", growth["files"], 1.5, "x"),
        Target.below("log kept at the source, at most", max(one["kept"] for one in measured["samples"]), 64, "MB"),
    ]
