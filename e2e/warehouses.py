"""A namespace of Redshift Serverless with its workgroup, and ways to connect to it."""

import json
import os
import subprocess
from pathlib import Path

import psycopg
from host_tasks import unique
from installation import free_port
from processes import only
from waiting import eventually

PASSWORD = "Secret1234"
CLUSTER = "groundplane-warehouse"


ROLE_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "redshift.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}


def loader(iam, bucket: str) -> str:
    """A role that Redshift may act as, which may read and write the bucket and nothing else."""
    name = unique("loader")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(ROLE_TRUST))["Role"]["Arn"]
    allowed = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "s3:*", "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]}
        ],
    }
    iam.put_role_policy(RoleName=name, PolicyName="bucket", PolicyDocument=json.dumps(allowed))
    return arn


class Warehouse:
    """A namespace with its workgroup, and ways to connect to it."""

    def __init__(self, installation, capacity: int = 4, **namespace) -> None:
        self.data = installation.data
        self.name = unique("risk").lower().replace("_", "-")
        self.port = free_port()
        self.redshift = installation.client("redshift-serverless")
        self.ecs = installation.client("ecs")
        self.namespace = self.redshift.create_namespace(
            namespaceName=self.name, adminUsername="admin", adminUserPassword=PASSWORD, **namespace
        )["namespace"]
        self.redshift.create_workgroup(
            workgroupName=self.name, namespaceName=self.name, baseCapacity=capacity, port=self.port
        )
        eventually(self._listens, "the port listens")

    @property
    def authority(self) -> Path:
        """Whom to trust for its certificate."""
        return self.data / "tls" / "ca.pem"

    def _listens(self) -> bool:
        return subprocess.run(["pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False).returncode == 0

    def psql(
        self, script: str, user: str = "admin", password: str = PASSWORD, sslmode: str = "prefer"
    ) -> subprocess.CompletedProcess:
        words = ["psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(
            [*words, "-U", user, "-d", "dev", "-c", script],
            env={**os.environ, "PGPASSWORD": password, "PGSSLMODE": sslmode},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def connect(self, **options) -> psycopg.Connection:
        defaults = {"host": "127.0.0.1", "port": self.port, "user": "admin", "password": PASSWORD, "dbname": "dev"}
        return psycopg.connect(**{**defaults, **options})

    def workers(self) -> list[str]:
        """The tasks that run this namespace's worker."""
        return self.ecs.list_tasks(cluster=CLUSTER, startedBy=self.namespace["namespaceId"])["taskArns"]

    def recovery_points(self) -> list[dict]:
        """Those of this namespace."""
        return self.redshift.list_recovery_points(namespaceName=self.name)["recoveryPoints"]

    def worker_pid(self) -> int:
        """The process of the worker's JVM."""
        return only("java", f"--directory .*{self.namespace['namespaceId']}")

    def remove(self) -> None:
        self.redshift.delete_workgroup(workgroupName=self.name)
        self.redshift.delete_namespace(namespaceName=self.name)
