"""Calls per second with each kind of store: SQLite, PostgreSQL, and two control planes on one PostgreSQL database."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import load
import signed
from installation import Installation
from postgres import BINARIES, PostgresCluster
from spread import low_to_high, median
from table import Table

CONNECTIONS = (1, 16)
STORES = {
    "SQLite": "sqlite",
    "PostgreSQL": "postgres",
    "PostgreSQL, two control planes": "replicas",
}


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int = 3
    seconds: int = 5
    warm_up_seconds: int = 15


QUICK = Plan(rounds=1, seconds=1, warm_up_seconds=2)


def measure(plan: Plan, say: Callable[[str], None]) -> dict:
    """All stores run side by side and are measured in turns."""
    load.require_wrk()
    if BINARIES is None:
        raise SystemExit("PostgreSQL is missing; Debian, Ubuntu: apt-get install postgresql")
    with ExitStack() as stack:
        cluster = PostgresCluster()
        stack.callback(cluster.remove)
        stores = {
            "sqlite": [stack.enter_context(_installation())],
            "postgres": [stack.enter_context(_installation("--database", cluster.database("one")))],
        }
        first = stack.enter_context(_installation("--database", cluster.database("two")))
        shared = ("--secret-key-file", str(first.data / "secret.key"), "--objects", str(first.data / "s3"))
        stores["replicas"] = [
            first,
            stack.enter_context(_installation("--database", cluster.database("two"), *shared)),
        ]
        for name, installations in stores.items():
            say(f"warming up {name}")
            for kind in ("write", "read"):
                _rate(installations, kind, max(CONNECTIONS), plan.warm_up_seconds)
        rates: dict[str, list[float]] = {}
        for turn in range(plan.rounds):
            say(f"round {turn + 1} of {plan.rounds}")
            for kind in ("write", "read"):
                for connections in CONNECTIONS:
                    for name, installations in stores.items():
                        rate = _rate(installations, kind, connections, plan.seconds)
                        rates.setdefault(f"{kind} {connections} {name}", []).append(rate)
        return {"rates": rates}


@contextmanager
def _installation(*options: str) -> Iterator[Installation]:
    installation = Installation()
    try:
        installation.up(*options)
        yield installation
    finally:
        installation.remove()


def _rate(installations: list[Installation], kind: str, connections: int, seconds: int) -> float:
    """Calls per second of all control planes together, which share the connections."""
    shares = installations[:connections]
    requests = [_request(one, kind) for one in shares]
    with ThreadPoolExecutor() as threads:
        results = threads.map(lambda one: load.replay(one, connections // len(shares), seconds), requests)
        return sum(result["rate"] for result in results)


def _request(installation: Installation, kind: str) -> signed.Request:
    signer = signed.Signer(installation.endpoint, installation.exported)
    if kind == "read":
        return signer.ecs("ListClusters", {})
    account = installation.client("sts").get_caller_identity()["Account"]
    arn = f"arn:aws:ecs:us-east-1:{account}:cluster/default"
    return signer.ecs("TagResource", {"resourceArn": arn, "tags": [{"key": "bench", "value": "store"}]})


def tables(measured: dict) -> list[Table]:
    """What is shown of the figures."""
    rows = []
    for kind, what in (("write", "TagResource"), ("read", "ListClusters")):
        for connections in CONNECTIONS:
            for shown, name in STORES.items():
                rates = measured["rates"][f"{kind} {connections} {name}"]
                rows.append((f"{what}, {shown}", str(connections), f"{median(rates):,.0f}", low_to_high(rates, ",.0f")))
    return [Table("Signed calls", ("call, store", "connections", "calls/s, median", "lowest to highest"), rows)]
