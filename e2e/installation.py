"""One installation of the platform, driven through the command line as a user drives it."""

import contextlib
import functools
import json
import os
import random
import re
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import boto3
from botocore.config import Config
from waiting import eventually

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 600  # the first start may have to build
DOWN_SECONDS = 300  # more than `down` itself waits for tasks, control plane and agent
COMMAND_SECONDS = 300  # a JVM starts slowly beside others

# Below those that the system takes for connections, and of each of pytest's workers its own.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PORTS = list(range(10_000 + _WORKER, 32_000, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))))
random.shuffle(_PORTS)


def free_port() -> int:
    """A port that nobody listens on just now. It is given to nobody else: who listens there may be killed and started again."""
    while True:
        port = _PORTS.pop()
        with socket.socket() as probe, contextlib.suppress(OSError):  # somebody listens there
            probe.bind(("127.0.0.1", port))
            return port


class Installation:
    """A data directory and a port of its own; `up` may be called again after a crash.

    Everything lies in a directory that an unprivileged user may walk through, since host tasks run
    as one: `data` for the platform, `scratch`, writable by everyone, for what tests and tasks share.
    """

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="groundplane-e2e-"))
        self.directory.chmod(0o755)
        self.data = self.directory / "data"
        self.data.mkdir(mode=0o755)
        self.scratch = self.directory / "scratch"
        self.scratch.mkdir()
        self.scratch.chmod(0o1777)
        self.port = free_port()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def up(self, *options: str) -> None:
        """Starts it, or starts it again; returns when calls are answered and the agent is ACTIVE."""
        printed = self._groundplane("up", "--detach", "--port", str(self.port), *options, timeout=START_SECONDS)
        if "local agent NOT ACTIVE" in printed:  # for which `up` waits half a minute
            eventually(self._has_a_connected_host, f"the local agent is connected: {printed}", pause=1)

    def _has_a_connected_host(self) -> bool:
        report = self.status()["report"]
        return report is not None and any(host["connected"] for host in report["hosts"])

    def down(self) -> None:
        """Stops tasks, agent and control plane."""
        self._groundplane("down", timeout=DOWN_SECONDS)

    def remove(self) -> None:
        """Stops it and deletes what it kept."""
        try:
            self.down()
        finally:
            shutil.rmtree(self.directory, ignore_errors=True)

    def run(self, command: str, *arguments: str) -> str:
        """Runs any other command; what it printed."""
        return self._groundplane(command, *arguments, timeout=COMMAND_SECONDS)

    def status(self) -> dict:
        """What `status --json` prints; it exits with 1 when something is wrong."""
        return json.loads(self._groundplane("status", "--json", timeout=COMMAND_SECONDS, accepted=(0, 1)))

    @functools.cached_property
    def exported(self) -> dict[str, str]:
        """The variables that `env` exports."""
        printed = self._groundplane("env", timeout=COMMAND_SECONDS)
        return dict(re.findall(r"^export (\w+)=['\"]?([^'\"\n]*)['\"]?$", printed, re.M))

    def environment(self) -> dict[str, str]:
        """An environment for other tools: the exported variables, and nothing else of AWS's."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {**inherited, **self.exported, "AWS_EC2_METADATA_DISABLED": "true"}

    def client(self, service: str, **changes):
        """A boto3 client with the installation's credentials; no retries, so that errors are seen."""
        exported = self.exported
        config = Config(retries={"total_max_attempts": 1}, read_timeout=120, max_pool_connections=64)
        options = {
            "endpoint_url": exported["AWS_ENDPOINT_URL"],
            "region_name": exported["AWS_DEFAULT_REGION"],
            "aws_access_key_id": exported["AWS_ACCESS_KEY_ID"],
            "aws_secret_access_key": exported["AWS_SECRET_ACCESS_KEY"],
            "config": config,
        }
        return boto3.session.Session().client(service, **{**options, **changes})

    def _groundplane(self, command: str, *arguments: str, timeout: float, accepted: tuple[int, ...] = (0,)) -> str:
        """Runs a command of the launcher; its output goes through files, since `up` leaves processes behind."""
        words = [str(ROOT / "groundplane"), command, *arguments, "--data", str(self.data)]
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
            done = subprocess.run(
                words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, timeout=timeout, check=False
            )
            output.seek(0)
            errors.seek(0)
            printed, complaint = output.read(), errors.read()
        assert done.returncode in accepted, f"{' '.join(words)} exited {done.returncode}\n{printed}\n{complaint}"
        return printed
