"""A warehouse follows a MariaDB or MySQL server that the bank has already: boto3, aws CLI, psql, and MariaDB's client."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from binlog_servers import BinlogServer, MariaDbServer, MySqlServer
from botocore.exceptions import ClientError
from installation import Installation
from waiting import eventually
from warehouses import Warehouse

AWS = Path(sys.executable).with_name("aws")
SHOP = (
    "CREATE DATABASE shop; USE shop;"
    " CREATE TABLE shop.item(id INT PRIMARY KEY, name VARCHAR(40), amount DECIMAL(12, 2));"
    " INSERT INTO shop.item WITH RECURSIVE s(seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM s WHERE seq < 500)"
    " SELECT seq, CONCAT('N', seq % 5), seq FROM s;"
    " CREATE TABLE shop.secret_rate(id INT PRIMARY KEY);"
    " CREATE USER follower@'127.0.0.1' IDENTIFIED BY 'Secret1234' REQUIRE SSL"
)
LONG = 240


@pytest.fixture(scope="module")
def house():
    """An installation of these tests' own, whose warehouses sleep soon."""
    own = Installation()
    try:
        own.up("--warehouse-sleeps-after", "4s")
        yield own
    finally:
        own.remove()


@pytest.fixture(scope="module")
def warehouse(house):
    return Warehouse(house)


@pytest.fixture(scope="module", params=[MariaDbServer, MySqlServer], ids=["mariadb", "mysql"])
def shop(request) -> BinlogServer:
    """Each kind of server in its turn, with a shop."""
    own = request.param()
    try:
        own.says(SHOP)
        yield own
    finally:
        own.remove()


def aws(house: Installation, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [AWS, "glue", *words], env=house.environment(), capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def connection(house, shop) -> dict:
    """What the Glue connection is made of, which is there."""
    name = f"{shop.engine}-shop"
    house.client("secretsmanager").create_secret(
        Name=name, SecretString=json.dumps({"username": "follower", "password": "Secret1234"})
    )
    house.client("s3").create_bucket(Bucket="authorities")
    house.client("s3").put_object(Bucket="authorities", Key=f"{name}.pem", Body=shop.authority.read_bytes())
    properties = {
        "HOST": "127.0.0.1", "PORT": str(shop.port), "DATABASE": "shop", "JDBC_ENGINE": shop.engine,
        "SECRET_ID": name, "JDBC_ENFORCE_SSL": "true", "CUSTOM_JDBC_CERT": f"s3://authorities/{name}.pem",
    }
    made = {"Name": name, "ConnectionType": "JDBC", "ConnectionProperties": properties}
    done = aws(house, "create-connection", "--connection-input", json.dumps(made))
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture(scope="module")
def integration(house, warehouse, connection) -> str:
    """The ARN of an integration of all tables but the secret ones, which need not be active yet."""
    arn = warehouse.namespace["namespaceArn"].split(":")
    return house.client("glue").create_integration(
        IntegrationName=connection["Name"], SourceArn=f"arn:aws:glue:{arn[3]}:{arn[4]}:connection/{connection['Name']}",
        TargetArn=warehouse.namespace["namespaceArn"], DataFilter="include: shop.*, exclude: shop./^secret_/",
    )["IntegrationArn"]


def described(house, integration: str) -> dict:
    (found,) = house.client("glue").describe_integrations(IntegrationIdentifier=integration)["Integrations"]
    return found


def test_other_engines_are_refused_by_name(house, connection):
    properties = {**connection["ConnectionProperties"], "JDBC_ENGINE": "oracle"}
    refused = {**connection, "Name": "other", "ConnectionProperties": properties}
    with pytest.raises(ClientError) as oracle:
        house.client("glue").create_connection(ConnectionInput=refused)
    assert "only postgresql, mariadb and mysql" in oracle.value.response["Error"]["Message"]


def test_what_is_missing_is_told_with_what_mends_it(house, shop, connection, integration):
    refused = aws(house, "test-connection", "--connection-name", connection["Name"])
    assert refused.returncode != 0
    rights = f"GRANT {shop.rights} ON *.* TO 'follower'@'127.0.0.1'"
    select = "GRANT SELECT ON `shop`.* TO 'follower'@'127.0.0.1'"
    for remedy in (shop.unset, shop.remedy, rights, select):
        assert remedy in refused.stderr
    assert "Secret1234" not in refused.stderr
    eventually(lambda: described(house, integration)["Status"] == "NEEDS_ATTENTION", "somebody has looked", LONG)
    errors = [error["ErrorMessage"] for error in described(house, integration)["Errors"]]
    assert any(shop.unset in error for error in errors), errors

    shop.says(f"{shop.remedy}; {rights}; {select}")
    done = aws(house, "test-connection", "--connection-name", connection["Name"])
    assert done.returncode == 0, done.stderr
    eventually(lambda: described(house, integration)["Status"] == "ACTIVE", "the integration is active", LONG)
    assert not described(house, integration).get("Errors")


def test_rows_are_in_the_warehouse_by_themselves_through_sleep_and_kill(house, warehouse, shop, integration):
    created = warehouse.psql(f"CREATE DATABASE deals FROM INTEGRATION '{integration.rsplit(':', 1)[1]}'")
    assert created.returncode == 0, created.stderr

    def same(columns: str) -> bool:
        found = warehouse.psql(f"SELECT {columns} FROM deals.shop.item")
        return found.stdout.strip() == shop.says(f"SELECT {columns} FROM shop.item")

    eventually(lambda: same("count(*), sum(amount), max(name)"), "the rows were copied", LONG)
    shop.says(
        "UPDATE shop.item SET amount = amount + 1 WHERE id < 100; DELETE FROM shop.item WHERE id % 7 = 0;"
        " INSERT INTO shop.item VALUES (1000, 'new', 0.01)"
    )
    eventually(lambda: same("count(*), sum(amount), max(name)"), "the changes came", LONG)
    shop.says("ALTER TABLE shop.item ADD COLUMN note VARCHAR(20) DEFAULT 'none'")
    shop.says("UPDATE shop.item SET note = 'x' WHERE id = 1")
    eventually(lambda: same("count(*), sum(amount), min(note), max(note)"), "the column came, with its default", LONG)
    states = warehouse.psql("SELECT schema_name, table_name, table_state FROM svv_integration_table_state")
    assert states.stdout.strip() == "shop|item|Synced"

    os.kill(warehouse.worker_pid(), signal.SIGKILL)
    shop.says("INSERT INTO shop.item VALUES (2000, 'after', 7, 'y')")
    eventually(lambda: same("count(*), sum(amount), max(id)"), "the row after the kill came, once", LONG)

    # A warehouse that sleeps is woken by a change, and by nothing else.
    eventually(lambda: not warehouse.workers(), "the worker sleeps", LONG)
    before = shop.asked()
    eventually(lambda: shop.asked() >= before + 4, "it is watched", LONG)
    assert not warehouse.workers()
    shop.says("INSERT INTO shop.item VALUES (5000, 'late', 1, 'z')")
    eventually(lambda: warehouse.workers(), "the change woke a worker", LONG)
    eventually(lambda: same("count(*), sum(amount), max(id)"), "the late row came", LONG)

    # The same when the server is another process meanwhile.
    eventually(lambda: not warehouse.workers(), "the worker sleeps", LONG)
    shop.stop()
    shop.start()
    shop.says(f"{shop.remedy}; INSERT INTO shop.item VALUES (6000, 'later', 1, 'z')")
    eventually(lambda: warehouse.workers(), "the change woke a worker", LONG)
    eventually(lambda: same("count(*), sum(amount), max(id)"), "the row after the restart came", LONG)


def test_an_integration_that_ends_frees_its_connection(house, warehouse, connection, integration):
    glue = house.client("glue")
    with pytest.raises(ClientError) as used:
        glue.delete_connection(ConnectionName=connection["Name"])
    assert used.value.response["Error"]["Code"] == "ConflictException"
    dropped = warehouse.psql("DROP DATABASE deals")
    assert dropped.returncode == 0, dropped.stderr
    glue.delete_integration(IntegrationIdentifier=integration)
    eventually(lambda: not glue.describe_integrations()["Integrations"], "the integration is gone")
    glue.delete_connection(ConnectionName=connection["Name"])
