"""How many short tasks per second one control plane and a few agents launch, and what that costs in processor time."""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import usage
from ecs_tasks import until_stopped
from further_agents import FurtherAgents
from installation import Installation
from spread import median
from table import Table, Target, targets_table

AT_ONCE = 10  # RunTask's limit
GROUP = "bench-launches"
PATIENCE_SECONDS = 300
# Says which task it is: the last part but one of its home directory is the task's id.
SCRIPT = 'echo "$HOME" >>"$RAN"; echo "$HOME"; exec sleep 1'
# What an agent does with a task as a process, and nothing else.
BARE = [
    "setsid",
    *("unshare", "--pid", "--fork", "--mount", "--mount-proc", "--kill-child=KILL"),
    *("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"),
    *("/bin/sh", "-c", SCRIPT),
]


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    agents: int = 4
    rounds: int = 3
    tasks: int = 1000
    warm_ups: int = 2000
    threads: int = 4


QUICK = Plan(agents=2, rounds=1, tasks=40, warm_ups=20)


def measure(plan: Plan, say: Callable[[str], None]) -> dict:
    """Rounds of tasks, each followed by the same number of the same processes without Groundplane."""
    installation = Installation()
    try:
        installation.up()
        further = FurtherAgents(installation, plan.agents - 1)
        try:
            fleet = Fleet(installation, further, plan.threads)
            say(f"{plan.warm_ups} tasks to warm up")
            first = fleet.run(plan.warm_ups)
            rounds, bare = [], []
            for number in range(plan.rounds):
                say(f"round {number + 1} of {plan.rounds}: {plan.tasks} tasks")
                rounds.append(fleet.run(plan.tasks))
                bare.append(_bare(plan.tasks, installation.scratch))
        finally:
            further.stop()
        return {"cold": first, "rounds": rounds, "bare": bare}
    finally:
        installation.remove()


class Fleet:
    """The control plane and all agents, with a task that logs one line and then sleeps for a second."""

    def __init__(self, installation: Installation, further: FurtherAgents, threads: int) -> None:
        self._scratch = installation.scratch
        self._threads = threads
        self._ecs = installation.client("ecs")
        self._logs = installation.client("logs")
        status = installation.status()
        self._control_plane = status["pid"]
        self._agents = [status["agentPid"], *further.pids]
        self._logs.create_log_group(logGroupName=GROUP)
        self._runs = 0

    def run(self, tasks: int) -> dict[str, float]:
        """Runs tasks to their ends. Raises RuntimeError when one failed, was lost, or ran twice."""
        self._runs += 1
        ran = self._scratch / f"ran-{self._runs}"
        ran.touch()
        ran.chmod(0o666)
        definition = self._register(ran)
        before = self._spent()
        begun, begun_wall = time.monotonic(), time.time()
        calls = [min(AT_ONCE, tasks - done) for done in range(0, tasks, AT_ONCE)]
        with ThreadPoolExecutor(self._threads) as pool:
            arns = [arn for some in pool.map(lambda count: self._launch(definition, count), calls) for arn in some]
        accepted = time.monotonic() - begun
        until_stopped(self._ecs, arns, PATIENCE_SECONDS, pause_seconds=0.25)
        spent = {part: seconds - before[part] for part, seconds in self._spent().items()}
        described = [task for some in range(0, tasks, 100) for task in self._describe(arns[some : some + 100])]
        self._require_once(ran, arns)
        return {
            "tasks": tasks,
            "accepted_seconds": accepted,
            "started_seconds": max(task["startedAt"].timestamp() for task in described) - begun_wall,
            "stopped_seconds": max(task["stoppedAt"].timestamp() for task in described) - begun_wall,
            "cpu_seconds": spent,
        }

    def _register(self, ran: Path) -> str:
        options = {"awslogs-group": GROUP, "awslogs-region": self._ecs.meta.region_name, "awslogs-stream-prefix": "t"}
        container = {
            "name": "main",
            "image": "host",
            "cpu": 1,
            "memory": 8,
            "command": ["/bin/sh", "-c", SCRIPT],
            "environment": [{"name": "RAN", "value": str(ran)}],
            "logConfiguration": {"logDriver": "awslogs", "options": options},
        }
        answer = self._ecs.register_task_definition(
            family="bench-launches", requiresCompatibilities=["EXTERNAL"], containerDefinitions=[container]
        )
        return answer["taskDefinition"]["taskDefinitionArn"]

    def _launch(self, definition: str, count: int) -> list[str]:
        answer = self._ecs.run_task(taskDefinition=definition, launchType="EXTERNAL", count=count)
        if answer["failures"]:
            raise RuntimeError(f"RunTask did not place all tasks: {answer['failures']}")
        return [task["taskArn"] for task in answer["tasks"]]

    def _describe(self, arns: list[str]) -> list[dict]:
        return self._ecs.describe_tasks(tasks=arns)["tasks"]

    def _spent(self) -> dict[str, float]:
        agents = sum(usage.own_seconds(pid) for pid in self._agents)
        return {
            "the client": usage.own_seconds(os.getpid()),
            "the control plane": usage.own_seconds(self._control_plane),
            "the agents": agents,
            "the tasks' processes": sum(usage.tree_seconds(pid) for pid in self._agents) - agents,
        }

    def _require_once(self, ran: Path, arns: list[str]) -> None:
        """Each task wrote its line into the file once, and the same line, once, into its log stream."""
        lines = Counter(Path(line).parent.name for line in ran.read_text(encoding="utf-8").splitlines())
        if lines != Counter(arn.rpartition("/")[2] for arn in arns):
            raise RuntimeError(f"{len(arns)} tasks, {len(lines)} of them ran, {lines.total()} times in all")
        for task in lines:
            events = self._logs.get_log_events(
                logGroupName=GROUP, logStreamName=f"t/main/{task}", startFromHead=True
            )["events"]
            if [Path(event["message"]).parent.name for event in events] != [task]:
                raise RuntimeError(f"the log of task {task} is {events}")


def _bare(count: int, scratch: Path) -> dict[str, float]:
    """The same processes started by xargs, as many at once as the machine takes, and waited for."""
    environment = {"PATH": os.environ["PATH"], "HOME": "/tmp/id/scratch", "RAN": str(scratch / "bare")}
    Path(environment["RAN"]).touch()
    Path(environment["RAN"]).chmod(0o666)
    words = ["xargs", "-a", "/dev/stdin", "-n", "1", "-P", "400", *BARE]
    before, begun = os.times(), time.monotonic()
    subprocess.run(
        words,
        input="\n".join(map(str, range(count))),
        text=True,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=PATIENCE_SECONDS,
    )
    after = os.times()
    return {
        "count": count,
        "seconds": time.monotonic() - begun,
        "cpu_seconds": after.children_user + after.children_system - before.children_user - before.children_system,
    }


def tables(measured: dict) -> list[Table]:
    """What is shown of the figures."""
    return [_rates(measured), _cpu(measured), targets_table(targets(measured))]


def targets(measured: dict) -> list[Target]:
    """What was promised."""
    rate = median([_rate(one, "stopped_seconds") for one in measured["rounds"]])
    return [Target.at_least("tasks run and reported STOPPED per second, median", rate, 200, "/s")]


def _rate(one: dict, until: str) -> float:
    return one["tasks"] / one[until]


def _rates(measured: dict) -> Table:
    rows = []
    for what, until in (
        ("RunTask accepted", "accepted_seconds"),
        ("and reported RUNNING", "started_seconds"),
        ("and reported STOPPED", "stopped_seconds"),
    ):
        rates = [_rate(one, until) for one in measured["rounds"]]
        rows.append((what, f"{median(rates):.0f}", f"{min(rates):.0f} to {max(rates):.0f}"))
    cold = measured["cold"]
    first = f"the first {cold['tasks']} after the start: reported STOPPED"
    rows.append((first, f"{_rate(cold, 'stopped_seconds'):.0f}", ""))
    bare = [one["count"] / one["seconds"] for one in measured["bare"]]
    rows.append(("limit: the same processes by xargs", f"{median(bare):.0f}", f"{min(bare):.0f} to {max(bare):.0f}"))
    title = f"{measured['rounds'][0]['tasks']} tasks that log a line and sleep for a second"
    return Table(title, ("until", "per second, median", "lowest to highest"), rows)


def _cpu(measured: dict) -> Table:
    def milliseconds(one: dict, part: str) -> float:
        return one["cpu_seconds"][part] / one["tasks"] * 1e3

    rounds = measured["rounds"]
    parts = list(rounds[0]["cpu_seconds"])
    rows = [(part, f"{median([milliseconds(one, part) for one in rounds]):.2f} ms") for part in parts]
    sums = [sum(milliseconds(one, part) for part in parts) for one in rounds]
    rows.append(("all", f"{median(sums):.2f} ms"))
    bare = [one["cpu_seconds"] / one["count"] * 1e3 for one in measured["bare"]]
    rows.append(("limit: the same process by xargs", f"{median(bare):.2f} ms"))
    return Table("Processor time of one task", ("of", "per task"), rows)
