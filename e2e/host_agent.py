"""A further host: an agent with a data directory of its own, started by the launcher as an operator starts it."""

import os
import signal
import subprocess
from pathlib import Path

from installation import ROOT
from waiting import eventually

JAR = ROOT / "agent" / "target" / "dist" / "groundplane-agent.jar"
ROLE = "GroundplaneInstance"


class HostAgent:
    """An agent process; it may be ended and started again, and finds its identity in its data directory."""

    def __init__(self, directory: Path, endpoint: str, name: str) -> None:
        self.name = name
        self.endpoint = endpoint
        self.data = directory / f"agent-{name}"
        self.log = directory / f"agent-{name}.log"
        self.prefix: list[str] = []  # words before the command, such as those that enter a network namespace
        self.process: subprocess.Popen | None = None
        self.said_before = 0  # how much of what it printed is of earlier processes

    def start(self, *options: str, activation: dict | None = None, extra: dict[str, str] | None = None) -> None:
        """Starts it; an activation goes through the environment, where only the owner can see it."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        if activation:
            environment["GROUNDPLANE_ACTIVATION_ID"] = activation["ActivationId"]
            environment["GROUNDPLANE_ACTIVATION_CODE"] = activation["ActivationCode"]
        words = [*self.prefix, str(ROOT / "groundplane"), "agent", "--endpoint", self.endpoint, "--data", str(self.data)]
        words += ["--name", self.name, "--cpus", "1", "--memory", "512", *options]
        with self.log.open("a") as log:
            self.said_before = log.tell()
            self.process = subprocess.Popen(
                words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**environment, **(extra or {})}
            )

    def join(self, installation, *options: str, extra: dict[str, str] | None = None) -> str:
        """Starts it with an activation of its own; the ARN of its container instance, once that takes tasks."""
        activation = installation.client("ssm").create_activation(IamRole=ROLE)
        self.start(*options, activation=activation, extra=extra)
        return self.until_connected(installation.client("ecs"))

    def until_connected(self, ecs) -> str:
        """Waits until it is connected; the ARN of its container instance."""
        return eventually(lambda: self.connected(ecs), f"{self.name} is connected: {self.log}")

    def connected(self, ecs) -> str | None:
        """The ARN of its container instance while it is connected.

        The control plane may count an agent that was just killed as connected still, so this one must have said so.
        """
        if "connected to the control plane" not in self.log.read_bytes()[self.said_before :].decode(errors="replace"):
            return None
        query = f"attribute:groundplane.name == {self.name} and agentConnected == true"
        arns = ecs.list_container_instances(filter=query)["containerInstanceArns"]
        return arns[0] if arns else None

    def stop_tasks(self, java: Path) -> None:
        """Stops what a killed agent left, as nobody else will once its host is deregistered."""
        words = [str(java), "--enable-native-access=ALL-UNNAMED", "-jar", str(JAR), "stop-tasks", "--data", str(self.data)]
        subprocess.run(words, check=True, timeout=180)

    def said(self) -> str:
        """Everything it has printed so far."""
        return self.log.read_text()

    def end(self, number: int = signal.SIGTERM) -> int:
        """Sends a signal and waits for the end."""
        self.process.send_signal(number)
        return self.process.wait(timeout=120)

    def ended(self, seconds: float = 120) -> int:
        """Waits for it to end by itself; the exit status."""
        return self.process.wait(timeout=seconds)

    def until_said(self, text: str) -> None:
        """Waits until it has printed something."""
        eventually(lambda: text in self.said(), f"agent {self.name} says {text!r}: {self.log}")

    def remove(self) -> None:
        """Ends it if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.end(signal.SIGKILL)
