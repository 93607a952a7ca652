"""Thousands of agents in one process: the agent's own classes, with containers that are none."""

import os
import resource
import subprocess
import threading
import time

from installation import ROOT, Installation

MOST_OF_AN_ACTIVATION = 1000
DESCRIPTORS_OF_AN_AGENT = 3  # a socket, its journal, and now and then a call
DESCRIPTORS_BESIDE = 1000
ROLE = "GroundplaneInstance"
BUILD = ["./mvnw", "-q", "-B", "-Dfast", "-pl", "agent", "-am", "test-compile"]
MAIN = "dev.groundplane.agent.Fleet"


def bearable() -> int:
    """How many agents one process can be: Linux limits how many files and sockets it has open."""
    return (descriptor_limit() - DESCRIPTORS_BESIDE) // DESCRIPTORS_OF_AN_AGENT


def descriptor_limit() -> int:
    """What a JVM raises its own limit to."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]


def descriptors(pid: int) -> int:
    """How many files and sockets a process has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))


class Fleet:
    """The process, and what it has told so far."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._told = threading.Condition()
        self._connected: list[tuple[int, float]] = [(0, 0.0)]
        self.started: dict[str, float] = {}  # when, by the task's id
        subprocess.run(BUILD, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        directory = installation.directory / "fleet"
        directory.mkdir()
        agent = ROOT / "agent" / "target"
        words = [os.path.join(os.environ["JAVA_HOME"], "bin", "java"), "-Xmx3g", "-XX:+UseSerialGC"]
        words += ["-XX:+UseCompactObjectHeaders", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"]
        words += ["-cp", f"{agent / 'test-classes'}:{agent / 'dist' / 'groundplane-agent.jar'}", MAIN]
        with (installation.directory / "fleet.log").open("wb") as log:
            self._process = subprocess.Popen(
                [*words, installation.endpoint, str(directory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                bufsize=1,
            )
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    @property
    def connected(self) -> int:
        """How many are connected just now."""
        with self._told:
            return self._connected[-1][0]

    def add(self, count: int) -> None:
        """Registers further agents as hosts of their own; they connect as soon as they can."""
        ssm = self._installation.client("ssm")
        while count > 0:
            some = min(count, MOST_OF_AN_ACTIVATION)
            made = ssm.create_activation(IamRole=ROLE, RegistrationLimit=some)
            self._process.stdin.write(f"add {some} {made['ActivationId']} {made['ActivationCode']}\n")
            count -= some

    def until_connected(self, count: int, since: float, patience_seconds: float) -> float:
        """Waits until so many are connected at a time after `since`; both are seconds since the epoch."""
        return self._until(
            lambda: next((when for number, when in self._connected if number >= count and when >= since), None),
            lambda: f"{self._connected[-1][0]} of {count} agents are connected",
            patience_seconds,
        )

    def until_started(self, tasks: list[str], patience_seconds: float) -> None:
        """Waits until all these tasks, by their ids, have reached their agents."""
        self._until(
            lambda: all(task in self.started for task in tasks) or None,
            lambda: f"{len(self.started)} of {len(tasks)} tasks were started",
            patience_seconds,
        )

    def stop(self) -> None:
        """Ends it."""
        self._process.stdin.close()
        self._process.wait(60)

    def _until(self, found, state, patience_seconds: float):
        deadline = time.monotonic() + patience_seconds
        with self._told:
            while (result := found()) is None:
                left = deadline - time.monotonic()
                if left <= 0 or self._process.poll() is not None:
                    raise RuntimeError(f"{state()}; {self._installation.directory / 'fleet.log'} may say why")
                self._told.wait(min(left, 1))
            return result

    def _read(self) -> None:
        for line in self._process.stdout:
            what, value, milliseconds = line.split()
            with self._told:
                if what == "connected":
                    self._connected.append((int(value), int(milliseconds) / 1000))
                else:
                    self.started[value] = int(milliseconds) / 1000
                self._told.notify_all()
