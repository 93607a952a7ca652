"""A cluster of Slurm: made from a ParallelCluster file, and used on its head node as a user does."""

import functools
import json
import os
import subprocess
from pathlib import Path

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.httpsession import URLLib3Session
from identities import unique
from installation import COMMAND_SECONDS, ROOT, Installation
from waiting import eventually

FILE = """
Image: {{Os: ubuntu2204}}
HeadNode:
  InstanceType: groundplane.1x512
  Networking: {{SubnetId: subnet-12345678}}
Scheduling:
  Scheduler: slurm
  SlurmSettings: {{ScaledownIdletime: {idle}}}
  SlurmQueues:
    - Name: compute
      Networking: {{SubnetIds: [subnet-12345678]}}
      ComputeResources:
        - Name: small
          InstanceType: groundplane.2x256
          MinCount: {least}
          MaxCount: {most}
"""


class Cluster:
    """Whoever makes it calls `delete`."""

    def __init__(self, installation: Installation, least: int = 0, most: int = 3, idle: int = 1) -> None:
        self.installation = installation
        self.name = unique("hpc")
        self.file = installation.scratch / f"{self.name}.yaml"
        self.file.write_text(FILE.format(least=least, most=most, idle=idle))
        self.pcluster("create-cluster", "-n", self.name, "-c", str(self.file), "--wait")

    def pcluster(self, *words: str) -> dict:
        """What a command of `pcluster` answers."""
        return json.loads(self.installation.run("pcluster", *words))

    def describe(self) -> dict:
        """As the API has it."""
        return self.pcluster("describe-cluster", "-n", self.name)

    @functools.cached_property
    def id(self) -> str:
        """What tells it apart on this machine."""
        return self.describe()["cloudformationStackArn"].rsplit("/", 1)[1][:8]

    def run(self, *words: str, stdin: bytes = b"", accepted: tuple[int, ...] = (0,)) -> str:
        """What a command on the head node prints, as the cluster's user."""
        command = [str(ROOT / "groundplane"), "pcluster", "exec", "--data", str(self.installation.data), "-n", self.name, "--"]
        done = subprocess.run([*command, *words], input=stdin, capture_output=True, timeout=COMMAND_SECONDS, check=False)
        assert done.returncode in accepted, (words, done.returncode, done.stdout, done.stderr)
        return done.stdout.decode()

    def submit(self, script: str, *options: str) -> str:
        """The id of a batch job."""
        return self.run("sbatch", "--parsable", *options, stdin=f"#!/bin/sh\n{script}\n".encode()).strip()

    def until(self, job: str, *states: str) -> None:
        """Waits until a job is in one of the states, for example COMPLETED."""
        self.wait(f"scontrol --oneliner show job {job} | grep -qE ' JobState=({'|'.join(states)}) '")

    def until_begun(self, job: str) -> None:
        """Waits until a batch job has printed something."""
        self.wait(f"[ -s slurm-{job}.out ]")

    def wait(self, condition: str) -> None:
        """Waits on the head node, where looking again costs little."""
        self.run("timeout", "240", "sh", "-c", f"until {condition}; do sleep 0.2; done")

    def output(self, job: str) -> list[str]:
        """The lines that a batch job has printed."""
        return self.run("cat", f"slurm-{job}.out").splitlines()

    def nodes(self) -> dict[str, str]:
        """The states of the compute nodes, as sinfo shows them."""
        return dict(line.split() for line in self.run("sinfo", "-hN", "-o", "%N %t").splitlines())

    def processes(self, program: str) -> dict[str, int]:
        """The host's numbers of processes of a program in this cluster, by their nodes."""
        found = {}
        for process in Path("/proc").iterdir():
            try:
                if (process / "comm").read_text().strip() != program:
                    continue
                if (process / "root/run/cluster/id").read_text().strip() == self.id:
                    found[hostname(process.name)] = int(process.name)
            except (OSError, subprocess.CalledProcessError):  # it has ended, or is not one of ours
                continue
        return found

    def delete(self) -> None:
        """Removes it, and waits until it is gone."""
        self.installation.run("pcluster", "delete-cluster", "-n", self.name, "--wait")


def hostname(pid: str) -> str:
    """The host name that a process sees."""
    words = ["nsenter", "--target", pid, "--uts", "hostname"]
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def call(installation: Installation, method: str, path: str, body: dict | None = None, **keys: str) -> tuple[int, dict]:
    """A call of the REST API, signed by botocore: status and answer."""
    exported = installation.exported
    credentials = Credentials(
        keys.get("aws_access_key_id", exported["AWS_ACCESS_KEY_ID"]),
        keys.get("aws_secret_access_key", exported["AWS_SECRET_ACCESS_KEY"]),
    )
    request = AWSRequest(
        method, installation.endpoint + path, {"Content-Type": "application/json"}, json.dumps(body) if body is not None else None
    )
    SigV4Auth(credentials, "execute-api", exported["AWS_DEFAULT_REGION"]).add_auth(request)
    answer = URLLib3Session(timeout=60).send(request.prepare())
    return answer.status_code, json.loads(answer.content)


def left_of(cluster_id: str, data: Path) -> list[str]:
    """What a cluster that is gone has left on this machine."""
    links = subprocess.run(["ip", "-oneline", "link"], capture_output=True, text=True, check=True, timeout=60).stdout
    left = [line for line in links.splitlines() if f"v{cluster_id}n" in line]
    for process in Path("/proc").iterdir():
        try:
            if cluster_id in (process / "cmdline").read_text() or cluster_id in (process / "mountinfo").read_text():
                left.append(f"process {process.name}: {(process / 'cmdline').read_text()}")
        except OSError:
            continue
    return left + [str(place) for place in (data / "hpc").iterdir() if place.name == cluster_id] if os.path.isdir(data / "hpc") else left
