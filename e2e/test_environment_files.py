"""Variables from files in S3 reach a task, fetched with its execution role."""

import pytest
from host_tasks import container, output, register, start, unique, until_stopped
from test_secrets_in_tasks import make_role


@pytest.fixture(scope="module")
def bucket(installation):
    s3 = installation.client("s3")
    name = unique("settings")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="desk/rates.env", Body=b"# the desk\nDESK=rates\nLIMIT=7 \nGREETING=in the file\n")
    return name


@pytest.fixture(scope="module")
def role(installation, bucket) -> str:
    allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/desk/*"}
    return make_role(installation, {"Version": "2012-10-17", "Statement": [allow]})


def show(ecs, role: str, value: str, **fields) -> dict:
    definition = register(
        ecs,
        container(
            'echo "$DESK,$LIMIT,$GREETING"',
            environment=[{"name": "GREETING", "value": "defined"}],
            environmentFiles=[{"type": "s3", "value": value}],
        ),
        executionRoleArn=role,
    )
    return until_stopped(ecs, start(ecs, definition, **fields)["taskArn"])


def test_lines_become_variables(ecs, logs, bucket, role):
    task = show(ecs, role, f"arn:aws:s3:::{bucket}/desk/rates.env")
    assert output(logs, task) == ["rates,7 ,defined"]


def test_an_override_names_another_file(ecs, logs, installation, bucket, role):
    installation.client("s3").put_object(Bucket=bucket, Key="desk/credit.env", Body=b"DESK=credit")
    other = [{"name": "main", "environmentFiles": [{"type": "s3", "value": f"arn:aws:s3:::{bucket}/desk/credit.env"}]}]
    task = show(ecs, role, f"arn:aws:s3:::{bucket}/desk/rates.env", overrides={"containerOverrides": other})
    assert output(logs, task) == ["credit,,defined"]


@pytest.mark.parametrize(("key", "reason"), [("desk/missing.env", "NoSuchKey"), ("hr/rates.env", "AccessDenied")])
def test_a_file_that_is_not_to_be_had_fails_the_start(ecs, bucket, role, key, reason):
    value = f"arn:aws:s3:::{bucket}/{key}"
    task = show(ecs, role, value)
    assert task["stopCode"] == "TaskFailedToStart"
    assert f"failed to download env files: {value}" in task["stoppedReason"] and reason in task["stoppedReason"]
