"""One decision against the policies of somebody who has fifty of them, in the process that decides."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from installation import ROOT
from spread import low_to_high, median
from table import Table, Target, targets_table

PROGRAM = Path(__file__).with_name("PolicyDecisions.java")
JAR = ROOT / "server" / "target" / "dist" / "groundplane-server.jar"
PATIENCE_SECONDS = 600


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    policies: int = 50
    rounds: int = 20
    decisions: int = 20_000
    warm_ups: int = 10


QUICK = Plan(rounds=2, decisions=2_000, warm_ups=1)


def measure(plan: Plan, say: Callable[[str], None]) -> dict:
    """Rounds of many decisions of each case, the cases by turns."""
    say(f"{plan.warm_ups} + {plan.rounds} rounds of {plan.decisions} decisions of each case")
    java = Path(os.environ["JAVA_HOME"], "bin", "java")
    numbers = [str(number) for number in (plan.policies, plan.rounds, plan.decisions, plan.warm_ups)]
    done = subprocess.run(
        [java, "-cp", JAR, PROGRAM, *numbers], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{PROGRAM.name} exited {done.returncode}: {done.stderr}")
    cases: dict[str, list[float]] = {}
    for line in done.stdout.splitlines():
        name, _, nanoseconds = line.partition("\t")
        cases.setdefault(name, []).append(int(nanoseconds) / 1000)
    return {"policies": plan.policies, "microseconds": cases}


def tables(measured: dict) -> list[Table]:
    """What is shown of the figures."""
    rows = [
        (name, f"{median(values):.1f} µs", low_to_high(values, ".1f"))
        for name, values in measured["microseconds"].items()
    ]
    title = f"One decision against {measured['policies']} policies"
    return [Table(title, ("case", "median", "lowest to highest"), rows), targets_table(targets(measured))]


def targets(measured: dict) -> list[Target]:
    """What was promised: no case is felt beside the signature, which costs more."""
    slowest = max(median(values) for values in measured["microseconds"].values())
    return [Target.below("the slowest case", slowest, 50, "µs")]
