"""From RunTask to the process of a container from an image, beside `podman run` and the engine's bare API."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ecs_tasks import until_stopped
from installation import Installation
from spread import low_to_high, median
from table import Table, Target, targets_table

BUSYBOX = Path("/bin/busybox")
COMMAND = ["/bin/busybox", "touch", "/out/started"]
MIB = 1 << 20
MEMORY_MIB = 64
PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int = 40
    warm_ups: int = 5


QUICK = Plan(rounds=5, warm_ups=2)


def measure(plan: Plan, say: Callable[[str], None]) -> dict:
    """Rounds of one start by each way, in turns."""
    if os.geteuid() != 0 or not shutil.which("podman") or not BUSYBOX.exists():
        raise RuntimeError("container-start needs root, podman and /bin/busybox (Debian, Ubuntu: busybox-static)")
    installation = Installation()
    image = f"localhost/groundplane-bench-{os.getpid()}"
    try:
        installation.up()
        _import(image, installation.scratch / "image")
        starts = Starts(installation, image)
        rounds = []
        for number in range(plan.warm_ups + plan.rounds):
            if number % 10 == 0:
                say(f"round {number} of {plan.warm_ups} + {plan.rounds}")
            one = {"task": starts.task(), "podman": starts.podman(), "api": starts.api()}
            if number >= plan.warm_ups:
                rounds.append(one)
        return {"rounds": rounds}
    finally:
        subprocess.run(["podman", "rmi", "--force", image], capture_output=True, timeout=PATIENCE_SECONDS, check=False)
        installation.remove()


def _import(image: str, root: Path) -> None:
    """Makes an image of busybox alone; nothing is pulled."""
    for name in ("bin", "dev", "etc", "out", "proc", "sys", "tmp"):
        (root / name).mkdir(parents=True)
    shutil.copy2(BUSYBOX, root / "bin/busybox")
    archive = root.with_suffix(".tar")
    subprocess.run(["tar", "-C", root, "-cf", archive, "."], check=True, timeout=PATIENCE_SECONDS)
    subprocess.run(
        ["podman", "import", archive, image], capture_output=True, check=True, timeout=PATIENCE_SECONDS
    )


class Starts:
    """The ways to start one container; its process touches a file, whose time says when it ran."""

    def __init__(self, installation: Installation, image: str) -> None:
        self._ecs = installation.client("ecs")
        self._image = image
        self._out = installation.scratch / "out"
        self._out.mkdir()
        agent = installation.data / "agent"
        self._tasks = agent / "tasks"
        # Of Podman's service, which the agent starts with the first container.
        self._socket = agent / "podman" / "socket"
        self._definition = self._register()
        self._numbers = 0

    def _register(self) -> str:
        container = {
            "name": "main",
            "image": self._image,
            "cpu": 1,
            "memory": MEMORY_MIB,
            "command": COMMAND,
            "mountPoints": [{"sourceVolume": "out", "containerPath": "/out"}],
        }
        answer = self._ecs.register_task_definition(
            family="bench-container-start",
            requiresCompatibilities=["EXTERNAL"],
            networkMode="none",
            volumes=[{"name": "out", "host": {"sourcePath": str(self._out)}}],
            containerDefinitions=[container],
        )
        return answer["taskDefinition"]["taskDefinitionArn"]

    def task(self) -> dict[str, float]:
        """RunTask. Seconds from its sending, its answer, and the driver's first act until the process ran; and to STOPPED."""
        asked = time.time_ns()
        answer = self._ecs.run_task(taskDefinition=self._definition, launchType="EXTERNAL")
        accepted = time.time_ns()
        if answer["failures"]:
            raise RuntimeError(f"RunTask placed nothing: {answer['failures']}")
        arn = answer["tasks"][0]["taskArn"]
        started = self._started()
        task = arn.rpartition("/")[2]
        # The first thing that the driver writes when it is to prepare a container.
        prepared = (self._tasks / task / "containers" / "main" / "output-0").stat().st_mtime_ns
        until_stopped(self._ecs, [arn], PATIENCE_SECONDS, pause_seconds=0.01)
        stopped = time.time_ns()
        self._quiet()
        return {
            "driver": (started - prepared) / 1e9,
            "sent": (started - asked) / 1e9,
            "accepted": (started - accepted) / 1e9,
            "stopped": (stopped - accepted) / 1e9,
            "end": (stopped - started) / 1e9,
        }

    def podman(self) -> dict[str, float]:
        """`podman run` of the same. Seconds until the process ran, and until the command has ended."""
        options = ["--runtime", "runc", "--cgroup-manager", "cgroupfs", "run", "--network", "none"]
        options += ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", "--cpu-shares", "2"]
        options += ["--memory", f"{MEMORY_MIB}m", "--memory-swap", f"{MEMORY_MIB}m", "--volume", f"{self._out}:/out"]
        name = self._name()
        asked = time.time_ns()
        subprocess.run(
            ["podman", *options, "--name", name, self._image, *COMMAND], check=True, timeout=PATIENCE_SECONDS
        )
        ended = time.time_ns()
        started = self._started()
        subprocess.run(["podman", "rm", name], check=True, capture_output=True, timeout=PATIENCE_SECONDS)
        self._quiet()
        return {"asked": (started - asked) / 1e9, "ended": (ended - asked) / 1e9, "end": (ended - started) / 1e9}

    def api(self) -> dict[str, float]:
        """The two calls that make and start the same, of the service that the agent uses. Seconds until it ran."""
        limits = [{"Name": name, "Soft": 1024, "Hard": 1024} for name in ("nofile", "nproc")]
        host = {
            "NetworkMode": "none",
            "Memory": MEMORY_MIB * MIB,
            "MemorySwap": MEMORY_MIB * MIB,
            "CpuShares": 2,
            "Ulimits": limits,
            "Mounts": [{"Type": "bind", "Source": str(self._out), "Target": "/out"}],
        }
        name = self._name()
        asked = time.time_ns()
        self._call("POST", f"/containers/create?name={name}", {"Image": self._image, "Cmd": COMMAND, "HostConfig": host})
        created = time.time_ns()
        self._call("POST", f"/containers/{name}/start")
        started = self._started()
        self._call("POST", f"/containers/{name}/wait")
        self._call("DELETE", f"/containers/{name}")
        self._quiet()
        return {"asked": (started - asked) / 1e9, "created": (created - asked) / 1e9}

    def _name(self) -> str:
        self._numbers += 1
        return f"groundplane-bench-{os.getpid()}-{self._numbers}"

    def _call(self, method: str, path: str, body: dict | None = None) -> None:
        connection = _UnixConnection(self._socket)
        content = json.dumps(body) if body else None
        connection.request(method, path, content, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {text!r}")

    def _started(self) -> int:
        """When the process touched its file, in nanoseconds since 1970; waits for it and removes it."""
        file = self._out / "started"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not file.exists():
            if time.monotonic() > deadline:
                raise RuntimeError(f"no process made {file} within {PATIENCE_SECONDS} s")
            time.sleep(0.001)
        at = file.stat().st_mtime_ns
        file.unlink()
        return at

    def _quiet(self) -> None:
        """Waits until Podman has cleared up, so that it costs nobody else's start."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        words = ["pgrep", "-f", "podman .* container cleanup"]
        while subprocess.run(words, capture_output=True, check=False).returncode == 0:
            if time.monotonic() > deadline:
                raise RuntimeError(f"Podman still clears up after {PATIENCE_SECONDS} s")
            time.sleep(0.01)


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("engine", timeout=PATIENCE_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self._path))


def tables(measured: dict) -> list[Table]:
    """What is shown of the figures."""
    return [_times(measured), targets_table(targets(measured))]


def targets(measured: dict) -> list[Target]:
    """What was promised."""
    podman = median(_ms(measured, "podman", "asked"))
    driver = median(_ms(measured, "task", "driver")) - podman
    accepted = median(_ms(measured, "task", "accepted")) - podman
    end = median(_ms(measured, "task", "end")) - median(_ms(measured, "podman", "end"))
    return [
        Target.below("driver asked to process running, more than podman run", driver, 25, "ms"),
        Target.below("RunTask accepted to process running, more than podman run", accepted, 25, "ms"),
        Target.below("process running to STOPPED, more than podman run", end, 25, "ms"),
    ]


def _ms(measured: dict, way: str, name: str) -> list[float]:
    return [one[way][name] * 1e3 for one in measured["rounds"]]


def _times(measured: dict) -> Table:
    shown = {
        "driver asked to process running": _ms(measured, "task", "driver"),
        "RunTask accepted to process running": _ms(measured, "task", "accepted"),
        "RunTask sent to process running": _ms(measured, "task", "sent"),
        "`podman run` to process running": _ms(measured, "podman", "asked"),
        "limit: create and start by the engine's API": _ms(measured, "api", "asked"),
        "of that, create": _ms(measured, "api", "created"),
        "process running to STOPPED reported": _ms(measured, "task", "end"),
        "process running to end of `podman run`": _ms(measured, "podman", "end"),
    }
    base = median(shown["`podman run` to process running"])
    rows = []
    for what, values in shown.items():
        beside = f"{median(values) - base:+.1f} ms" if "to process running" in what or "limit" in what else ""
        rows.append((what, f"{median(values):.1f} ms", f"{low_to_high(values, '.1f')} ms", beside))
    return Table("One container after the other", ("from, to", "median", "lowest to highest", "beside podman run"), rows)
