"""Agents beside an installation's own: further hosts, as far as the control plane can tell."""

import subprocess
import time
from pathlib import Path

import processes
from installation import Installation

PATIENCE_SECONDS = 30


class FurtherAgents:
    """Agents with data directories of their own. They share the identity of the installation's agent, but not its
    container instance: each registers one.
    """

    def __init__(self, installation: Installation, count: int) -> None:
        self._installation = installation
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
        """Starts one as the installation's own was started, but for its data directory and its name."""
        own = self._installation.status()["agentPid"]
        words = processes.command_line(own)
        words[words.index("--data") + 1] = str(self._installation.directory / f"agent-{number}")
        environment = processes.environment(own)
        log = Path(self._installation.directory, f"agent-{number}.log")
        with log.open("wb") as output:
            return subprocess.Popen(
                [*words, "--name", f"agent-{number}"],
                env=environment,
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
