"""The unmodified S3ToRedshiftOperator, RedshiftToS3Operator and RedshiftSQLHook over a workgroup."""

import pytest
from host_tasks import unique

WAYS = ("driver", "iam", "data_api")


@pytest.fixture(scope="module")
def bucket(platform):
    name = unique("transfers").lower().replace("_", "-")
    s3 = platform.client("s3")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="first.csv", Body=b"1,a\n2,b\n")
    s3.put_object(Bucket=name, Key="second.csv", Body=b"2,bb\n3,c\n")
    return name


def test_files_are_loaded_in_every_way_and_unloaded(airflow, warehouse, bucket, platform):
    for way in WAYS:
        made = warehouse.psql(
            f"CREATE TABLE {way}(id INTEGER PRIMARY KEY, name VARCHAR(20)); INSERT INTO {way} VALUES (9, 'old')"
        )
        assert made.returncode == 0, made.stderr
        warehouse.psql(f'GRANT ALL ON {way} TO PUBLIC')
    states = airflow.trigger("redshift_transfers", workgroup=warehouse.name, bucket=bucket).finish()
    assert set(states.values()) == {"success"}, states
    s3 = platform.client("s3")
    for way in WAYS:
        assert warehouse.psql(f"SELECT id, name FROM {way} ORDER BY id").stdout == "1|a\n2|bb\n3|c\n"
        unloaded = s3.get_object(Bucket=bucket, Key=f"out/{way}_000")["Body"].read().decode().splitlines()
        assert (unloaded[0], sorted(unloaded[1:])) == ("id,name", ["1,a", "2,bb", "3,c"])
