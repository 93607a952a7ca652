"""A task's program calls AWS APIs with its task role and finds its own metadata, without any key in sight."""

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from canaries import files_below, files_with
from host_tasks import container, describe, register, start, stop_and_wait, unique, until_running, until_stopped
from needs import require
from processes import kill
from test_crash import healthy
from waiting import eventually

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
MAY_LIST_CLUSTERS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "ecs:ListClusters", "Resource": "*"}],
}
# Looks around again and again, each time with new clients, and writes down what it saw.
PROGRAM = """
import itertools, json, os, sys, time, urllib.request
import boto3
from botocore.exceptions import ClientError

def outcome(call):
    try:
        call()
        return "allowed"
    except ClientError as error:
        return error.response["Error"]["Code"]

def look_around(look):
    metadata = os.environ["ECS_CONTAINER_METADATA_URI_V4"]
    session = boto3.session.Session()
    return {
        "look": look,
        "key": session.get_credentials().access_key,
        "arn": session.client("sts").get_caller_identity()["Arn"],
        "list_clusters": outcome(session.client("ecs").list_clusters),
        "list_tasks": outcome(session.client("ecs").list_tasks),
        "container": json.load(urllib.request.urlopen(metadata)),
        "task": json.load(urllib.request.urlopen(metadata + "/task")),
        "environment": {name: os.environ[name] for name in os.environ if name.startswith(("AWS_", "ECS_"))},
    }

for look in itertools.count(1):
    try:
        seen = look_around(look)
    except Exception as error:  # nobody answers while the agent is away
        print(look, error, flush=True)
        continue
    finally:
        time.sleep(0.1)
    with open("seen.new", "w") as file:
        json.dump(seen, file)
    os.rename("seen.new", sys.argv[1])
"""


@pytest.fixture
def role(own_installation) -> str:
    """A role that tasks may have and that may list clusters; its ARN."""
    name = unique("reader")
    iam = own_installation.client("iam")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=json.dumps(MAY_LIST_CLUSTERS))
    return arn


def python_for_tasks() -> str:
    """A Python that the user of host tasks may run, maybe not this one; boto3 comes from this one's packages."""
    for program in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        places = [*Path(program).parents, *Path(program).resolve().parents]
        if Path(program).exists() and all(place.stat().st_mode & 0o005 == 0o005 for place in places):
            return program
    require(False, f"host tasks run as a user that may read neither {sys.executable} nor another Python")
    raise AssertionError("not reached")


def start_watcher(installation, role: str) -> tuple[dict, Path]:
    """Starts a task with the role that looks around; where it writes down what it saw."""
    ecs = installation.client("ecs")
    seen = installation.scratch / unique("seen")
    script = f'cd "$(dirname {seen})" && exec {python_for_tasks()} -c "$PROGRAM" {seen}'
    definition = register(
        ecs,
        container(
            script,
            memory=256,
            environment=[
                {"name": "PROGRAM", "value": PROGRAM},
                {"name": "PYTHONPATH", "value": str(Path(boto3.__file__).parent.parent)},
            ],
        ),
        taskRoleArn=role,
    )
    return start(ecs, definition), seen


def look(seen: Path, wanted, what: str) -> dict:
    """What the task saw once it saw what is wanted."""

    def probe():
        now = json.loads(seen.read_text()) if seen.exists() else None
        return now if now and wanted(now) else None

    return eventually(probe, what)


def test_a_program_with_a_task_role_needs_no_keys(own_installation, role):
    ecs = own_installation.client("ecs")
    task, seen = start_watcher(own_installation, role)
    name, task_id = role.rsplit("/", 1)[-1], task["taskArn"].rsplit("/", 1)[-1]
    first = look(seen, lambda now: True, "the task has looked around")

    assert first["arn"].endswith(f":assumed-role/{name}/{task_id}")
    assert first["list_clusters"] == "allowed"
    assert first["list_tasks"] == "AccessDeniedException"
    assert first["key"].startswith("ASIA")
    assert not [name for name in first["environment"] if "SECRET" in name or "KEY" in name]
    assert first["environment"]["AWS_EXECUTION_ENV"] == "AWS_ECS_EXTERNAL"
    assert first["task"]["TaskARN"] == task["taskArn"]
    assert first["task"]["Cluster"] == "default"
    assert first["task"]["LaunchType"] == "EXTERNAL"
    assert first["container"] == first["task"]["Containers"][0]
    assert first["container"]["ContainerARN"] == task["containers"][0]["containerArn"]
    assert first["container"]["Labels"]["com.amazonaws.ecs.task-arn"] == task["taskArn"]

    iam = own_installation.client("iam")
    iam.delete_role_policy(RoleName=name, PolicyName="may")
    denied = json.loads(seen.read_text())["look"] + 2  # a look that began after the policy was gone
    assert look(seen, lambda now: now["look"] >= denied, "another look")["list_clusters"] == "AccessDeniedException"

    stop_and_wait(ecs, task["taskArn"])
    with pytest.raises(urllib.error.HTTPError) as gone:
        urllib.request.urlopen(first["environment"]["AWS_CONTAINER_CREDENTIALS_FULL_URI"])
    assert gone.value.code == 400
    assert json.load(gone.value)["code"] == "InvalidIdInRequest"


def test_an_agent_that_was_killed_serves_its_tasks_again(own_installation, role):
    ecs = own_installation.client("ecs")
    task, seen = start_watcher(own_installation, role)
    before = look(seen, lambda now: True, "the task has looked around")
    kill(own_installation.status()["agentPid"])
    after = look(seen, lambda now: now["key"] != before["key"], "the task has credentials from the new agent")

    assert after["arn"] == before["arn"]
    assert after["environment"] == before["environment"]
    assert after["container"]["DockerId"] == before["container"]["DockerId"]
    eventually(lambda: healthy(own_installation), "platform and agent are up again")
    assert describe(ecs, task["taskArn"])["lastStatus"] == "RUNNING"
    stop_and_wait(ecs, task["taskArn"])


def test_nothing_of_the_credentials_is_written_down(own_installation, role):
    ecs = own_installation.client("ecs")
    task, seen = start_watcher(own_installation, role)
    uri = look(seen, lambda now: True, "the task has looked around")["environment"]["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
    until_running(ecs, task["taskArn"])
    credentials = json.load(urllib.request.urlopen(uri))

    assert files_below(own_installation.data)
    for secret in (credentials["SecretAccessKey"], credentials["Token"]):
        assert files_with(own_installation.data, secret) == []
    stop_and_wait(ecs, task["taskArn"])


def test_roles_that_tasks_cannot_have_are_refused(own_installation, role):
    ecs, iam = own_installation.client("ecs"), own_installation.client("iam")
    with pytest.raises(ecs.exceptions.ClientException, match="Role is not valid"):
        register(ecs, container("true"), taskRoleArn=role + "-ghost")
    definition = register(ecs, container("true"), taskRoleArn=role)
    assert until_stopped(ecs, start(ecs, definition)["taskArn"])["containers"][0]["exitCode"] == 0
    distrust = {**TRUST, "Statement": [{**TRUST["Statement"][0], "Principal": {"Service": "ssm.amazonaws.com"}}]}
    iam.update_assume_role_policy(RoleName=role.rsplit("/", 1)[-1], PolicyDocument=json.dumps(distrust))
    with pytest.raises(ClientError, match="ECS was unable to assume the role"):
        start(ecs, definition)
