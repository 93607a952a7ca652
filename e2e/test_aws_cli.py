"""The `aws` command as people type it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from host_tasks import LOG_GROUP, STREAM_PREFIX, container, unique
from needs import require
from waiting import eventually

AWS = Path(sys.executable).with_name("aws")


@pytest.fixture(scope="module")
def run(installation):
    """Runs `aws ...` and returns the finished process."""
    require(AWS.exists(), f"{AWS} is missing: pip install -r e2e/requirements.txt")
    environment = {**installation.environment(), "AWS_MAX_ATTEMPTS": "1", "AWS_PAGER": ""}

    def run_aws(*words: str, **changes: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(AWS), *words, "--output", "json"],
            env={**environment, **changes}, capture_output=True, text=True, timeout=120, check=False,
        )

    return run_aws


@pytest.fixture(scope="module")
def aws(run):
    """Runs `aws ...`, which must succeed, and returns what it printed."""

    def run_well(*words: str) -> dict:
        done = run(*words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else {}

    return run_well


@pytest.fixture(scope="module")
def stopped(aws):
    """A task that printed three lines and ended with exit code 5, run by the command line alone."""
    family = unique("cli")
    script = "echo first; echo second WARNING; echo third; exit 5"
    registered = aws(
        "ecs", "register-task-definition", "--family", family, "--requires-compatibilities", "EXTERNAL",
        "--container-definitions", json.dumps([container(script)]),
    )["taskDefinition"]
    assert registered["taskDefinitionArn"].endswith(f":task-definition/{family}:1")
    assert registered["status"] == "ACTIVE" and registered["revision"] == 1
    answer = aws(
        "ecs", "run-task", "--cluster", "default", "--task-definition", family, "--launch-type", "EXTERNAL",
        "--started-by", family,
    )
    assert answer["failures"] == []
    arn = answer["tasks"][0]["taskArn"]
    aws("ecs", "wait", "tasks-stopped", "--cluster", "default", "--tasks", arn)
    (task,) = aws("ecs", "describe-tasks", "--cluster", "default", "--tasks", arn)["tasks"]
    return task


def test_caller_identity(aws):
    identity = aws("sts", "get-caller-identity")
    assert set(identity) == {"UserId", "Account", "Arn"}
    assert len(identity["Account"]) == 12 and identity["Account"].isdigit()
    assert f"::{identity['Account']}:" in identity["Arn"]


def test_the_default_cluster_has_this_machine_as_its_instance(aws):
    (arn,) = [one for one in aws("ecs", "list-clusters")["clusterArns"] if one.endswith(":cluster/default")]
    (cluster,) = aws("ecs", "describe-clusters", "--clusters", "default")["clusters"]
    assert cluster["clusterArn"] == arn
    assert cluster["status"] == "ACTIVE" and cluster["registeredContainerInstancesCount"] == 1
    missing = aws("ecs", "describe-clusters", "--clusters", "nowhere")
    assert missing["clusters"] == [] and missing["failures"][0]["reason"] == "MISSING"


def test_exit_code(stopped):
    assert stopped["lastStatus"] == stopped["desiredStatus"] == "STOPPED"
    assert stopped["stopCode"] == "EssentialContainerExited"
    assert stopped["containers"][0]["exitCode"] == 5
    assert stopped["launchType"] == "EXTERNAL"


def test_get_log_events(aws, stopped):
    stream = f"{STREAM_PREFIX}/main/{stopped['taskArn'].rsplit('/', 1)[-1]}"
    page = aws(
        "logs", "get-log-events", "--log-group-name", LOG_GROUP, "--log-stream-name", stream, "--start-from-head"
    )
    assert [event["message"] for event in page["events"]] == ["first", "second WARNING", "third"]


def test_filter_log_events(aws, stopped):
    stream = f"{STREAM_PREFIX}/main/{stopped['taskArn'].rsplit('/', 1)[-1]}"
    found = aws(
        "logs", "filter-log-events", "--log-group-name", LOG_GROUP, "--log-stream-name-prefix", stream,
        "--filter-pattern", "WARNING",
    )
    assert [event["message"] for event in found["events"]] == ["second WARNING"]


@pytest.mark.parametrize("attribute", ["EventName", "Username", "ResourceName"])
def test_who_ran_the_task(aws, stopped, attribute):
    user = aws("sts", "get-caller-identity")["Arn"].rsplit(":", 1)[-1].rsplit("/", 1)[-1]
    value = {"EventName": "RunTask", "Username": user, "ResourceName": stopped["taskArn"]}[attribute]

    def run_of_this_task() -> list:
        found = aws(
            "cloudtrail", "lookup-events",
            "--lookup-attributes", f"AttributeKey={attribute},AttributeValue={value}", "--max-items", "500",
        )
        return [
            event for event in found["Events"]
            if event["EventName"] == "RunTask" and stopped["taskArn"] in event["CloudTrailEvent"]
        ]

    (event,) = eventually(run_of_this_task, f"RunTask by {attribute} {value}")
    assert event["EventSource"] == "ecs.amazonaws.com" and event["ReadOnly"] == "false"
    assert event["Username"] == user
    record = json.loads(event["CloudTrailEvent"])
    assert record["eventName"] == "RunTask" and record["awsRegion"] == "us-east-1"
    assert record["requestParameters"]["startedBy"] == stopped["startedBy"]
    assert record["userAgent"].startswith(("aws-cli/", "[aws-cli/"))


def test_unimplemented_operation_says_so(run):
    done = run("ecs", "describe-capacity-providers", "--debug")
    assert done.returncode != 0
    refusal = done.stderr.splitlines()[-1]
    assert "DescribeCapacityProviders" in refusal and "not implemented" in refusal.lower()
    assert '" 501 ' in done.stderr


def test_unimplemented_operation_over_the_query_protocol(run):
    done = run("iam", "list-virtual-mfa-devices", "--debug")
    assert done.returncode != 0
    assert "ListVirtualMFADevices" in done.stderr.splitlines()[-1]
    assert '" 501 ' in done.stderr


def test_wrong_secret(run):
    secret = "not/the/secret"
    assert "(InvalidSignatureException)" in run("ecs", "list-clusters", AWS_SECRET_ACCESS_KEY=secret).stderr
    assert "(SignatureDoesNotMatch)" in run("sts", "get-caller-identity", AWS_SECRET_ACCESS_KEY=secret).stderr


def test_unknown_task_definition(run):
    done = run("ecs", "describe-task-definition", "--task-definition", unique("absent"))
    assert "(ClientException)" in done.stderr and "Unable to describe task definition." in done.stderr
