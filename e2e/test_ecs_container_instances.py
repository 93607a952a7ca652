"""Container instances: this machine as an operator sees it."""

import pytest
from host_tasks import container, register, start, stop_and_wait, until_running
from waiting import eventually


@pytest.fixture(scope="module")
def arn(ecs):
    (found,) = ecs.list_container_instances(cluster="default")["containerInstanceArns"]
    return found


def describe(ecs, instance: str) -> dict:
    answer = ecs.describe_container_instances(containerInstances=[instance])
    assert answer["failures"] == []
    (described,) = answer["containerInstances"]
    return described


def test_description(ecs, sts, arn):
    account = sts.get_caller_identity()["Account"]
    assert arn.startswith(f"arn:aws:ecs:us-east-1:{account}:container-instance/default/")
    machine = describe(ecs, arn)
    assert machine["status"] == "ACTIVE" and machine["agentConnected"] is True
    assert machine["ec2InstanceId"].startswith("mi-")
    resources = {one["name"]: one for one in machine["registeredResources"]}
    assert {"CPU", "MEMORY", "PORTS"} <= set(resources)
    assert resources["CPU"]["type"] == "INTEGER" and resources["CPU"]["integerValue"] % 1024 == 0
    assert {one["name"] for one in machine["remainingResources"]} >= {"CPU", "MEMORY", "PORTS"}
    attributes = {one["name"]: one.get("value") for one in machine["attributes"]}
    assert attributes["ecs.os-type"] == "linux" and "ecs.capability.external" in attributes
    assert "agentVersion" in machine["versionInfo"] and "registeredAt" in machine


def test_described_by_id(ecs, arn):
    assert describe(ecs, arn.rsplit("/", 1)[-1])["containerInstanceArn"] == arn


def test_missing(ecs, arn):
    absent = arn.rsplit("/", 1)[0] + "/" + "0" * 32
    answer = ecs.describe_container_instances(containerInstances=[absent])
    assert answer["containerInstances"] == []
    assert [(one["arn"], one["reason"]) for one in answer["failures"]] == [(absent, "MISSING")]


def test_listing_by_status(ecs, arn):
    assert ecs.list_container_instances(status="ACTIVE")["containerInstanceArns"] == [arn]
    assert ecs.list_container_instances(status="DRAINING")["containerInstanceArns"] == []


@pytest.mark.parametrize(
    ("expression", "matches"),
    [
        ("attribute:ecs.os-type == linux", True),
        ("attribute:ecs.os-type == windows", False),
        ("attribute:ecs.os-type != windows", True),
        ("attribute:ecs.os-type in [linux, windows]", True),
        ("attribute:ecs.capability.external exists", True),
        ("not(attribute:ecs.os-type == linux)", False),
        ("attribute:ecs.os-type == windows or attribute:ecs.os-type == linux", True),
        ("agentConnected == true", True),
        ("runningTasksCount > 1000", False),
    ],
)
def test_listing_by_filter(ecs, arn, expression, matches):
    assert ecs.list_container_instances(filter=expression)["containerInstanceArns"] == ([arn] if matches else [])


def test_a_filter_that_makes_no_sense(ecs):
    with pytest.raises(ecs.exceptions.InvalidParameterException):
        ecs.list_container_instances(filter="attribute:ecs.os-type ==")


def test_tasks_are_counted(ecs, arn, idle):
    before = describe(ecs, arn)
    task = start(ecs, register(ecs, container("sleep 300")))
    until_running(ecs, task["taskArn"])
    assert describe(ecs, arn)["runningTasksCount"] == before["runningTasksCount"] + 1
    stop_and_wait(ecs, task["taskArn"])
    assert describe(ecs, arn)["runningTasksCount"] == before["runningTasksCount"]


def test_an_instance_with_tasks_is_not_deregistered(ecs, arn):
    task = start(ecs, register(ecs, container("sleep 300")))
    until_running(ecs, task["taskArn"])
    with pytest.raises(ecs.exceptions.InvalidParameterException, match="running tasks"):
        ecs.deregister_container_instance(containerInstance=arn)
    assert describe(ecs, arn)["status"] == "ACTIVE"
    stop_and_wait(ecs, task["taskArn"])


def test_deregistering(own_installation):
    ecs = own_installation.client("ecs")
    (arn,) = ecs.list_container_instances()["containerInstanceArns"]
    gone = ecs.deregister_container_instance(containerInstance=arn)["containerInstance"]
    assert (gone["containerInstanceArn"], gone["status"]) == (arn, "INACTIVE")
    log = own_installation.data / "logs" / "agent.log"
    eventually(lambda: "was taken out of its cluster" in log.read_text(), "the agent has lost its connection")
    assert ecs.list_container_instances()["containerInstanceArns"] == []
    own_installation.down()
    own_installation.up()
    (again,) = ecs.list_container_instances()["containerInstanceArns"]
    assert again != arn
