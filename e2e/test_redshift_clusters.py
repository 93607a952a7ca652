"""Provisioned Redshift clusters by the aws CLI, boto3 and its waiters, psql, Amazon's Python driver and the Data API."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redshift_connector
from botocore.exceptions import ClientError
from host_tasks import unique
from identities import allow, user
from installation import free_port
from waiting import eventually
from warehouses import CLUSTER, PASSWORD

AWS = Path(sys.executable).with_name("aws")


class Cluster:
    """A cluster of its own."""

    def __init__(self, installation) -> None:
        self.installation = installation
        self.name = unique("fleet").lower().replace("_", "-")
        self.client = installation.client("redshift")
        self.port = free_port()
        self.aws(
            "create-cluster", "--node-type", "ra3.large", "--master-username", "boss",
            "--master-user-password", PASSWORD, "--port", str(self.port), "--publicly-accessible",
        )
        self.becomes("available")
        self.aws("wait", "cluster-available")  # which asks again after a minute if it is not so at first
        self.described = self.aws("describe-clusters")["Clusters"][0]
        self.namespace = self.described["ClusterNamespaceArn"].rsplit(":", 1)[1]

    def aws(self, *words: str) -> dict:
        """What the command printed."""
        done = subprocess.run(
            [AWS, "redshift", *words, "--cluster-identifier", self.name],
            env=self.installation.environment(), capture_output=True, text=True, timeout=120, check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout or "{}")

    def psql(self, script: str, user: str = "boss", password: str = PASSWORD, database: str = "dev"):
        return subprocess.run(
            ["psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.described["Endpoint"]["Address"],
             "-p", str(self.described["Endpoint"]["Port"]), "-U", user, "-d", database, "-c", script],
            env={**os.environ, "PGPASSWORD": password}, capture_output=True, text=True, timeout=120, check=False,
        )

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="boss", password=PASSWORD, dbname="dev", autocommit=True
        )

    def status(self) -> str:
        return self.client.describe_clusters(ClusterIdentifier=self.name)["Clusters"][0]["ClusterStatus"]

    def becomes(self, status: str) -> None:
        eventually(lambda: self.status() == status, f"the cluster is {status}")

    def workers(self) -> list[str]:
        ecs = self.installation.client("ecs")
        return ecs.list_tasks(cluster=CLUSTER, startedBy=self.namespace)["taskArns"]


@pytest.fixture(scope="module")
def cluster(installation):
    own = Cluster(installation)
    assert own.psql("CREATE TABLE trade AS SELECT 7 AS i").stderr == ""
    yield own
    own.client.delete_cluster(ClusterIdentifier=own.name, SkipFinalClusterSnapshot=True)
    own.client.get_waiter("cluster_deleted").wait(
        ClusterIdentifier=own.name, WaiterConfig={"Delay": 1, "MaxAttempts": 300}
    )
    eventually(lambda: own.workers() == [], "a deleted cluster's worker ends")


def test_a_cluster_is_there_when_it_is_available(cluster, installation):
    assert cluster.psql("SELECT i, current_user FROM trade").stdout == "7|boss\n"
    assert cluster.described["Endpoint"] == {"Address": "127.0.0.1", "Port": cluster.port}
    assert cluster.described["ClusterParameterGroups"][0]["ParameterApplyStatus"] == "in-sync"
    serverless = installation.client("redshift-serverless")
    assert cluster.name not in [one["workgroupName"] for one in serverless.list_workgroups()["workgroups"]]


def test_a_paused_cluster_refuses_clients_until_it_is_resumed(cluster):
    with cluster.connect() as connection:
        connection.execute("SELECT 1")
        assert len(cluster.workers()) == 1
        assert cluster.client.pause_cluster(ClusterIdentifier=cluster.name)["Cluster"]["ClusterStatus"] == "pausing"
        cluster.becomes("paused")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    assert cluster.workers() == []
    refused = cluster.psql("SELECT 1")
    assert f"cluster {cluster.name} is paused" in refused.stderr

    cluster.client.resume_cluster(ClusterIdentifier=cluster.name)
    cluster.becomes("available")
    assert cluster.psql("SELECT i FROM trade").stdout == "7\n"


def test_a_rebooted_cluster_breaks_connections_and_keeps_tables(cluster):
    with cluster.connect() as connection:
        connection.execute("CREATE TEMP TABLE mine AS SELECT 1 AS i")
        cluster.client.reboot_cluster(ClusterIdentifier=cluster.name)
        cluster.becomes("available")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT i FROM mine")
    assert cluster.psql("SELECT i FROM trade").stdout == "7\n"


def test_temporary_passwords_of_a_user_that_is_named(cluster):
    given = cluster.aws("get-cluster-credentials", "--db-user", "eve", "--db-name", "dev", "--auto-create")
    assert given["DbUser"] == "IAMA:eve"
    assert cluster.psql("SELECT current_user", given["DbUser"], given["DbPassword"]).stdout == "eve\n"
    refused = cluster.psql("SELECT 1", given["DbUser"], given["DbPassword"], "sales")
    assert "is for database dev only" in refused.stderr
    unknown = cluster.aws("get-cluster-credentials", "--db-user", "nobody")
    assert 'user "nobody" does not exist' in cluster.psql("SELECT 1", unknown["DbUser"], unknown["DbPassword"]).stderr


def test_policies_decide_who_becomes_whom(cluster, installation):
    account = cluster.described["ClusterNamespaceArn"].split(":")[4]
    arn = f"arn:aws:redshift:us-east-1:{account}:dbuser:{cluster.name}/reader"
    caller = user(installation, allow("redshift:GetClusterCredentials", "redshift:CreateClusterUser", resource=arn))
    client = installation.client("redshift", **caller["keys"])

    given = client.get_cluster_credentials(ClusterIdentifier=cluster.name, DbUser="reader", AutoCreate=True)
    assert cluster.psql("SELECT current_user", given["DbUser"], given["DbPassword"]).stdout == "reader\n"
    with pytest.raises(ClientError, match="is not authorized to perform: redshift:GetClusterCredentials"):
        client.get_cluster_credentials(ClusterIdentifier=cluster.name, DbUser="boss")


def test_amazons_python_driver_finds_the_cluster_and_logs_in_by_iam(cluster, installation, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(installation.data / "tls" / "ca.pem"))
    exported = installation.exported
    keys = {
        "access_key_id": exported["AWS_ACCESS_KEY_ID"],
        "secret_access_key": exported["AWS_SECRET_ACCESS_KEY"],
        "region": exported["AWS_DEFAULT_REGION"],
        "endpoint_url": exported["AWS_ENDPOINT_URL"],
    }
    for more, expected in (
        ({"db_user": "eve", "auto_create": True}, "eve"),
        ({"group_federation": True}, "IAM:root"),
    ):
        with redshift_connector.connect(
            iam=True, cluster_identifier=cluster.name, database="dev", ssl=True, sslmode="verify-ca", **keys, **more
        ) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == [expected]


def test_the_data_api_runs_statements_on_a_cluster(cluster, installation):
    data = installation.client("redshift-data")

    def run(**who) -> list:
        submitted = data.execute_statement(
            Sql="SELECT current_user::varchar", ClusterIdentifier=cluster.name, Database="dev", **who
        )
        assert submitted["ClusterIdentifier"] == cluster.name
        eventually(lambda: data.describe_statement(Id=submitted["Id"])["Status"] == "FINISHED", "the statement ends")
        return data.get_statement_result(Id=submitted["Id"])["Records"][0][0]["stringValue"]

    assert run(DbUser="boss") == "boss"
    assert run() == "IAM:root"


def test_a_snapshot_becomes_another_cluster(cluster):
    name, copy = cluster.name + "-daily", cluster.name + "-copy"
    for statement in ("CREATE USER keeper PASSWORD 'Secret1234'", "GRANT SELECT ON trade TO keeper"):
        assert cluster.psql(statement).stderr == ""
    made = cluster.aws("create-cluster-snapshot", "--snapshot-identifier", name)["Snapshot"]
    assert made["Status"] == "creating"
    cluster.client.get_waiter("snapshot_available").wait(SnapshotIdentifier=name, WaiterConfig={"Delay": 1, "MaxAttempts": 300})
    assert cluster.psql("CREATE TABLE later AS SELECT 1 AS i").stderr == ""

    port = free_port()
    cluster.client.restore_from_cluster_snapshot(ClusterIdentifier=copy, SnapshotIdentifier=name, Port=port)
    for waiter in ("cluster_restored", "cluster_available"):
        cluster.client.get_waiter(waiter).wait(ClusterIdentifier=copy, WaiterConfig={"Delay": 1, "MaxAttempts": 300})
    with psycopg.connect(host="127.0.0.1", port=port, user="keeper", password=PASSWORD, dbname="dev") as connection:
        assert connection.execute("SELECT i FROM trade").fetchall() == [(7,)]
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT i FROM later")

    cluster.client.delete_cluster(ClusterIdentifier=copy, FinalClusterSnapshotIdentifier=copy + "-last")
    cluster.client.get_waiter("cluster_deleted").wait(ClusterIdentifier=copy, WaiterConfig={"Delay": 1, "MaxAttempts": 300})
    last = cluster.client.describe_cluster_snapshots(SnapshotIdentifier=copy + "-last")["Snapshots"][0]
    assert last["Status"] == "available" and last["TotalBackupSizeInMegaBytes"] > 0
    for snapshot in (name, copy + "-last"):
        cluster.client.delete_cluster_snapshot(SnapshotIdentifier=snapshot)


def test_a_managed_password_and_the_end_of_a_cluster(cluster, installation):
    name = cluster.name + "-managed"
    made = cluster.client.create_cluster(
        ClusterIdentifier=name, NodeType="dc2.large", MasterUsername="boss", ManageMasterPassword=True
    )["Cluster"]
    secrets = installation.client("secretsmanager")
    secret = json.loads(secrets.get_secret_value(SecretId=made["MasterPasswordSecretArn"])["SecretString"])
    cluster.client.get_waiter("cluster_available").wait(ClusterIdentifier=name, WaiterConfig={"Delay": 1, "MaxAttempts": 300})
    assert secret["username"] == "boss" and len(secret["password"]) > 30

    cluster.client.delete_cluster(ClusterIdentifier=name, SkipFinalClusterSnapshot=True)
    cluster.client.get_waiter("cluster_deleted").wait(ClusterIdentifier=name, WaiterConfig={"Delay": 1, "MaxAttempts": 300})
    with pytest.raises(secrets.exceptions.ResourceNotFoundException):
        secrets.get_secret_value(SecretId=made["MasterPasswordSecretArn"])
