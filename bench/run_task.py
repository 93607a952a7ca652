"""From RunTask to the task's process, beside the same command started directly; and launches per second."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import durable_write
import signed
import sustained
from ecs_tasks import register, until_stopped
from installation import Installation
from spread import median, percentile
from table import Table, Target, targets_table

SCRIPT = 'date +%s%N >"$OUT"'
COMMAND = ["/bin/sh", "-c", SCRIPT]
IN_NAMESPACES = ["unshare", "--pid", "--fork", "--mount", "--mount-proc", "--kill-child=KILL", *COMMAND]
PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    launches: int = 200
    warm_ups: int = 20
    sustained_launches: int = 296
    threads: int = 8


QUICK = Plan(launches=10, warm_ups=3, sustained_launches=24)


def measure(plan: Plan, say: Callable[[str], None]) -> dict:
    """One launch after the other, each followed by the same command started directly; then many at once."""
    installation = Installation()
    try:
        installation.up()
        launcher = Launcher(installation)
        direct = {"direct": COMMAND}
        if _works(IN_NAMESPACES, installation.scratch):
            direct["in_namespaces"] = IN_NAMESPACES
        launches, writes = [], []
        for number in range(plan.warm_ups + plan.launches):
            if number % 50 == 0:
                say(f"launch {number} of {plan.warm_ups} + {plan.launches}")
            out = installation.scratch / str(number)
            launch = {
                **launcher.launch(out.with_suffix(".task")),
                **{name: _spawn(command, out.with_suffix(f".{name}")) for name, command in direct.items()},
            }
            write = durable_write.seconds(installation.data / "bench")
            if number >= plan.warm_ups:
                launches.append(launch)
                writes.append(write)
        launcher.close()
        say(f"{plan.sustained_launches} launches by {plan.threads} threads")
        many = sustained.measure(installation, plan.sustained_launches, plan.threads)
        return {"launches": launches, "durable_writes": writes, "sustained": many}
    finally:
        installation.remove()


class Launcher:
    """Launches a task that writes down the time at which its command runs."""

    def __init__(self, installation: Installation) -> None:
        self._ecs = installation.client("ecs")
        self._task_definition = register(self._ecs, "bench-launch", COMMAND)
        self._signer = signed.Signer(installation.endpoint, installation.exported)
        self._connection = signed.Connection(installation.endpoint)

    def launch(self, out: Path) -> dict[str, float]:
        """Runs one task to its end. Seconds: `call`, the answer to RunTask; `accepted`, from that answer until the
        command runs, and `asked`, from the sending of the call; `stopped`, from the answer until ECS says STOPPED.
        """
        environment = [{"name": "OUT", "value": str(out)}]
        overrides = {"containerOverrides": [{"name": "main", "environment": environment}]}
        request = self._signer.ecs(
            "RunTask", {"taskDefinition": self._task_definition, "launchType": "EXTERNAL", "overrides": overrides}
        )
        asked = time.time_ns()
        answer = self._connection.answer(request)
        accepted = time.time_ns()
        if answer["failures"]:
            raise RuntimeError(f"RunTask placed nothing: {answer['failures']}")
        started = _written_time(out)
        until_stopped(self._ecs, [answer["tasks"][0]["taskArn"]], PATIENCE_SECONDS, pause_seconds=0.02)
        stopped = time.time_ns()
        return {
            "call": (accepted - asked) / 1e9,
            "accepted": (started - accepted) / 1e9,
            "asked": (started - asked) / 1e9,
            "stopped": (stopped - accepted) / 1e9,
        }

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()


def _written_time(out: Path) -> int:
    """The time that the command wrote, in nanoseconds since 1970; waits for it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        text = out.read_text(encoding="ascii") if out.exists() else ""
        if text.endswith("\n"):
            return int(text)
        if time.monotonic() > deadline:
            raise RuntimeError(f"the command did not write {out} within {PATIENCE_SECONDS} s")
        time.sleep(0.001)


def _spawn(command: list[str], out: Path) -> float:
    """Seconds from before the command is started by this process until it runs."""
    begun = time.time_ns()
    subprocess.run(command, env={"PATH": "/usr/bin:/bin", "OUT": str(out)}, check=True, timeout=PATIENCE_SECONDS)
    return (_written_time(out) - begun) / 1e9


def _works(command: list[str], scratch: Path) -> bool:
    try:
        _spawn(command, scratch / "works")
        return True
    except (OSError, subprocess.CalledProcessError):
        return False


def tables(measured: dict) -> list[Table]:
    """What is shown of the figures."""
    return [_times(measured), sustained.table(measured["sustained"]), targets_table(targets(measured))]


def targets(measured: dict) -> list[Target]:
    """What was promised."""
    return [Target.below("RunTask accepted to process running, median", median(_ms(measured, "accepted")), 25, "ms")]


def _ms(measured: dict, name: str) -> list[float]:
    return [one[name] * 1e3 for one in measured["launches"] if name in one]


def _times(measured: dict) -> Table:
    shown = {
        "RunTask accepted to process running": _ms(measured, "accepted"),
        "RunTask sent to process running": _ms(measured, "asked"),
        "RunTask sent to answered": _ms(measured, "call"),
        "RunTask accepted to STOPPED reported": _ms(measured, "stopped"),
        "limit: the same command, started directly": _ms(measured, "direct"),
        "limit: and in namespaces of its own (unshare)": _ms(measured, "in_namespaces"),
        "limit: 4 KiB written and flushed to disk": [one * 1e3 for one in measured["durable_writes"]],
    }
    rows = [
        (what, *(f"{figure:.2f} ms" for figure in (median(values), percentile(values, 95), percentile(values, 99))))
        for what, values in shown.items()
        if values
    ]
    return Table("One launch after the other", ("from, to", "median", "p95", "p99"), rows)
