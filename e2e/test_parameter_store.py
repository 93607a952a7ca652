"""Parameter Store with boto3 and the aws CLI."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from canaries import canary, files_with
from host_tasks import unique

AWS = Path(sys.executable).with_name("aws")


@pytest.fixture
def path(ssm):
    """A path of the test's own; what it leaves there goes."""
    own = f"/{unique('e2e')}"
    yield own
    found = ssm.get_paginator("get_parameters_by_path").paginate(Path=own, Recursive=True)
    names = [parameter["Name"] for page in found for parameter in page["Parameters"]]
    for begin in range(0, len(names), 10):
        ssm.delete_parameters(Names=names[begin : begin + 10])


def value(ssm, name: str, decrypt: bool = True) -> str:
    return ssm.get_parameter(Name=name, WithDecryption=decrypt)["Parameter"]["Value"]


def refused(call, **request) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_versions_and_labels(ssm, path):
    name = f"{path}/limit"
    ssm.put_parameter(Name=name, Value="1", Type="String")
    assert ssm.put_parameter(Name=name, Value="2", Overwrite=True)["Version"] == 2
    ssm.label_parameter_version(Name=name, ParameterVersion=1, Labels=["prod"])

    assert value(ssm, name) == "2"
    assert value(ssm, f"{name}:1") == "1"
    assert value(ssm, f"{name}:prod") == "1"
    history = ssm.get_parameter_history(Name=name)["Parameters"]
    assert [(one["Value"], one["Labels"]) for one in history] == [("1", ["prod"]), ("2", [])]


def test_errors_are_awss(ssm, path):
    ssm.put_parameter(Name=f"{path}/a", Value="1", Type="String")
    code, message = refused(ssm.put_parameter, Name=f"{path}/a", Value="2", Type="String")
    assert (code, message) == (
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    )
    assert refused(ssm.get_parameter, Name=f"{path}/none")[0] == "ParameterNotFound"
    assert refused(ssm.get_parameter, Name=f"{path}/a:7")[0] == "ParameterVersionNotFound"
    assert refused(ssm.put_parameter, Name="/aws/x", Value="1", Type="String")[0] == "ValidationException"


def test_paths_filters_and_pages(ssm, path):
    for number in range(12):
        ssm.put_parameter(Name=f"{path}/n/{number:02}", Value=str(number), Type="String")
    ssm.put_parameter(Name=f"{path}/list", Value="a,b", Type="StringList", Tags=[{"Key": "k", "Value": "v"}])

    pages = list(ssm.get_paginator("get_parameters_by_path").paginate(Path=f"{path}/n"))
    assert [parameter["Value"] for page in pages for parameter in page["Parameters"]] == [str(n) for n in range(12)]
    assert len(pages) == 2
    described = ssm.describe_parameters(
        ParameterFilters=[
            {"Key": "Path", "Option": "Recursive", "Values": [path]},
            {"Key": "Type", "Values": ["StringList"]},
        ]
    )["Parameters"]
    assert [one["Name"] for one in described] == [f"{path}/list"]
    tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=f"{path}/list")["TagList"]
    assert tags == [{"Key": "k", "Value": "v"}]


def test_the_command_line_reads_and_writes(installation, path):
    def aws(*words: str) -> dict:
        done = subprocess.run(
            [str(AWS), "--output", "json", "ssm", *words],
            env=installation.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return json.loads(done.stdout)

    aws("put-parameter", "--name", f"{path}/password", "--type", "SecureString", "--value", "s3cret")
    answer = aws("get-parameters", "--names", f"{path}/password", f"{path}/none", "--with-decryption")
    assert answer["Parameters"][0]["Value"] == "s3cret"
    assert answer["InvalidParameters"] == [f"{path}/none"]


def test_a_secure_string_is_nowhere_but_in_its_answer(installation, ssm, path):
    hidden = canary()
    ssm.put_parameter(Name=f"{path}/password", Value=hidden, Type="SecureString")
    # What is refused is recorded as well.
    refused(ssm.put_parameter, Name=f"{path}/password", Value=hidden, Type="SecureString")
    refused(ssm.put_parameter, Name=f"{path}/x", Value=hidden, Type="SecureString", AllowedPattern="^[0-9]+$")

    assert value(ssm, f"{path}/password") == hidden
    assert hidden not in value(ssm, f"{path}/password", decrypt=False)
    assert files_with(installation.data, hidden) == []
