"""Files that land in S3 are in the warehouse by themselves: the aws CLI puts them, psql and psycopg read."""

import concurrent.futures
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from host_tasks import unique
from installation import Installation
from processes import running
from waiting import eventually
from warehouses import Warehouse, loader

AWS = Path(sys.executable).with_name("aws")


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
def s3(house):
    return house.client("s3")


@pytest.fixture(scope="module")
def bucket(s3) -> str:
    name = unique("market")
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture(scope="module")
def warehouse(house, bucket):
    """One with a table whose rows are those of files under in/."""
    made = Warehouse(house)
    role = loader(house.client("iam"), bucket)
    made.redshift.update_namespace(namespaceName=made.name, iamRoles=[role])
    script = made.psql("CREATE TABLE price(id INTEGER, day DATE)")
    assert script.returncode == 0, script.stderr
    script = made.psql(f"COPY price FROM 's3://{bucket}/in/' IAM_ROLE '{role}' CSV JOB CREATE prices AUTO ON")
    assert script.returncode == 0, script.stderr
    return made


def workers(warehouse) -> list[int]:
    """The processes of the namespace's worker."""
    return running("java", f"groundplane-warehouse.jar.*{warehouse.namespace['namespaceId']}")


def has(warehouse, rows: int) -> None:
    """Waits for so many rows, and that none is there twice."""
    with warehouse.connect(autocommit=True) as connection:
        query = "SELECT count(*), count(DISTINCT id) FROM price"
        eventually(lambda: connection.execute(query).fetchone()[0] >= rows, f"{rows} rows are there")
        assert connection.execute(query).fetchone() == (rows, rows)


def test_files_are_loaded_by_themselves_through_sleep_and_kill(house, warehouse, s3, bucket, tmp_path):
    file = tmp_path / "first.csv"
    file.write_text("0,2026-01-02\n")
    words = [str(AWS), "s3", "cp", str(file), f"s3://{bucket}/in/first.csv"]
    assert subprocess.run(words, env=house.environment(), capture_output=True, check=False).returncode == 0
    has(warehouse, 1)

    s3.put_object(Bucket=bucket, Key="in/bad", Body=b"1,2026-01-02\n2,yesterday\n")
    s3.put_object(Bucket=bucket, Key="in/good", Body=b"3,2026-01-02\n")
    has(warehouse, 2)
    told = "SELECT trim(file_name), status FROM sys_copy_job_detail ORDER BY 1"
    eventually(lambda: warehouse.psql(told).stdout == "in/bad|E\nin/first.csv|I\nin/good|I\n", "the files are told of")
    assert warehouse.psql("SELECT raw_field_value FROM stl_load_errors WHERE copy_job_id > 0").stdout == "yesterday\n"

    eventually(lambda: not workers(warehouse), "the worker sleeps")
    s3.put_object(Bucket=bucket, Key="elsewhere/file", Body=b"9,2026-01-02\n")
    time.sleep(1)
    assert not workers(warehouse)
    s3.put_object(Bucket=bucket, Key="in/late", Body=b"4,2026-01-02\n")
    eventually(lambda: workers(warehouse), "the file woke a worker")
    has(warehouse, 3)

    def put(number: int) -> None:
        s3.put_object(Bucket=bucket, Key=f"in/many/{number}", Body=f"{number},2026-01-02\n".encode())

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(1000, 1200)))
        os.kill(eventually(lambda: workers(warehouse), "a worker loads them")[0], signal.SIGKILL)
        list(pool.map(put, range(1200, 1400)))
    has(warehouse, 403)
    # A file is told of as one to come until a moment after its rows are there.
    told = "SELECT count(*), count(DISTINCT file_name) FROM sys_copy_job_detail"
    eventually(lambda: warehouse.psql(told).stdout == "404|404\n", "each file is told of once")


def test_an_event_integration_is_active_as_long_as_its_bucket_is(house, warehouse, s3):
    redshift = house.client("redshift")
    name = unique("events")
    s3.create_bucket(Bucket=name)
    target = warehouse.namespace["namespaceArn"]
    words = [str(AWS), "redshift", "create-integration", "--integration-name", name]
    words += ["--source-arn", f"arn:aws:s3:::{name}", "--target-arn", target]
    words += ["--query", "[IntegrationArn,Status]", "--output", "text"]
    made = subprocess.run(words, env=house.environment(), capture_output=True, text=True, check=True)
    arn, status = made.stdout.split()
    assert status == "active"
    assert redshift.describe_inbound_integrations(TargetArn=target)["InboundIntegrations"][0]["IntegrationArn"] == arn
    s3.delete_bucket(Bucket=name)
    described = redshift.describe_integrations(IntegrationArn=arn)["Integrations"][0]
    assert (described["Status"], described["Errors"][0]["ErrorCode"]) == ("failed", "SourceNotFound")
    redshift.delete_integration(IntegrationArn=arn)
    assert redshift.describe_integrations()["Integrations"] == []
