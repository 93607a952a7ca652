"""Runs benchmarks, prints their tables and keeps their figures in results/."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

import agents
import auto_copy
import container_start
import launches
import list_clusters
import machine
import policy
import run_task
import s3
import start
import store
import warehouse
import zero_etl
import zero_etl_steady

BENCHMARKS = {
    "list-clusters": list_clusters,
    "start": start,
    "run-task": run_task,
    "launches": launches,
    "container-start": container_start,
    "agents": agents,
    "store": store,
    "policy": policy,
    "s3": s3,
    "warehouse": warehouse,
    "zero-etl": zero_etl,
    "zero-etl-steady": zero_etl_steady,
    "auto-copy": auto_copy,
}
RESULTS = Path(__file__).with_name("results")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="./groundplane bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(BENCHMARKS)}; all when none is named")
    parser.add_argument("--quick", action="store_true", help="a few tiny rounds, to see that it works; nothing is kept")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    for name in arguments.names or BENCHMARKS:
        run(name, arguments.quick)


def run(name: str, quick: bool) -> None:
    """Measures one benchmark, and keeps the figures unless it was a quick one."""
    benchmark = BENCHMARKS[name]
    plan = benchmark.QUICK if quick else benchmark.Plan()
    described = machine.describe()
    measured = benchmark.measure(plan, lambda text: print(f"{name}: {text}", file=sys.stderr))
    for table in benchmark.tables(measured):
        print(f"\n{table}")
    if not quick:
        RESULTS.mkdir(exist_ok=True)
        result = {"benchmark": name, "machine": described, "plan": asdict(plan), "measured": measured}
        file = RESULTS / f"{name}.json"
        file.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
        print(f"\nfigures: {file}")


if __name__ == "__main__":
    main()
