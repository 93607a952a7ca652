"""The warehouse: Redshift Serverless by boto3, its databases by psql, psycopg and Amazon's own Python driver."""

import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import redshift_connector
from host_tasks import unique
from installation import Installation, free_port
from waiting import eventually

PASSWORD = "Secret1234"
CLUSTER = "groundplane-warehouse"


class Warehouse:
    """A namespace with its workgroup, and ways to connect to it."""

    def __init__(self, installation) -> None:
        self.data = installation.data
        self.name = unique("risk").lower().replace("_", "-")
        self.port = free_port()
        self.redshift = installation.client("redshift-serverless")
        self.ecs = installation.client("ecs")
        self.namespace = self.redshift.create_namespace(
            namespaceName=self.name, adminUsername="admin", adminUserPassword=PASSWORD
        )["namespace"]
        self.redshift.create_workgroup(workgroupName=self.name, namespaceName=self.name, baseCapacity=4, port=self.port)
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

    def worker_pid(self) -> int:
        """The process of the worker's JVM."""
        words = f"--directory .*{self.namespace['namespaceId']}"
        found = subprocess.run(["pgrep", "-f", f"java.*{words}"], capture_output=True, text=True, check=True)
        return int(found.stdout.split()[-1])

    def remove(self) -> None:
        self.redshift.delete_workgroup(workgroupName=self.name)
        self.redshift.delete_namespace(namespaceName=self.name)


@pytest.fixture
def warehouse(installation):
    own = Warehouse(installation)
    try:
        yield own
    finally:
        own.remove()


def test_psql_wakes_a_sleeping_workgroup(warehouse):
    assert warehouse.ecs.describe_clusters(clusters=[CLUSTER])["clusters"] == [] or warehouse.workers() == []

    first = warehouse.psql("CREATE TABLE trade(id INTEGER, amount NUMERIC(18,4)); INSERT INTO trade VALUES (1, 10.5)")
    assert first.stderr == ""
    assert warehouse.psql("SELECT id, amount FROM trade").stdout == "1|10.5000\n"
    assert len(warehouse.workers()) == 1


def test_a_killed_worker_loses_nothing_that_was_committed(warehouse):
    with warehouse.connect() as connection:
        connection.execute("CREATE TABLE trade(id INTEGER)")
        connection.execute("INSERT INTO trade SELECT * FROM generate_series(1, 1000)")
        connection.commit()
        connection.execute("INSERT INTO trade VALUES (-1)")
        os.kill(warehouse.worker_pid(), signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")

    assert warehouse.psql("SELECT count(*), min(id) FROM trade").stdout == "1000|1\n"


def test_tables_and_databases_are_defined_as_in_redshift(warehouse):
    made = warehouse.psql(
        "CREATE TABLE trade(id INT IDENTITY(1,1), name VARCHAR(3) ENCODE zstd) DISTKEY(name) SORTKEY(id)"
    )
    assert made.stderr == ""
    refused = warehouse.psql("INSERT INTO trade(name) VALUES ('long')")
    assert "value too long for type character varying(3)" in refused.stderr
    told = warehouse.psql('SELECT "column", type, encoding, distkey, sortkey FROM pg_table_def')
    assert told.stdout == "id|integer|none|f|1\nname|character varying(3)|zstd|t|0\n"

    assert warehouse.psql("CREATE DATABASE sales").stdout == "CREATE DATABASE\n"
    with warehouse.connect(dbname="sales") as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("sales",)


def test_a_worker_outlives_the_control_plane(own_installation):
    warehouse = Warehouse(own_installation)
    warehouse.psql("CREATE TABLE t AS SELECT 7 AS i")
    worker = warehouse.worker_pid()
    os.kill(own_installation.status()["pid"], signal.SIGKILL)
    own_installation.up()

    assert warehouse.psql("SELECT i FROM t").stdout == "7\n"
    assert warehouse.worker_pid() == worker
    assert len(warehouse.workers()) == 1


def test_many_first_clients_wake_one_worker(warehouse):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: warehouse.psql(f"SELECT {number}").stdout, range(8)))
    assert answers == [f"{number}\n" for number in range(8)]
    assert len(warehouse.workers()) == 1


def test_a_temporary_password_of_an_iam_principal(warehouse):
    given = warehouse.redshift.get_credentials(workgroupName=warehouse.name, dbName="dev")

    later = warehouse.redshift.get_credentials(workgroupName=warehouse.name, dbName="dev")
    assert given["dbUser"] == later["dbUser"] == "IAM:root"
    for password in (given["dbPassword"], later["dbPassword"]):
        for sslmode in ("require", "disable"):  # the password itself, and SCRAM
            assert warehouse.psql("SELECT 1", "IAM:root", password, sslmode).stdout == "1\n"
    refused = warehouse.psql("SELECT 1", "IAM:root", "another")
    assert 'password authentication failed for user "IAM:root"' in refused.stderr


def test_transactions_and_errors_as_psycopg_sees_them(warehouse):
    with warehouse.connect() as connection:
        connection.execute("CREATE TABLE t(i INTEGER)")
        connection.commit()
        connection.execute("INSERT INTO t VALUES (%s)", [1])
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute("SELECT 1/0")
        with pytest.raises(psycopg.errors.InFailedSqlTransaction):
            connection.execute("SELECT 1")
        connection.rollback()
        with pytest.raises(psycopg.errors.UndefinedTable, match='relation "nowhere" does not exist'):
            connection.execute("SELECT * FROM nowhere")
        connection.rollback()
        assert connection.execute("SELECT count(*) AS n FROM t").fetchall() == [(0,)]


def test_amazons_python_driver(warehouse, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(warehouse.authority))
    with redshift_connector.connect(
        host="localhost", port=warehouse.port, database="dev", user="admin", password=PASSWORD, sslmode="verify-full"
    ) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE t(day DATE, amount NUMERIC(18,4), name VARCHAR(20))")
        cursor.executemany("INSERT INTO t VALUES (%s, %s, %s)", [("2024-01-02", "1.5", "a"), ("2024-01-03", None, "b")])
        connection.commit()
        cursor.execute("SELECT dateadd(day, 1, day)::date, amount, nvl(name, '-') FROM t ORDER BY day")
        rows = [[str(value) for value in row] for row in cursor.fetchall()]
        assert rows == [["2024-01-03", "1.5000", "a"], ["2024-01-04", "None", "b"]]


def test_tls_is_verified(warehouse):
    with warehouse.connect(sslmode="require") as connection:
        assert connection.info.encoding == "utf-8"
    with warehouse.connect(host="localhost", sslmode="verify-full", sslrootcert=str(warehouse.authority)) as connection:
        assert connection.execute("SELECT 1").fetchall() == [(1,)]
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        warehouse.connect(host="localhost", sslmode="verify-full", sslrootcert="system")


def test_a_workgroup_sleeps_when_nobody_is_connected():
    own = Installation()
    try:
        own.up("--warehouse-sleeps-after", "1s")
        warehouse = Warehouse(own)
        with warehouse.connect() as connection:
            connection.execute("CREATE TABLE t AS SELECT 7 AS i")
            connection.commit()
            assert len(warehouse.workers()) == 1
        eventually(lambda: warehouse.workers() == [], "the worker was stopped")
        assert warehouse.psql("SELECT i FROM t").stdout == "7\n"
    finally:
        own.remove()


def test_the_cluster_is_for_the_platform_alone(warehouse):
    warehouse.psql("SELECT 1")
    definition = warehouse.ecs.register_task_definition(
        family="intruder", containerDefinitions=[{"name": "main", "image": "host", "memory": 64, "command": ["true"]}]
    )["taskDefinition"]["taskDefinitionArn"]

    with pytest.raises(warehouse.ecs.exceptions.InvalidParameterException, match="is reserved for Groundplane's own"):
        warehouse.ecs.run_task(cluster=CLUSTER, taskDefinition=definition)
