"""Secrets Manager with boto3 and the aws CLI."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from canaries import canary, files_with
from host_tasks import unique
from waiting import eventually

AWS = Path(sys.executable).with_name("aws")


@pytest.fixture
def secret(secretsmanager):
    name = unique("e2e/secret")
    secretsmanager.create_secret(Name=name, SecretString="one")
    yield name
    secretsmanager.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def value(secretsmanager, **request) -> str:
    return secretsmanager.get_secret_value(**request)["SecretString"]


def refused(call, **request) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_new_value_moves_the_labels(secretsmanager, secret):
    arn = secretsmanager.describe_secret(SecretId=secret)["ARN"]

    secretsmanager.put_secret_value(SecretId=secret, SecretString="two")

    assert value(secretsmanager, SecretId=arn) == "two"
    assert value(secretsmanager, SecretId=arn[:-7]) == "two"
    assert value(secretsmanager, SecretId=secret, VersionStage="AWSPREVIOUS") == "one"
    stages = secretsmanager.describe_secret(SecretId=secret)["VersionIdsToStages"]
    assert sorted(stages.values()) == [["AWSCURRENT"], ["AWSPREVIOUS"]]


def test_binary_comes_back_as_it_went(secretsmanager, secret):
    secretsmanager.put_secret_value(SecretId=secret, SecretBinary=bytes(range(256)))

    answer = secretsmanager.get_secret_value(SecretId=secret)

    assert answer["SecretBinary"] == bytes(range(256))
    assert "SecretString" not in answer


def test_a_deleted_secret_can_be_restored(secretsmanager, secret):
    secretsmanager.delete_secret(SecretId=secret, RecoveryWindowInDays=7)
    code, message = refused(secretsmanager.get_secret_value, SecretId=secret)
    assert code == "InvalidRequestException"
    assert message == "You can't perform this operation on the secret because it was marked for deletion."

    secretsmanager.restore_secret(SecretId=secret)

    assert value(secretsmanager, SecretId=secret) == "one"


def test_errors_are_awss(secretsmanager, secret):
    code, message = refused(secretsmanager.get_secret_value, SecretId="none")
    assert (code, message) == (
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret.",
    )
    code, message = refused(secretsmanager.create_secret, Name=secret, SecretString="x")
    assert (code, message) == (
        "ResourceExistsException",
        f"The operation failed because the secret {secret} already exists.",
    )
    code, message = refused(secretsmanager.create_secret, Name=unique("s"), KmsKeyId="alias/mine")
    assert code == "InvalidParameterException"
    assert "KmsKeyId" in message


def test_listing_filters_and_pages(secretsmanager):
    prefix = unique("e2e/list")
    names = [f"{prefix}/{number}" for number in range(3)]
    for name in names:
        secretsmanager.create_secret(Name=name, Tags=[{"Key": "team", "Value": prefix}])
    try:
        pages = secretsmanager.get_paginator("list_secrets").paginate(
            Filters=[{"Key": "name", "Values": [prefix]}], PaginationConfig={"PageSize": 2}
        )
        assert [entry["Name"] for page in pages for entry in page["SecretList"]] == names
        found = secretsmanager.list_secrets(Filters=[{"Key": "tag-value", "Values": [prefix]}])
        assert len(found["SecretList"]) == 3
    finally:
        for name in names:
            secretsmanager.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def test_the_command_line_reads_and_writes(installation, secret):
    def aws(*words: str) -> dict:
        done = subprocess.run(
            [str(AWS), "--output", "json", "secretsmanager", *words],
            env=installation.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return json.loads(done.stdout)

    aws("update-secret", "--secret-id", secret, "--secret-string", '{"user":"a"}')
    answer = aws("get-secret-value", "--secret-id", secret)
    assert json.loads(answer["SecretString"]) == {"user": "a"}
    assert len(aws("get-random-password", "--password-length", "20")["RandomPassword"]) == 20


def test_a_value_is_nowhere_but_in_its_answer(installation, secretsmanager, cloudtrail, secret):
    text, binary = canary(), canary()
    secretsmanager.put_secret_value(SecretId=secret, SecretString=text)
    assert value(secretsmanager, SecretId=secret) == text
    secretsmanager.update_secret(SecretId=secret, SecretBinary=binary.encode())
    # What is refused is recorded as well.
    refused(secretsmanager.create_secret, Name=secret, SecretString=text)
    refused(secretsmanager.put_secret_value, SecretId="none", SecretBinary=binary.encode())

    def recorded() -> list[dict]:
        looked_up = cloudtrail.lookup_events(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "PutSecretValue"}]
        )
        return [event for event in looked_up["Events"] if secret in event["CloudTrailEvent"]]

    eventually(recorded, "a record of PutSecretValue")
    for event in recorded():
        assert "HIDDEN_DUE_TO_SECURITY_REASONS" in event["CloudTrailEvent"]
    for hidden in (text, binary):
        assert files_with(installation.data, hidden) == []


def test_secrets_outlive_a_crash(own_installation):
    secretsmanager = own_installation.client("secretsmanager")
    secretsmanager.create_secret(Name="db", SecretString="one")
    own_installation.down()

    own_installation.up()

    assert value(secretsmanager, SecretId="db") == "one"
