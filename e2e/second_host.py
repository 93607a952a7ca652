"""A second host of an installation: an agent with a data directory of its own on the same machine."""

import subprocess
from pathlib import Path

from installation import ROOT, Installation
from waiting import eventually

JAR = ROOT / "agent" / "target" / "dist" / "groundplane-agent.jar"


class SecondHost:
    """An agent that registers under the given name and offers so much memory."""

    def __init__(self, installation: Installation, name: str, memory_mib: int) -> None:
        self.installation = installation
        self.name = name
        self.memory_mib = memory_mib
        self.data = installation.directory / f"agent-{name}"
        self.java = Path(f"/proc/{installation.status()['agentPid']}/exe").resolve()
        self.process: subprocess.Popen | None = None

    def start(self) -> str:
        """Starts the agent and returns the ARN of its container instance, once that takes tasks."""
        self.data.mkdir(mode=0o755, exist_ok=True)
        with (self.data.with_suffix(".log")).open("ab") as log:
            self.process = subprocess.Popen(
                self._command("run", "--endpoint", self.installation.endpoint, "--region", "us-east-1",
                              "--cluster", "default", "--name", self.name, "--memory", str(self.memory_mib)),
                env=self._environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return eventually(self._instance, f"the host {self.name} is connected", seconds=60)

    def kill(self) -> None:
        """kill -9 for the agent, as if the host had lost its power; its tasks go on."""
        self.process.kill()
        self.process.wait(timeout=10)

    def stop(self) -> None:
        """Ends the agent, stops its tasks and takes the host out of the cluster if it is still in it."""
        if self.process is None:
            return
        instance = self._instance()
        self.process.terminate()
        self.process.wait(timeout=30)
        subprocess.run(self._command("stop-tasks"), env=self._environment(), check=True, timeout=60)
        if instance:
            ecs = self.installation.client("ecs")
            ecs.deregister_container_instance(containerInstance=instance, force=True)

    def _instance(self) -> str | None:
        query = f"attribute:groundplane.name == {self.name} and agentConnected == true"
        arns = self.installation.client("ecs").list_container_instances(filter=query)["containerInstanceArns"]
        return arns[0] if arns else None

    def _command(self, command: str, *options: str) -> list[str]:
        flags = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "--enable-native-access=ALL-UNNAMED"]
        return [str(self.java), *flags, "-jar", str(JAR), command, "--data", str(self.data), *options]

    def _environment(self) -> dict[str, str]:
        exported = self.installation.exported
        credentials = self.data.with_suffix(".credentials")
        credentials.touch(mode=0o600)
        credentials.write_text(
            f"[default]\naws_access_key_id = {exported['AWS_ACCESS_KEY_ID']}\n"
            f"aws_secret_access_key = {exported['AWS_SECRET_ACCESS_KEY']}\n"
        )
        environment = self.installation.environment()
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.pop(name)
        return {**environment, "AWS_SHARED_CREDENTIALS_FILE": str(credentials)}
