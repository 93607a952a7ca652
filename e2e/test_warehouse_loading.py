"""COPY and UNLOAD of the warehouse, with S3, IAM and CloudTrail as they are."""

import gzip
import io
import json
import os
import signal
import threading
from pathlib import Path

import psycopg
import pytest
from host_tasks import unique
from waiting import eventually
from warehouses import ROLE_TRUST, loader


@pytest.fixture(scope="module")
def iam(installation):
    return installation.client("iam")


@pytest.fixture
def role(iam, bucket) -> str:
    return loader(iam, bucket)


def test_files_are_copied_and_unloaded_as_a_role(warehouse, role, bucket, s3, cloudtrail):
    warehouse.redshift.update_namespace(namespaceName=warehouse.name, iamRoles=[role], defaultIamRoleArn=role)
    s3.put_object(Bucket=bucket, Key="in/1", Body=b"id,name\n1,a\n2,\xc3\xa9\n")
    s3.put_object(Bucket=bucket, Key="in/2", Body=b"id,name\n3,c\n")
    s3.put_object(Bucket=bucket, Key="zipped", Body=gzip.compress(b"4|d\n"))

    copied = warehouse.psql(
        f"CREATE TABLE t(id INTEGER, name VARCHAR(20)); COPY t FROM 's3://{bucket}/in/' IAM_ROLE '{role}' CSV IGNOREHEADER 1"
    )
    assert "INFO:  Load into table 't' completed, 3 record(s) loaded successfully." in copied.stderr
    warehouse.psql(f"COPY t FROM 's3://{bucket}/zipped' IAM_ROLE default GZIP")
    assert warehouse.psql("SELECT string_agg(name, '' ORDER BY id) FROM t").stdout == "aécd\n"

    unloaded = warehouse.psql(
        f"UNLOAD ('SELECT * FROM t ORDER BY id') TO 's3://{bucket}/out/' IAM_ROLE default PARQUET PARALLEL OFF;"
        f"CREATE TABLE again(id INTEGER, name VARCHAR(20));"
        f"COPY again FROM 's3://{bucket}/out/' IAM_ROLE default PARQUET"
    )
    assert "Load into table 'again' completed, 4 record(s) loaded successfully." in unloaded.stderr
    (file,) = s3.list_objects_v2(Bucket=bucket, Prefix="out/")["Contents"]
    assert file["Key"] == "out/000.parquet"

    def assumed() -> bool:
        events = cloudtrail.lookup_events(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "AssumeRole"}], MaxResults=50
        )["Events"]
        details = [json.loads(event["CloudTrailEvent"]) for event in events]
        return any(
            role in (detail.get("requestParameters") or {}).values()
            and detail["userIdentity"].get("arn") == "redshift.amazonaws.com"
            and "errorCode" not in detail
            for detail in details
        )

    eventually(assumed, "the trail says that Redshift assumed the role")


def test_what_a_role_may_not_do_fails(warehouse, role, bucket, s3, iam):
    s3.put_object(Bucket=bucket, Key="f", Body=b"1\n")
    warehouse.psql("CREATE TABLE t(i INTEGER)")
    assert "is not associated to cluster" in warehouse.psql(f"COPY t FROM 's3://{bucket}/f' IAM_ROLE '{role}'").stderr

    stranger = iam.create_role(
        RoleName=unique("stranger"),
        AssumeRolePolicyDocument=json.dumps(ROLE_TRUST).replace("redshift.amazonaws.com", "ecs-tasks.amazonaws.com"),
    )["Role"]["Arn"]
    warehouse.redshift.update_namespace(namespaceName=warehouse.name, iamRoles=[role, stranger])
    assert "Not authorized to get credentials of role" in warehouse.psql(
        f"COPY t FROM 's3://{bucket}/f' IAM_ROLE '{stranger}'"
    ).stderr

    other = unique("bucket")
    s3.create_bucket(Bucket=other)
    s3.put_object(Bucket=other, Key="f", Body=b"1\n")
    assert "AccessDenied" in warehouse.psql(f"COPY t FROM 's3://{other}/f' IAM_ROLE '{role}'").stderr
    assert "AccessDenied" in warehouse.psql(f"UNLOAD ('SELECT 1') TO 's3://{other}/o' IAM_ROLE '{role}'").stderr
    assert [found["Key"] for found in s3.list_objects_v2(Bucket=other)["Contents"]] == ["f"]
    assert warehouse.psql("SELECT count(*) FROM t").stdout == "0\n"


def test_bad_rows_are_told_also_after_the_worker_was_killed(warehouse, bucket, s3, installation):
    keys = installation.exported
    authorization = (
        f"ACCESS_KEY_ID '{keys['AWS_ACCESS_KEY_ID']}' SECRET_ACCESS_KEY '{keys['AWS_SECRET_ACCESS_KEY']}'"
    )
    s3.put_object(Bucket=bucket, Key="f", Body=b"1|2024-01-02\n2|yesterday\n")
    warehouse.psql("CREATE TABLE t(i INTEGER, day DATE)")

    refused = warehouse.psql(f"COPY t FROM 's3://{bucket}/f' {authorization}")
    assert "Load into table 't' failed.  Check 'stl_load_errors' system table for details." in refused.stderr
    os.kill(warehouse.worker_pid(), signal.SIGKILL)
    told = "SELECT trim(filename), line_number, trim(colname), trim(type), raw_field_value, err_code FROM stl_load_errors"
    eventually(
        lambda: warehouse.psql(told).stdout == f"s3://{bucket}/f|2|day|date|yesterday|1205\n",
        "the error is still there",
    )


def there(directory: Path) -> list[Path]:
    """What is in a directory from which others remove things meanwhile."""
    try:
        return list(directory.rglob("*"))
    except FileNotFoundError:
        return []


def test_a_worker_that_is_killed_while_it_copies_loads_nothing(warehouse, bucket, s3, installation):
    keys = installation.exported
    rows = io.BytesIO(b"".join(b"%d|%s\n" % (i, b"x" * 90) for i in range(100_000)))
    for number in range(8):
        s3.put_object(Bucket=bucket, Key=f"many/{number}", Body=rows.getvalue())
    warehouse.psql("CREATE TABLE t(i INTEGER, s VARCHAR(100))")
    worker = warehouse.worker_pid()
    staging = warehouse.data / "warehouse" / warehouse.namespace["namespaceId"] / "groundplane-staging"

    copied, killed = threading.Event(), threading.Event()
    failures = []

    def copy() -> None:
        try:
            copy_and_commit()
        except psycopg.OperationalError as failure:
            failures.append(failure)

    def copy_and_commit() -> None:
        with warehouse.connect() as connection:
            connection.execute(
                f"COPY t FROM 's3://{bucket}/many/' ACCESS_KEY_ID '{keys['AWS_ACCESS_KEY_ID']}'"
                f" SECRET_ACCESS_KEY '{keys['AWS_SECRET_ACCESS_KEY']}'"
            )
            copied.set()
            killed.wait()

    copying = threading.Thread(target=copy)
    copying.start()
    # If it was too fast to be seen, what it has loaded is not committed all the same.
    eventually(lambda: copied.is_set() or any(file.is_file() for file in there(staging)), "files are staged")
    os.kill(worker, signal.SIGKILL)
    killed.set()
    copying.join()
    assert len(failures) == 1

    def loaded() -> str:
        return warehouse.psql("SELECT count(*) FROM t").stdout

    eventually(lambda: loaded() == "0\n", "nothing was loaded")
    assert list(staging.iterdir()) == []
