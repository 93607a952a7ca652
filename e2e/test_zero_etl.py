"""A warehouse follows an Aurora PostgreSQL cluster, and a server of the bank's own: boto3, aws CLI, psycopg, psql."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from bank import Bank
from botocore.exceptions import ClientError
from host_tasks import unique
from identities import allow, user
from installation import ROOT, Installation, free_port
from processes import only, running
from waiting import eventually
from warehouses import Warehouse

AWS = Path(sys.executable).with_name("aws")
PASSWORD = "Secret1234"
AT_ONCE = {"Delay": 1, "MaxAttempts": 300}


@pytest.fixture(scope="module")
def house():
    """An installation of these tests' own, whose warehouses sleep soon."""
    own = Installation()
    try:
        own.up("--warehouse-sleeps-after", "4s")
        yield own
    finally:
        own.remove()


class Cluster:
    """A DB cluster with its instance."""

    def __init__(self, house: Installation) -> None:
        self.rds = house.client("rds")
        self.name = unique("trades").lower().replace("_", "-")
        self.rds.create_db_cluster(
            DBClusterIdentifier=self.name, Engine="aurora-postgresql", DatabaseName="trades",
            MasterUsername="boss", MasterUserPassword=PASSWORD,
            Port=free_port(),  # the usual one may be that of another installation whose server is not there just now
        )
        self.rds.create_db_instance(
            DBInstanceIdentifier=f"{self.name}-1", DBClusterIdentifier=self.name,
            Engine="aurora-postgresql", DBInstanceClass="db.r6g.large",
        )
        self.rds.get_waiter("db_instance_available").wait(DBInstanceIdentifier=f"{self.name}-1", WaiterConfig=AT_ONCE)
        self.described = self.rds.describe_db_clusters(DBClusterIdentifier=self.name)["DBClusters"][0]

    def server(self) -> int:
        """The process of its server."""
        return only("postgres", f"-D .*{self.described['DbClusterResourceId']}")

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=self.described["Endpoint"], port=self.described["Port"], user="boss", password=PASSWORD,
            dbname="trades", autocommit=True,
        )


@pytest.fixture(scope="module")
def cluster(house):
    return Cluster(house)


@pytest.fixture(scope="module")
def warehouse(house):
    return Warehouse(house)


@pytest.fixture(scope="module")
def integration(cluster, warehouse):
    """The identifier of an active integration of the two."""
    return active_integration(cluster, warehouse)


def active_integration(cluster: Cluster, warehouse: Warehouse) -> str:
    """Makes an integration; its identifier, once it is active."""
    made = cluster.rds.create_integration(
        IntegrationName=unique("trades").replace("_", "-"), SourceArn=cluster.described["DBClusterArn"],
        TargetArn=warehouse.namespace["namespaceArn"], DataFilter="include: trades.*.*",
    )

    def active() -> bool:
        found = cluster.rds.describe_integrations(IntegrationIdentifier=made["IntegrationArn"])["Integrations"]
        return [one["Status"] for one in found] == ["active"]

    eventually(active, "the integration is active")
    return made["IntegrationArn"].rsplit(":", 1)[1]


def worker(warehouse) -> list[int]:
    """The processes of the namespace's worker."""
    return running("java", f"groundplane-warehouse.jar.*{warehouse.namespace['namespaceId']}")


def same(source: psycopg.Connection, target: psycopg.Connection) -> bool:
    rows = "SELECT id, symbol, amount FROM {}trade ORDER BY id"
    try:
        return source.execute(rows.format("")).fetchall() == target.execute(rows.format("sales.public.")).fetchall()
    except psycopg.errors.UndefinedTable:
        return False


def same_in_new_sessions(cluster: Cluster, warehouse: Warehouse) -> bool:
    """As `same`; false for a session that began with a worker that was just killed."""
    try:
        with cluster.connect() as source, warehouse.connect(autocommit=True) as target:
            return same(source, target)
    except psycopg.OperationalError:
        return False


def notes(target: psycopg.Connection) -> list[tuple]:
    try:
        return target.execute("SELECT DISTINCT note FROM sales.public.trade").fetchall()
    except psycopg.errors.UndefinedColumn:
        return []


def test_rows_are_in_the_warehouse_by_themselves_through_sleep_and_kill(cluster, warehouse, integration):
    with cluster.connect() as source, warehouse.connect(autocommit=True) as target:
        source.execute("CREATE TABLE trade(id int PRIMARY KEY, symbol text, amount numeric(12, 2))")
        source.execute("INSERT INTO trade SELECT n, 'S' || n % 5, n FROM generate_series(1, 1000) n")
        target.execute(f"CREATE DATABASE sales FROM INTEGRATION '{integration}' DATABASE 'trades'")
        eventually(lambda: same(source, target), "the rows were copied")
        source.execute("UPDATE trade SET amount = amount + 1 WHERE id < 100")
        source.execute("ALTER TABLE trade ADD COLUMN note text DEFAULT 'none'")
        eventually(lambda: same(source, target), "the rows were changed")
        eventually(lambda: notes(target) == [("none",)], "the column came, with its default")
        states = target.execute("SELECT table_name, table_state FROM svv_integration_table_state").fetchall()
        assert states == [("trade", "Synced")]

        def tables() -> list[tuple]:
            return target.execute("SELECT table_name FROM svv_integration_table_state ORDER BY 1").fetchall()

        cluster.rds.modify_integration(
            IntegrationIdentifier=integration, DataFilter="include: trades.*.*, exclude: trades.public./^secret/"
        )
        source.execute("CREATE TABLE secret_rate(id int PRIMARY KEY)")
        source.execute("INSERT INTO trade VALUES (2000, 'after', 1)")
        eventually(lambda: same(source, target), "the next row came")
        eventually(lambda: tables() == [("trade",)], "the other table is not wanted")
        cluster.rds.modify_integration(IntegrationIdentifier=integration, DataFilter="include: trades.*.*")
        eventually(lambda: tables() == [("secret_rate",), ("trade",)], "the other table came")

        os.kill(worker(warehouse)[0], signal.SIGKILL)
        source.execute("DELETE FROM trade WHERE id % 2 = 0")

    eventually(lambda: worker(warehouse), "the change woke a worker")
    eventually(lambda: same_in_new_sessions(cluster, warehouse), "the changes after the kill came")
    eventually(lambda: not worker(warehouse), "the worker sleeps")
    time.sleep(1)
    assert not worker(warehouse)
    with cluster.connect() as source:
        source.execute("INSERT INTO trade VALUES (5000, 'late', 1)")
        eventually(lambda: worker(warehouse), "the change woke a worker")
        with warehouse.connect(autocommit=True) as target:
            eventually(lambda: same(source, target), "the late row came")


def test_what_nobody_follows_leaves_nothing_at_the_source(cluster, warehouse, integration):
    def slots() -> list[tuple]:
        with cluster.connect() as source:
            return source.execute("SELECT slot_name FROM pg_replication_slots").fetchall()

    assert len(slots()) == 1
    with warehouse.connect(autocommit=True) as target:
        target.execute("DROP DATABASE sales")
    eventually(lambda: not slots(), "the slot is gone")
    cluster.rds.delete_integration(IntegrationIdentifier=integration)
    eventually(lambda: not cluster.rds.describe_integrations()["Integrations"], "the integration is gone")


@pytest.fixture(scope="module")
def bank():
    own = Bank()
    try:
        yield own
    finally:
        own.remove()


def aws(house: Installation, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [AWS, "glue", *words], env=house.environment(), capture_output=True, text=True, timeout=120, check=False
    )


def test_a_database_of_the_banks_own_is_followed_as_a_role_that_is_no_superuser(house, warehouse, bank):
    glue = house.client("glue")
    house.client("secretsmanager").create_secret(
        Name="trades", SecretString=json.dumps({"username": "follower", "password": "Secret1234"})
    )
    house.client("s3").create_bucket(Bucket="authorities")
    house.client("s3").put_object(Bucket="authorities", Key="bank.pem", Body=bank.authority.read_bytes())
    properties = {
        "HOST": "127.0.0.1", "PORT": str(bank.port), "DATABASE": "trades", "JDBC_ENGINE": "postgresql",
        "SECRET_ID": "trades", "JDBC_ENFORCE_SSL": "true", "CUSTOM_JDBC_CERT": "s3://authorities/bank.pem",
    }
    connection = {"Name": "bank", "ConnectionType": "JDBC", "ConnectionProperties": properties}
    made = aws(house, "create-connection", "--connection-input", json.dumps(connection))
    assert made.returncode == 0, made.stderr

    # Whoever makes one needs the right to its secret, and the server must be whom it says to be.
    stranger = house.client("glue", **user(house, allow("glue:*"))["keys"])
    with pytest.raises(ClientError) as denied:
        stranger.create_connection(ConnectionInput={**connection, "Name": "other"})
    assert "secretsmanager:GetSecretValue" in denied.value.response["Error"]["Message"]
    with pytest.raises(ClientError) as unknown:
        known = {name: value for name, value in properties.items() if name != "CUSTOM_JDBC_CERT"}
        glue.test_connection(TestConnectionInput={"ConnectionType": "JDBC", "ConnectionProperties": known})
    assert "there is no TLS" in unknown.value.response["Error"]["Message"]

    # What is missing is told, with what mends it.
    refused = aws(house, "test-connection", "--connection-name", "bank")
    assert refused.returncode != 0
    for remedy in ("SET wal_level = 'logical'", "ALTER ROLE follower REPLICATION", "zero-etl-source.sql"):
        assert remedy in refused.stderr
    assert "Secret1234" not in refused.stderr
    bank.says("ALTER SYSTEM SET wal_level = 'logical'")
    bank.stop()
    bank.start()
    bank.says("ALTER ROLE follower REPLICATION")
    bank.psql("trades", "-v", "follower=follower", "-f", str(ROOT / "docs" / "zero-etl-source.sql"))
    glue.test_connection(ConnectionName="bank")

    arn = warehouse.namespace["namespaceArn"].split(":")
    integration = glue.create_integration(
        IntegrationName="trades", SourceArn=f"arn:aws:glue:{arn[3]}:{arn[4]}:connection/bank",
        TargetArn=warehouse.namespace["namespaceArn"],
    )["IntegrationArn"]

    def described() -> list[dict]:
        return glue.describe_integrations()["Integrations"]

    eventually(lambda: described()[0]["Status"] == "ACTIVE", "the integration is active")
    created = warehouse.psql(f"CREATE DATABASE deals FROM INTEGRATION '{integration.rsplit(':', 1)[1]}'")
    assert created.returncode == 0, created.stderr

    def sums(columns: str) -> bool:
        found = warehouse.psql(f"SELECT {columns} FROM deals.public.trade")
        return found.stdout.strip() == bank.says(f"SELECT {columns} FROM trade", "trades")

    eventually(lambda: sums("count(*), sum(amount)"), "the rows were copied")
    bank.says("ALTER TABLE trade ADD COLUMN note text DEFAULT 'none'", "trades")
    bank.says("UPDATE trade SET amount = amount + 1, note = 'x' WHERE id < 100", "trades")
    eventually(lambda: sums("count(*), sum(amount), max(note)"), "the changes came")
    encrypted = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_replication USING (pid)"
    eventually(lambda: bank.says(encrypted) == "t", "it is followed by TLS alone")

    # A worker that sleeps is woken by a change, whichever server it comes from.
    eventually(lambda: not worker(warehouse), "the worker sleeps")
    eventually(lambda: bank.says("SELECT count(*) FROM pg_replication_slots WHERE active") == "1", "it is watched")
    bank.says("INSERT INTO trade VALUES (1000, 7, 'late')", "trades")
    eventually(lambda: worker(warehouse), "the change woke a worker")
    eventually(lambda: sums("count(*), sum(amount)"), "the late row came")

    with pytest.raises(ClientError) as used:
        glue.delete_connection(ConnectionName="bank")
    assert used.value.response["Error"]["Code"] == "ConflictException"
    assert warehouse.psql("DROP DATABASE deals").returncode == 0
    glue.delete_integration(IntegrationIdentifier=integration)
    eventually(lambda: not described(), "the integration is gone")
    assert bank.says("SELECT count(*) FROM pg_replication_slots") == "0"
    glue.delete_connection(ConnectionName="bank")
