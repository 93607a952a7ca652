"""Agents beside an installation's own: further hosts, as far as the control plane can tell."""

import os
import subprocess
import time
from pathlib import Path

from installation import ROOT, Installation

PATIENCE_SECONDS = 60
ROLE = "GroundplaneInstance"


class FurtherAgents:
    """Agents with data directories of their own, each registered by the same activation as a host of its own."""

    def __init__(self, installation: Installation, count: int) -> None:
        self._installation = installation
        self._activation = (
            installation.client("ssm").create_activation(IamRole=ROLE, RegistrationLimit=count) if count else {}
        )
        self._started = [self._start(number) for number in range(1, count + 1)]
        try:
            self._await_active(count + 1)
        except BaseException:
            self.stop()
            raise

    @property
    def pids(self) -> list[int]:
        """Their JVMs."""
        return [agent.pid for agent in self._started]

    def stop(self) -> None:
        """Ends them; call it when their tasks have ended."""
        for agent in self._started:
            agent.terminate()
        for agent in self._started:
            agent.wait(PATIENCE_SECONDS)

    def _start(self, number: int) -> subprocess.Popen:
        """Starts one as an operator does. The launcher becomes the agent, so that their process ids are the same."""
        directory = self._installation.directory
        words = [str(ROOT / "groundplane"), "agent", "--endpoint", self._installation.endpoint]
        words += ["--data", str(directory / f"agent-{number}"), "--name", f"agent-{number}"]
        activation = {
            "GROUNDPLANE_ACTIVATION_ID": self._activation["ActivationId"],
            "GROUNDPLANE_ACTIVATION_CODE": self._activation["ActivationCode"],
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        with Path(directory, f"agent-{number}.log").open("wb") as output:
            return subprocess.Popen(
                words,
                env={**inherited, **activation},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _await_active(self, count: int) -> None:
        ecs = self._installation.client("ecs")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            arns = ecs.list_container_instances()["containerInstanceArns"]
            known = ecs.describe_container_instances(containerInstances=arns)["containerInstances"] if arns else []
            connected = [instance for instance in known if instance["agentConnected"]]
            if len(connected) == count:
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"{len(connected)} of {count} agents are connected after {PATIENCE_SECONDS} s")
            time.sleep(0.1)
