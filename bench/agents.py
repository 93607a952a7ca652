"""What thousands of connected agents cost a control plane, and how fast they are all back and get their tasks."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import usage
from ecs_tasks import register, until_stopped
from fleet import Fleet, bearable, descriptor_limit, descriptors
from installation import Installation
from spread import median, percentile
from table import Table, Target, targets_table

AT_ONCE = 10  # StartTask's limit
PATIENCE_SECONDS = 600
SETTLE_SECONDS = 5


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    steps: tuple[int, ...] = (500, 2000)
    idle_seconds: int = 30
    restarts: int = 3
    tasks: int = 200


QUICK = Plan(steps=(10, 30), idle_seconds=2, restarts=1, tasks=10)


def measure(plan: Plan, say: Callable[[str], None]) -> dict:
    """One installation, whose fleet grows step by step."""
    installation = Installation()
    try:
        installation.up()
        fleet = Fleet(installation)
        try:
            return _measure(plan, installation, fleet, say)
        finally:
            fleet.stop()
    finally:
        installation.remove()


def _measure(plan: Plan, installation: Installation, fleet: Fleet, say: Callable[[str], None]) -> dict:
    steps = [_state(installation, 0, plan.idle_seconds)]
    for wanted in plan.steps:
        count = min(wanted, bearable())
        say(f"{count} agents")
        if count < wanted:
            say(f"not {wanted}, because a process may have no more than {descriptor_limit()} files and sockets open")
        begun = time.time()
        fleet.add(count - fleet.connected)
        joined = fleet.until_connected(count, begun, PATIENCE_SECONDS) - begun
        steps.append({**_state(installation, count, plan.idle_seconds), "joined_seconds": joined})
    count = fleet.connected
    used = {"control plane": descriptors(installation.status()["pid"]), "fleet": descriptors(fleet.pid)}
    restarts = []
    for number in range(plan.restarts):
        say(f"restart {number + 1} of {plan.restarts}")
        restarts.append(_restart(installation, fleet, count))
    say(f"{plan.tasks} tasks")
    return {
        "steps": steps,
        "restarts": restarts,
        "tasks": _tasks(plan.tasks, installation, fleet),
        "descriptors": {"limit": descriptor_limit(), **used},
    }


def _state(installation: Installation, agents: int, idle_seconds: int) -> dict:
    """What the control plane is while nothing is asked of it: memory, threads, and its part of a core."""
    pid = installation.status()["pid"]
    time.sleep(SETTLE_SECONDS)
    before = usage.own_seconds(pid)
    time.sleep(idle_seconds)
    cpu = (usage.own_seconds(pid) - before) / idle_seconds
    before_collection = usage.memory(pid)
    heap = _live_heap(pid)
    threads = len(os.listdir(f"/proc/{pid}/task"))
    return {"agents": agents, "cpu": cpu, "threads": threads, "heap": heap, **before_collection}


def _live_heap(pid: int) -> float:
    """MB of the heap that are in use after a collection."""
    jcmd = Path(os.environ["JAVA_HOME"], "bin", "jcmd")
    subprocess.run([jcmd, str(pid), "GC.run"], check=True, stdout=subprocess.DEVNULL)
    printed = subprocess.run([jcmd, str(pid), "GC.heap_info"], check=True, capture_output=True, text=True).stdout
    return sum(int(kibibytes) for kibibytes in re.findall(r" total \d+K, used (\d+)K", printed)) * 1024 / 1e6


def _restart(installation: Installation, fleet: Fleet, count: int) -> dict[str, float]:
    pid = installation.status()["pid"]
    killed = time.time()
    os.kill(pid, signal.SIGKILL)
    while fleet.connected == count:
        time.sleep(0.01)
    installation.up()
    up = time.time()
    back = fleet.until_connected(count, killed + 0.001, PATIENCE_SECONDS)
    cpu = usage.own_seconds(installation.status()["pid"])
    return {"up_seconds": up - killed, "back_seconds": back - killed, "cpu_seconds": cpu}


def _tasks(count: int, installation: Installation, fleet: Fleet) -> dict:
    """One task to each of so many hosts, by StartTask."""
    ecs = installation.client("ecs")
    definition = register(ecs, "bench-agents", ["true"])
    hosts = _hosts(ecs, min(count, fleet.connected))
    calls = [hosts[at : at + AT_ONCE] for at in range(0, len(hosts), AT_ONCE)]
    begun = time.time()
    with ThreadPoolExecutor(4) as pool:
        started = list(pool.map(lambda some: _start(ecs, definition, some), calls))
    accepted_seconds = time.time() - begun
    accepted = {arn: sent for call in started for arn, sent in call.items()}
    fleet.until_started([arn.rpartition("/")[2] for arn in accepted], PATIENCE_SECONDS)
    arrived = {arn: fleet.started[arn.rpartition("/")[2]] for arn in accepted}
    until_stopped(ecs, list(accepted), PATIENCE_SECONDS, pause_seconds=0.1)
    return {
        "count": len(accepted),
        "all_accepted_seconds": accepted_seconds,
        "all_arrived_seconds": max(arrived.values()) - begun,
        "all_stopped_seconds": time.time() - begun,
        "sent_to_arrived_seconds": [arrived[arn] - sent for arn, sent in accepted.items()],
    }


def _hosts(ecs, count: int) -> list[str]:
    found = []
    for page in ecs.get_paginator("list_container_instances").paginate(
        filter="attribute:groundplane.name =~ agent-[0-9]+ and agentConnected == true"
    ):
        found += page["containerInstanceArns"]
    if len(found) < count:
        raise RuntimeError(f"the control plane counts {len(found)} agents as connected, not {count}")
    return found[:count]


def _start(ecs, definition: str, hosts: list[str]) -> dict[str, float]:
    """When each task's call was sent, by the task's ARN."""
    sent = time.time()
    answer = ecs.start_task(taskDefinition=definition, containerInstances=hosts)
    if answer["failures"]:
        raise RuntimeError(f"StartTask did not start all tasks: {answer['failures']}")
    return {task["taskArn"]: sent for task in answer["tasks"]}


def tables(measured: dict) -> list[Table]:
    """What is shown of the figures."""
    return [_weights(measured), _times(measured), _descriptors(measured), targets_table(targets(measured))]


def targets(measured: dict) -> list[Target]:
    """What was promised."""
    last, restarts = measured["steps"][-1], measured["restarts"]
    back = median([one["back_seconds"] - one["up_seconds"] for one in restarts])
    return [
        Target.below("live heap of one connected agent", _each(measured, last, "heap"), 50, "KB"),
        Target.below("idle control plane, of one core", last["cpu"] * 100, 10, "%"),
        Target.below("all agents back after `up` has returned, median", back, 15, "s"),
    ]


def _each(measured: dict, step: dict, what: str) -> float:
    """KB of one agent: the difference to none."""
    return (step[what] - measured["steps"][0][what]) / step["agents"] * 1e3


def _weights(measured: dict) -> Table:
    rows = []
    for step in measured["steps"]:
        each = [f"{_each(measured, step, what):.0f} KB" if step["agents"] else "" for what in ("heap", "pss")]
        weights = [f"{step[what]:.0f} MB" for what in ("rss", "pss", "heap")]
        cpu, threads = f"{step['cpu'] * 100:.1f}%", str(step["threads"])
        rows.append((f"{step['agents']:,}", cpu, threads, *weights, *each))
    columns = ("agents", "of one core", "threads", "RSS", "PSS", "live heap", "heap per agent", "PSS per agent")
    return Table("The control plane, idle, with agents connected", columns, rows)


def _times(measured: dict) -> Table:
    last, restarts, tasks = measured["steps"][-1], measured["restarts"], measured["tasks"]
    count, joined = f"{last['agents']:,}", last["agents"] - measured["steps"][-2]["agents"]
    arrivals = tasks["sent_to_arrived_seconds"]

    def middle(what: str) -> str:
        values = [one[what] for one in restarts]
        return f"{median(values):.2f} s ({min(values):.2f} to {max(values):.2f})"

    rows = [
        (f"{joined:,} more: registered and connected", f"{last['joined_seconds']:.1f} s"),
        ("`kill -9` to `up --detach` returned", middle("up_seconds")),
        (f"`kill -9` to all {count} connected again", middle("back_seconds")),
        ("processor time of the control plane until then", middle("cpu_seconds")),
        (f"one task to each of {tasks['count']}: all accepted", f"{tasks['all_accepted_seconds']:.2f} s"),
        ("all arrived at their agents", f"{tasks['all_arrived_seconds']:.2f} s"),
        ("all reported STOPPED", f"{tasks['all_stopped_seconds']:.2f} s"),
        ("StartTask sent to arrived, median", f"{median(arrivals) * 1e3:.0f} ms"),
        ("StartTask sent to arrived, p95", f"{percentile(arrivals, 95) * 1e3:.0f} ms"),
    ]
    return Table(f"With {count} agents", ("what", "time"), rows)


def _descriptors(measured: dict) -> Table:
    used = measured["descriptors"]
    rows = [
        ("what a process may have", f"{used['limit']:,}"),
        ("the control plane has", f"{used['control plane']:,}"),
        ("the process of the agents has", f"{used['fleet']:,}"),
    ]
    return Table("Files and sockets open", ("what", "number"), rows)
