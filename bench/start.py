"""From the start of the control plane's JVM to its answers, and what control plane and agent weigh when idle."""

import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import signed
import usage
from installation import ROOT, Installation
from spread import low_to_high, median
from table import Table, Target, targets_table

WITH_CACHE = "with the AOT cache"
WITHOUT_CACHE = "without"
MOMENTS = {"health": "/health answers", "call": "first signed call answered", "ready": "ready: agent ACTIVE"}
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int = 7
    memory_rounds: int = 3
    idle_seconds: int = 10


QUICK = Plan(rounds=1, memory_rounds=1, idle_seconds=1)


def measure(plan: Plan, say: Callable[[str], None]) -> dict:
    """Starts one installation again and again, with and without the AOT cache by turns; round 0 only warms the disk."""
    installation = Installation()
    bare_home = _home_without_cache(installation.directory)
    try:
        installation.up()
        command = usage.command_line(installation.status()["pid"])
        installation.down()
        commands = {WITH_CACHE: command, WITHOUT_CACHE: _without_cache(command, bare_home)}
        if not any(word.startswith("-XX:AOTCache=") for word in command):
            raise RuntimeError("the build made no AOT cache; target/build.log says why")
        starts, empty, commands_up = [], [], []
        for number in range(plan.rounds + 1):
            say(f"round {number} of {plan.rounds}" if number else "warming the disk")
            idle = plan.idle_seconds if 0 < number <= plan.memory_rounds else 0
            turn = [{"how": how, **_measure_start(words, installation, idle)} for how, words in commands.items()]
            jvm, up = _empty_jvm(command[0]), _up(installation)
            if number:
                starts += turn
                empty.append(jvm)
                commands_up.append(up)
        return {"starts": starts, "empty_jvm": empty, "up": commands_up}
    finally:
        installation.remove()


def _home_without_cache(directory: Path) -> Path:
    """A home in which the control plane finds the agent's program but no cache for it."""
    home = Path(tempfile.mkdtemp(prefix="home-", dir=directory))
    (home / "agent" / "target").mkdir(parents=True)
    (home / "agent" / "target" / "dist").symlink_to(ROOT / "agent" / "target" / "dist")
    return home


def _without_cache(command: list[str], home: Path) -> list[str]:
    kept = [word for word in command if not word.startswith("-XX:AOTCache=")]
    return [f"-Dgroundplane.home={home}" if word.startswith("-Dgroundplane.home=") else word for word in kept]


class _Start:
    """One start of the control plane, by the very command that the launcher runs."""

    def __init__(self, command: list[str]) -> None:
        self._errors = tempfile.TemporaryFile("w+")
        self._line = ""
        self._ready_at = 0.0
        self._told = threading.Event()
        self.begun = time.monotonic()
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._errors, text=True
        )
        # It also waits for the end: `down` takes a process that nobody has waited for as one that still runs.
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()

    def _watch(self) -> None:
        self._line = self._process.stdout.readline()
        self._ready_at = time.monotonic()
        self._told.set()
        self._process.communicate()

    def ready_at(self) -> float:
        """When it said that it was ready; waits for that."""
        self._told.wait(PATIENCE_SECONDS)
        if "agent ACTIVE" not in self._line:
            self._errors.seek(0)
            raise RuntimeError(f"not ready: {self._line!r}\n{self._errors.read()}")
        return self._ready_at

    def await_end(self) -> None:
        """Waits until the control plane has ended, which somebody else brings about."""
        self._watcher.join(PATIENCE_SECONDS)
        self._errors.close()


def _measure_start(command: list[str], installation: Installation, idle_seconds: int) -> dict:
    """Seconds from the start of the JVM to each of MOMENTS; and memory, when there are seconds to be idle."""
    signer = signed.Signer(installation.endpoint, installation.exported)
    start = _Start(command)
    try:
        health = _first_answer(signed.health(installation.endpoint), start.begun)
        call = _first_answer(signer.ecs("ListClusters", {}), start.begun)
        return {
            "health": health - start.begun,
            "call": call - start.begun,
            "ready": start.ready_at() - start.begun,
            **_memory(installation, idle_seconds),
        }
    finally:
        installation.down()
        start.await_end()


def _first_answer(request: signed.Request, begun: float) -> float:
    """When the request was first answered; nobody listens before."""
    while True:
        connection = signed.Connection(request.url)
        try:
            connection.answer(request)
            return time.monotonic()
        except ConnectionRefusedError:
            if time.monotonic() > begun + PATIENCE_SECONDS:
                raise
            time.sleep(0.005)
        finally:
            connection.close()


def _memory(installation: Installation, idle_seconds: int) -> dict:
    """Memory after so many idle seconds; nothing when that is none."""
    if idle_seconds == 0:
        return {}
    time.sleep(idle_seconds)
    status = installation.status()
    return {"control_plane": usage.memory(status["pid"]), "agent": usage.memory(status["agentPid"])}


def _empty_jvm(java: str) -> float:
    """What a JVM takes that starts and ends."""
    begun = time.monotonic()
    subprocess.run([java, "-version"], capture_output=True, check=True)
    return time.monotonic() - begun


def _up(installation: Installation) -> float:
    """What a user waits for `./groundplane up --detach`."""
    begun = time.monotonic()
    installation.up()
    taken = time.monotonic() - begun
    installation.down()
    return taken


def tables(measured: dict) -> list[Table]:
    """What is shown of the figures."""
    return [_times(measured), _memories(measured), targets_table(targets(measured))]


def targets(measured: dict) -> list[Target]:
    """What was promised, of the start as people have it."""
    return [
        Target.below("ready", median(_values(measured, WITH_CACHE, "ready")), 1.5, "s"),
        Target.below("control plane, idle RSS", _megabytes(measured, WITH_CACHE, "control_plane", "rss"), 200, "MB"),
        Target.below("agent, idle RSS", _megabytes(measured, WITH_CACHE, "agent", "rss"), 100, "MB"),
    ]


def _values(measured: dict, how: str, moment: str) -> list[float]:
    return [one[moment] for one in measured["starts"] if one["how"] == how]


def _megabytes(measured: dict, how: str, process: str, kind: str) -> float:
    return median([one[process][kind] for one in measured["starts"] if one["how"] == how and process in one])


def _times(measured: dict) -> Table:
    rows = [
        (name, how, f"{median(values):.2f} s", low_to_high(values, ".2f"))
        for moment, name in MOMENTS.items()
        for how in (WITH_CACHE, WITHOUT_CACHE)
        for values in [_values(measured, how, moment)]
    ]
    others = {"the command `up --detach`": measured["up"], "limit: an empty JVM": measured["empty_jvm"]}
    for name, values in others.items():
        rows.append((name, "", f"{median(values):.2f} s", low_to_high(values, ".2f")))
    return Table("From JVM start", ("until", "AOT cache", "median", "lowest to highest"), rows)


def _memories(measured: dict) -> Table:
    rows = [
        (name, how, *(f"{_megabytes(measured, how, process, kind):.0f} MB" for kind in ("rss", "pss")))
        for process, name in {"control_plane": "control plane", "agent": "agent"}.items()
        for how in (WITH_CACHE, WITHOUT_CACHE)
    ]
    return Table("Memory when idle", ("process", "AOT cache", "RSS", "PSS"), rows)
