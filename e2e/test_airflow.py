"""Real Airflow with unmodified operators of the Amazon provider runs the example DAGs."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from host_tasks import container_of, describe, unique, until_stopped
from installation import ROOT
from needs import require
from warehouses import Warehouse, loader

AIRFLOW = ROOT / "examples" / "airflow"
VENV = Path(__file__).resolve().parent / ".airflow-venv"
HOST_PYTHON = Path("/usr/bin/python3")


@pytest.fixture(scope="module")
def demo(installation, market_data) -> Path:
    """The risk program and its data where a host task can read them."""
    directory = installation.directory / "demo"
    directory.mkdir(mode=0o755)
    for file in [AIRFLOW / "var.py", *market_data.glob("*.csv")]:
        shutil.copyfile(file, directory / file.name)
    return directory


@pytest.fixture(scope="module")
def bank(installation):
    """The workgroup that bank_warehouse works on, with the role that loads it and the bucket of that role."""
    bucket = unique("market-data").lower().replace("_", "-")
    installation.client("s3").create_bucket(Bucket=bucket)
    role = loader(installation.client("iam"), bucket)
    own = Warehouse(installation, iamRoles=[role])
    with own.connect(autocommit=True) as session:
        session.execute("CREATE DATABASE trading")
        session.execute("CREATE TABLE quote (number bigint, index_name varchar(10), price float)")
        session.execute("INSERT INTO quote VALUES (1, 'sp500', 1), (2, 'sp500', 2500), (2, 'nasdaq', 6600)")
        session.execute("GRANT SELECT ON quote TO PUBLIC")
    with own.connect(autocommit=True, dbname="trading") as session:
        session.execute("CREATE TABLE desk (name text, risk_limit numeric(14, 2))")
        session.execute("INSERT INTO desk VALUES ('equities', 1000000), ('pensions', 1000000)")
        session.execute("CREATE TABLE trade (id bigint, desk text, index_name text, quantity int, price float)")
        session.execute(
            "INSERT INTO trade VALUES (1, 'equities', 'sp500', 2000, 2500), (2, 'equities', 'nasdaq', -200, 6600),"
            " (3, 'equities', 'sp500', 1000, 2500), (4, 'pensions', 'nasdaq', 3000, 6600)"
        )
        session.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
        session.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC")
    try:
        yield {
            "AIRFLOW_VAR_MARKET_BUCKET": bucket,
            "AIRFLOW_VAR_WAREHOUSE_WORKGROUP": own.name,
            "AIRFLOW_CONN_WAREHOUSE_LOADER": json.dumps({"conn_type": "aws", "extra": {"role_arn": role}}),
        }
    finally:
        own.remove()


@pytest.fixture(scope="module")
def dags_test(installation, demo):
    """Runs `airflow dags test ...`, with further variables, and returns the finished process, both outputs in one."""
    require((3, 11) <= sys.version_info[:2] <= (3, 13), "Airflow's requirements are frozen for Python 3.11 to 3.13")
    require(HOST_PYTHON.exists(), f"{HOST_PYTHON} runs the risk program on the host")
    environment = {
        **{name: value for name, value in installation.environment().items() if not name.startswith("AIRFLOW")},
        "AIRFLOW_VAR_RISK_DIRECTORY": str(demo),
        "AIRFLOW_VAR_RISK_PYTHON": str(HOST_PYTHON),
    }
    home = installation.directory / "airflow"

    def run(*words: str, seconds: float = 900, **variables: str) -> subprocess.CompletedProcess:
        command = [sys.executable, AIRFLOW / "local_airflow.py", "--home", home, "--venv", VENV, *words]
        return subprocess.run(
            [str(word) for word in command], env={**environment, **variables}, text=True, timeout=seconds, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )

    prepared = run(seconds=900)
    assert prepared.returncode == 0, prepared.stdout
    return lambda dag, *options, **variables: run("dags", "test", dag, *options, **variables)


def last_task(ecs, family: str) -> dict:
    """The newest stopped task of the family."""
    arns = ecs.list_tasks(family=family, desiredStatus="STOPPED")["taskArns"]
    return max((describe(ecs, arn) for arn in arns), key=lambda task: task["createdAt"])


def test_risk(dags_test, ecs):
    done = dags_test("bank_risk")
    assert done.returncode == 0, done.stdout
    for line in (
        "5,031 closes in",
        "historical simulation, 10 day(s): value at risk 956,360, expected shortfall 1,341,454",
        "bootstrap: 100,000 of 100,000 scenarios",
    ):
        assert done.stdout.count(line) == 1, f"{line!r} in\n{done.stdout}"
    task = last_task(ecs, "value-at-risk")
    assert container_of(task, "value-at-risk")["exitCode"] == 0
    assert task["startedBy"] == "airflow" and task["launchType"] == "EXTERNAL"


def test_the_warehouse_finds_the_same_risk_from_the_same_closes(dags_test, bank):
    done = dags_test("bank_warehouse", **bank)
    assert done.returncode == 0, done.stdout
    assert "sp500: 10-day value at risk 956,360, worst loss 2,588,460 in 5,021 windows" in done.stdout
    assert "nasdaq: 10-day value at risk 1,373,423, worst loss 2,736,905 in 5,021 windows" in done.stdout


def test_positions_of_another_database_are_set_against_their_limits(dags_test, bank):
    # 3,000 x 2,500 x 9.5636% + 200 x 6,600 x 13.73423%: what is sold does not set off what is bought
    done = dags_test("bank_positions", **bank)
    assert done.returncode == 0, done.stdout
    assert "equities: 3 trades, position 6,180,000, 10-day value at risk 898,562, limit 1,000,000 kept" in done.stdout
    assert "pensions: 1 trades, position 19,800,000, 10-day value at risk 2,719,378," in done.stdout
    assert "limit 1,000,000 BREACHED" in done.stdout


def test_two_positions_where_there_is_one_host(dags_test, ecs):
    done = dags_test("two_hosts")
    assert done.returncode == 0, done.stdout
    assert "portfolio: 10-day value at risk 1,164,892, limit 2,000,000" in done.stdout
    assert container_of(last_task(ecs, "value-at-risk-of-position"), "value-at-risk")["exitCode"] == 0


def test_a_breached_limit_fails_the_airflow_task(dags_test, ecs):
    done = dags_test("bank_risk", "--conf", json.dumps({"limit": 500_000, "index": "nasdaq"}))
    assert done.returncode != 0
    assert "limit breached" in done.stdout and "nasdaq.csv" in done.stdout
    assert container_of(last_task(ecs, "value-at-risk"), "value-at-risk")["exitCode"] == 3


def test_failing(dags_test, ecs):
    done = dags_test("failing_task")
    assert done.returncode != 0
    assert "'exitCode': 7" in done.stdout
    assert "This task is not in success state" in done.stdout and "ERROR the ledgers differ" in done.stdout
    assert container_of(last_task(ecs, "failing"), "reconcile")["exitCode"] == 7


def test_killed(dags_test, ecs):
    done = dags_test("killed_task")
    assert done.returncode != 0 and "AirflowTaskTimeout" in done.stdout
    task = until_stopped(ecs, last_task(ecs, "endless")["taskArn"])
    assert (task["stopCode"], task["stoppedReason"]) == ("UserInitiated", "Task killed by the user")
    assert container_of(task, "endless")["exitCode"] in (137, 143)
