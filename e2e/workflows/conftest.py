"""One installation and one Airflow for the tests of this directory, ended after the last of them."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from installation import Installation
from needs import require
from waiting import eventually
from warehouses import PASSWORD, Warehouse

from workflows.airflow_service import EXAMPLE, AirflowService


@pytest.fixture(scope="package")
def platform():
    """An installation that these tests may kill and give a second host."""
    own = Installation()
    try:
        own.up()
        yield own
    finally:
        own.remove()


@pytest.fixture(scope="package")
def ecs(platform):
    return platform.client("ecs")


@pytest.fixture(scope="package")
def warehouse(platform):
    """A workgroup that Airflow's connections warehouse and warehouse_iam lead to."""
    own = Warehouse(platform)
    try:
        yield own
    finally:
        own.remove()


@pytest.fixture(scope="package")
def airflow(platform, warehouse):
    """Scheduler, DAG processor, triggerer and API server with the DAGs of these tests and of the example."""
    require((3, 11) <= sys.version_info[:2] <= (3, 13), "Airflow's requirements are frozen for Python 3.11 to 3.13")
    environment = {
        **platform.environment(),
        "AIRFLOW_CONN_PATIENT": json.dumps(connection(platform)),
        "AIRFLOW_CONN_WAREHOUSE": json.dumps({**database(warehouse), "login": "admin", "password": PASSWORD}),
        "AIRFLOW_CONN_WAREHOUSE_IAM": json.dumps(
            {
                **database(warehouse),
                "extra": {"iam": True, "is_serverless": True, "serverless_work_group": warehouse.name},
            }
        ),
        "SSL_CERT_FILE": str(warehouse.authority),
    }
    folders = [Path(__file__).resolve().parent / "dags", EXAMPLE / "dags"]
    service = AirflowService(platform.directory / "airflow", folders, environment)
    try:
        service.start()
        yield service
    finally:
        service.stop()
    eventually(lambda: not service.leftovers(), "no process is left of Airflow")


def connection(platform) -> dict:
    """A connection as docs/workflows.md describes it: calls are repeated for a while when nobody answers."""
    retries = {"mode": "standard", "max_attempts": 10}
    return {
        "conn_type": "aws",
        "login": platform.exported["AWS_ACCESS_KEY_ID"],
        "password": platform.exported["AWS_SECRET_ACCESS_KEY"],
        "extra": {
            "endpoint_url": platform.endpoint, "region_name": "us-east-1", "config_kwargs": {"retries": retries},
        },
    }


def database(warehouse) -> dict:
    """What every connection to the workgroup's database has."""
    return {"conn_type": "redshift", "host": "127.0.0.1", "port": warehouse.port, "schema": "dev"}


@pytest.fixture
def scratch_file(platform, request) -> Path:
    """A file that a test makes when its tasks may end; tasks can see it."""
    return platform.scratch / request.node.name


@pytest.fixture(scope="package")
def risk_directory(platform, market_data) -> Path:
    """The example's risk program and its data where host tasks can read them."""
    directory = platform.directory / "risk"
    directory.mkdir(mode=0o755)
    for file in [EXAMPLE / "var.py", *market_data.glob("*.csv")]:
        shutil.copyfile(file, directory / file.name)
    return directory
