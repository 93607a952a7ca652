"""Aurora PostgreSQL clusters by the aws CLI, boto3 and its waiters, and psql: real servers, which are killed, too."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from installation import Installation, free_port
from processes import only
from waiting import eventually

AWS = Path(sys.executable).with_name("aws")
AT_ONCE = {"Delay": 1, "MaxAttempts": 300}


@pytest.fixture(scope="module")
def house():
    """An installation of these tests' own: they kill it."""
    own = Installation()
    try:
        own.up()
        yield own
    finally:
        own.remove()


@pytest.fixture(scope="module")
def rds(house):
    return house.client("rds")


class Server:
    """A cluster with its instance, and ways to connect to it."""

    def __init__(self, house: Installation, name: str, password: str | None = None) -> None:
        self.house = house
        self.rds = house.client("rds")
        self.name = name
        self.rds.get_waiter("db_instance_available").wait(DBInstanceIdentifier=f"{name}-1", WaiterConfig=AT_ONCE)
        self.described = self.rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]
        self.password = password or self.managed_password()

    def managed_password(self) -> str:
        arn = self.rds.describe_db_clusters(DBClusterIdentifier=self.name)["DBClusters"][0]["MasterUserSecret"]["SecretArn"]
        secret = json.loads(self.house.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
        assert secret["username"] == "boss"
        return secret["password"]

    def psql(self, script: str, database: str = "trades", **environment: str) -> subprocess.CompletedProcess:
        words = ["psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.described["Endpoint"]]
        safe = {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": str(self.house.data / "tls" / "ca.pem")}
        return subprocess.run(
            [*words, "-p", str(self.described["Port"]), "-U", "boss", "-d", database, "-c", script],
            env={**os.environ, **safe, "PGPASSWORD": self.password, **environment},
            capture_output=True, text=True, timeout=120, check=False,
        )

    def says(self, script: str, **options: str) -> str:
        """What a statement answers, which the server must carry out."""
        done = self.psql(script, **options)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def answers(self) -> bool:
        return self.psql("SELECT 1").returncode == 0

    def pid(self) -> int:
        return only("postgres", f"-D .*{self.described['DbClusterResourceId']}")


def aws(house: Installation, *words: str) -> dict:
    """What `aws rds` printed; version 1 of it forgets AWS_ENDPOINT_URL in us-east-1."""
    done = subprocess.run(
        [AWS, "--endpoint-url", house.endpoint, "rds", *words],
        env=house.environment(), capture_output=True, text=True, timeout=120, check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout or "{}")


@pytest.fixture(scope="module")
def bank(house):
    """A cluster as people make one."""
    aws(
        house, "create-db-cluster", "--db-cluster-identifier", "bank", "--engine", "aurora-postgresql",
        "--master-username", "boss", "--manage-master-user-password", "--database-name", "trades", "--port", str(free_port()),
    )
    aws(
        house, "create-db-instance", "--db-instance-identifier", "bank-1", "--db-cluster-identifier", "bank",
        "--engine", "aurora-postgresql", "--db-instance-class", "db.t4g.medium",
    )
    return Server(house, "bank")


def test_a_cluster_is_a_postgresql_server(house, bank):
    aws(house, "wait", "db-cluster-available", "--db-cluster-identifier", "bank")
    aws(house, "wait", "db-instance-available", "--db-instance-identifier", "bank-1")
    assert bank.described["DBClusterMembers"][0]["IsClusterWriter"]
    assert bank.says("SELECT version()").startswith("PostgreSQL 17.")
    assert bank.says("SHOW wal_level") == "logical"
    assert bank.says("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user") == "f|t"
    bank.says("CREATE TABLE trade (id int PRIMARY KEY, price numeric); INSERT INTO trade VALUES (1, 9.5)")
    assert bank.psql("SELECT 1", database="rdsadmin").returncode != 0
    assert bank.psql("SELECT 1", PGPASSWORD="wrong").returncode != 0
    assert bank.psql("COPY trade TO PROGRAM 'cat'").returncode != 0
    owner = subprocess.run(["ps", "-o", "uid=", "-p", str(bank.pid())], capture_output=True, text=True, check=True).stdout
    assert int(owner) != 0


def test_a_server_that_is_killed_comes_back(bank):
    bank.says("INSERT INTO trade VALUES (2, 1.0)")
    before = bank.pid()
    os.kill(before, signal.SIGKILL)
    eventually(lambda: bank.answers(), "the server answers again")
    assert bank.pid() != before
    assert bank.says("SELECT count(*) FROM trade WHERE id = 2") == "1"


def test_a_server_outlives_agent_and_control_plane(house, bank):
    before = bank.pid()
    status = house.status()
    os.kill(status["agentPid"], signal.SIGKILL)
    os.kill(status["pid"], signal.SIGKILL)
    assert bank.says("INSERT INTO trade VALUES (3, 1.0) RETURNING id").startswith("3")
    house.up()
    assert bank.pid() == before
    os.kill(before, signal.SIGKILL)
    eventually(lambda: bank.answers(), "the server answers again")
    assert bank.says("SELECT count(*) FROM trade") == "3"


def becomes_available(rds, name: str) -> None:
    """The cluster and its instance have done what was wanted."""
    rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier=name, WaiterConfig=AT_ONCE)
    rds.get_waiter("db_instance_available").wait(DBInstanceIdentifier=f"{name}-1", WaiterConfig=AT_ONCE)


def test_parameters_hold_at_once_or_from_a_reboot_on(rds, bank):
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName="mine", DBParameterGroupFamily="aurora-postgresql17", Description="ours"
    )

    def change(name: str, value: str, method: str) -> None:
        rds.modify_db_cluster_parameter_group(
            DBClusterParameterGroupName="mine",
            Parameters=[{"ParameterName": name, "ParameterValue": value, "ApplyMethod": method}],
        )

    change("max_connections", "77", "pending-reboot")
    change("rds.force_ssl", "1", "immediate")
    rds.modify_db_cluster(DBClusterIdentifier="bank", DBClusterParameterGroupName="mine", ApplyImmediately=True)
    change("work_mem", "8192", "immediate")
    eventually(lambda: bank.says("SHOW work_mem") == "8MB", "the parameter holds")
    assert bank.says("SHOW max_connections") == "200"
    assert bank.psql("SELECT 1", PGSSLMODE="disable").returncode == 0

    rds.reboot_db_instance(DBInstanceIdentifier="bank-1")
    becomes_available(rds, "bank")
    assert bank.says("SELECT current_setting('max_connections'), current_setting('work_mem')") == "77|8MB"
    assert bank.psql("SELECT 1", PGSSLMODE="disable").returncode != 0


def test_a_password_is_changed_and_a_cluster_stopped(rds, bank):
    before = bank.password
    rds.modify_db_cluster(DBClusterIdentifier="bank", RotateMasterUserPassword=True, ApplyImmediately=True)
    becomes_available(rds, "bank")
    bank.password = bank.managed_password()
    assert bank.password != before
    assert bank.psql("SELECT 1", PGPASSWORD=before).returncode != 0

    rds.stop_db_cluster(DBClusterIdentifier="bank")
    eventually(lambda: rds.describe_db_clusters(DBClusterIdentifier="bank")["DBClusters"][0]["Status"] == "stopped", "it stops")
    assert not bank.answers()
    rds.start_db_cluster(DBClusterIdentifier="bank")
    becomes_available(rds, "bank")
    assert bank.says("SELECT count(*) FROM trade") == "3"


def test_a_snapshot_is_restored_as_another_cluster(house, rds, bank):
    bank.says("CREATE TABLE filled AS SELECT i FROM generate_series(1, 100000) i")
    rds.create_db_cluster_snapshot(DBClusterIdentifier="bank", DBClusterSnapshotIdentifier="monday")
    rds.get_waiter("db_cluster_snapshot_available").wait(DBClusterSnapshotIdentifier="monday", WaiterConfig=AT_ONCE)
    bank.says("DROP TABLE filled")

    rds.restore_db_cluster_from_snapshot(
        DBClusterIdentifier="copy", SnapshotIdentifier="monday", Engine="aurora-postgresql", Port=free_port()
    )
    rds.create_db_instance(
        DBInstanceIdentifier="copy-1", DBClusterIdentifier="copy", Engine="aurora-postgresql", DBInstanceClass="db.t4g.medium"
    )
    copy = Server(house, "copy", bank.password)
    assert copy.says("SELECT count(*) FROM filled") == "100000"
    rds.delete_db_instance(DBInstanceIdentifier="copy-1")
    rds.delete_db_cluster(DBClusterIdentifier="copy", FinalDBSnapshotIdentifier="last")
    rds.get_waiter("db_cluster_deleted").wait(DBClusterIdentifier="copy", WaiterConfig=AT_ONCE)
    taken = rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]
    assert {one["DBClusterSnapshotIdentifier"]: one["Status"] for one in taken} == {"monday": "available", "last": "available"}
    for name in ("monday", "last"):
        rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier=name)
        rds.get_waiter("db_cluster_snapshot_deleted").wait(DBClusterSnapshotIdentifier=name, WaiterConfig=AT_ONCE)
    assert list((house.data / "rds" / "snapshots").iterdir()) == []


def test_an_older_major_version_with_a_password_of_ones_own(house, rds):
    rds.create_db_cluster(
        DBClusterIdentifier="old", Engine="aurora-postgresql", EngineVersion="16", Port=free_port(),
        MasterUsername="boss", MasterUserPassword="Secret1234", DatabaseName="trades",
    )
    rds.create_db_instance(
        DBInstanceIdentifier="old-1", DBClusterIdentifier="old", Engine="aurora-postgresql", DBInstanceClass="db.t4g.medium"
    )
    old = Server(house, "old", "Secret1234")
    assert old.says("SELECT version()").startswith("PostgreSQL 16.")
    assert old.described["EngineVersion"].startswith("16.")


def test_what_is_refused(rds, bank):
    for code, call in {
        "DBClusterAlreadyExistsFault": lambda: rds.create_db_cluster(
            DBClusterIdentifier="bank", Engine="aurora-postgresql", MasterUsername="boss", MasterUserPassword="Secret1234"
        ),
        "DBClusterNotFoundFault": lambda: rds.describe_db_clusters(DBClusterIdentifier="none"),
        "DBInstanceNotFound": lambda: rds.describe_db_instances(DBInstanceIdentifier="none"),
        "InvalidDBClusterStateFault": lambda: rds.delete_db_cluster(DBClusterIdentifier="bank", SkipFinalSnapshot=True),
        "InvalidParameterCombination": lambda: rds.delete_db_cluster(DBClusterIdentifier="bank"),
    }.items():
        with pytest.raises(ClientError) as refused:
            call()
        assert refused.value.response["Error"]["Code"] == code


def test_a_deleted_cluster_leaves_nothing(house, rds, bank):
    secret = bank.described["MasterUserSecret"]["SecretArn"]
    rds.delete_db_instance(DBInstanceIdentifier="bank-1")
    rds.delete_db_cluster(DBClusterIdentifier="bank", SkipFinalSnapshot=True)
    rds.get_waiter("db_cluster_deleted").wait(DBClusterIdentifier="bank", WaiterConfig=AT_ONCE)
    assert not bank.answers()
    assert not (house.data / "rds" / bank.described["DbClusterResourceId"]).exists()
    family = f"groundplane-rds-{bank.described['DbClusterResourceId']}"
    assert house.client("ecs").list_task_definitions(familyPrefix=family)["taskDefinitionArns"] == []
    with pytest.raises(ClientError):
        house.client("secretsmanager").get_secret_value(SecretId=secret)
