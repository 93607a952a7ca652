"""Secrets reach a task's environment, fetched with its execution role, and nothing else."""

import hashlib
import json

import pytest
from canaries import canary, files_with
from host_tasks import (
    container,
    container_of,
    output,
    register,
    start,
    stop_and_wait,
    unique,
    until_running,
    until_stopped,
)
from waiting import eventually

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
MAY_READ = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["secretsmanager:GetSecretValue", "ssm:GetParameters"],
            "Resource": "*",
        }
    ],
}
HASH = "printf %s \"$S\" | sha256sum | cut -d' ' -f1"


def make_role(installation, policy: dict | None) -> str:
    """A role for tasks; its ARN."""
    iam = installation.client("iam")
    name = unique("execution")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    if policy:
        iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=json.dumps(policy))
    return arn


@pytest.fixture(scope="module")
def role(installation) -> str:
    return make_role(installation, MAY_READ)


@pytest.fixture
def secret(secretsmanager):
    """The ARN of a secret that holds a JSON object."""
    arn = secretsmanager.create_secret(Name=unique("e2e/task"), SecretString='{"password": "one"}')["ARN"]
    yield arn
    secretsmanager.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)


def define(ecs, role: str, value_from: str, script: str = HASH, **fields) -> str:
    definition = container(script, secrets=[{"name": "S", "valueFrom": value_from}], **fields)
    return register(ecs, definition, executionRoleArn=role)


def run(ecs, definition: str) -> dict:
    return until_stopped(ecs, start(ecs, definition)["taskArn"])


def digest(text: str) -> list[str]:
    return [hashlib.sha256(text.encode()).hexdigest()]


def test_a_new_task_sees_the_new_value(ecs, logs, secretsmanager, role, secret):
    definition = define(ecs, role, f"{secret}:password::")
    assert output(logs, run(ecs, definition)) == digest("one")

    secretsmanager.put_secret_value(SecretId=secret, SecretString='{"password": "two"}')

    assert output(logs, run(ecs, definition)) == digest("two")
    previous = define(ecs, role, f"{secret}:password:AWSPREVIOUS:")
    assert output(logs, run(ecs, previous)) == digest("one")


def test_parameters_come_by_name_and_arn(ecs, logs, ssm, role):
    name = f"/{unique('e2e')}/password"
    ssm.put_parameter(Name=name, Value="s3cret", Type="SecureString")
    arn = ssm.get_parameter(Name=name)["Parameter"]["ARN"]

    for value_from in (name, arn):
        assert output(logs, run(ecs, define(ecs, role, value_from))) == digest("s3cret")


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        (":none::", "did not contain json key none"),
        ("x", "Secrets Manager can't find the specified secret."),
    ],
)
def test_what_is_not_there_fails_the_task_by_name(ecs, role, secret, rest, reason):
    task = run(ecs, define(ecs, role, secret + rest))

    assert task["stopCode"] == "TaskFailedToStart"
    failure = container_of(task)["reason"]
    assert failure.startswith("ResourceInitializationError: unable to pull secrets or registry auth: ")
    assert secret + rest in failure
    assert reason in failure


def test_a_role_that_may_not_read_fails_the_task(ecs, installation, secret):
    task = run(ecs, define(ecs, make_role(installation, None), secret))

    assert "AccessDeniedException" in container_of(task)["reason"]
    assert secret in container_of(task)["reason"]


def test_a_value_is_on_no_disk(ecs, installation, secretsmanager, role, secret):
    hidden = canary()
    secretsmanager.put_secret_value(SecretId=secret, SecretString=hidden)
    definition = define(ecs, role, secret, script='test "${#S}" = 39 && exec sleep 1000')
    task = start(ecs, definition)["taskArn"]
    until_running(ecs, task)

    assert files_with(installation.data, hidden) == []

    stopped = stop_and_wait(ecs, task)
    assert container_of(stopped)["exitCode"] == 143
    eventually(lambda: files_with(installation.data, hidden) == [], "no file has the value")
