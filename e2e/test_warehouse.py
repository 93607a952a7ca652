"""The warehouse: Redshift Serverless by boto3, its databases by psql, psycopg and Amazon's own Python driver."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psycopg
import pytest
import redshift_connector
from installation import Installation
from waiting import eventually
from warehouses import CLUSTER, PASSWORD, Warehouse


@pytest.fixture(scope="module")
def sleepy_installation():
    """Its workgroups sleep soon."""
    own = Installation()
    try:
        own.up("--warehouse-sleeps-after", "1s")
        yield own
    finally:
        own.remove()


@pytest.fixture(scope="module")
def sleepy(sleepy_installation):
    return Warehouse(sleepy_installation)


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


def test_a_workgroup_sleeps_when_nobody_is_connected(sleepy):
    with sleepy.connect() as connection:
        connection.execute("CREATE TABLE t AS SELECT 7 AS i")
        assert len(sleepy.workers()) == 1  # which a transaction keeps awake
        connection.commit()
    eventually(lambda: sleepy.workers() == [], "the worker was stopped")
    assert sleepy.psql("SELECT i FROM t").stdout == "7\n"


def test_an_idle_connection_lets_its_workgroup_sleep_and_goes_on_afterwards(sleepy):
    with sleepy.connect(autocommit=True, prepare_threshold=0) as connection:
        key = connection.pgconn.backend_pid
        connection.execute("SET timezone TO 'Asia/Tokyo'")
        asked = "SELECT '2024-01-01 00:00:00+00'::timestamptz::varchar, %s::integer"
        assert connection.execute(asked, [1]).fetchone() == ("2024-01-01 09:00:00+09", 1)
        for number in (2, 3):
            eventually(lambda: sleepy.workers() == [], "the worker has ended")
            assert connection.execute(asked, [number]).fetchone() == ("2024-01-01 09:00:00+09", number)
        assert connection.pgconn.backend_pid == key


def test_a_temporary_table_keeps_its_workgroup_awake(sleepy, sleepy_installation):
    with sleepy.connect(autocommit=True) as connection, sleepy.connect(autocommit=True) as other:
        connection.execute("CREATE TEMP TABLE mine(i INTEGER)")
        worker = sleepy.worker_pid()
        other.execute("SET query_group TO 'parked'")
        # When one that is spoken to later has gone to sleep, this one has had the time for it.
        beside = Warehouse(sleepy_installation)
        beside.psql("SELECT 1")
        eventually(lambda: beside.workers() == [], "the other worker has ended")
        assert connection.execute("SELECT count(*) FROM mine").fetchone() == (0,)
        assert other.execute("SHOW query_group").fetchone() == ("parked",)
        assert sleepy.worker_pid() == worker
        connection.execute("DROP TABLE mine")
        eventually(lambda: sleepy.workers() == [], "the worker has ended")


def test_usage_is_recorded_while_awake(sleepy):
    sleepy.psql("SELECT 1")
    eventually(lambda: sleepy.workers() == [], "the worker has ended")

    def recorded() -> bool:
        used = sleepy.psql("SELECT sum(compute_seconds) > 0, min(compute_capacity)::integer FROM sys_serverless_usage")
        return used.stdout == "t|4\n"

    eventually(recorded, "the usage is recorded")


def test_many_idle_connections_wake_one_worker(sleepy):
    with ExitStack() as stack, ThreadPoolExecutor(8) as pool:
        connections = [stack.enter_context(sleepy.connect()) for _ in range(20)]
        eventually(lambda: sleepy.workers() == [], "the worker has ended")
        answers = pool.map(lambda numbered: numbered[1].execute("SELECT %s", [numbered[0]]).fetchone()[0], enumerate(connections))
        assert list(answers) == list(range(20))
        assert len(sleepy.workers()) == 1  # which their transactions keep awake


def test_the_cluster_is_for_the_platform_alone(warehouse):
    warehouse.psql("SELECT 1")
    definition = warehouse.ecs.register_task_definition(
        family="intruder", containerDefinitions=[{"name": "main", "image": "host", "memory": 64, "command": ["true"]}]
    )["taskDefinition"]["taskDefinitionArn"]

    with pytest.raises(warehouse.ecs.exceptions.InvalidParameterException, match="is reserved for Groundplane's own"):
        warehouse.ecs.run_task(cluster=CLUSTER, taskDefinition=definition)
