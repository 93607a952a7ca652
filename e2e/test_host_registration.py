"""Hosts: activations, registration, credentials, and what an operator sees of them."""

import datetime
import json
import signal
import subprocess

import boto3
import pytest
from botocore.exceptions import ClientError
from host_agent import HostAgent
from host_tasks import container, describe, register, start, until_running, until_stopped
from installation import Installation
from waiting import eventually

ROLE = "GroundplaneInstance"


@pytest.fixture(scope="module")
def ground():
    """An installation for this module alone: others count the hosts of theirs."""
    own = Installation()
    try:
        own.up("--listen", "127.0.0.2")
        yield own
    finally:
        own.remove()


@pytest.fixture(scope="module")
def ssm(ground):
    return ground.client("ssm")


@pytest.fixture(scope="module")
def hosts_ecs(ground):
    return ground.client("ecs")


@pytest.fixture
def host(ground, request):
    """A host that is not registered yet."""
    agent = HostAgent(ground.directory, ground.endpoint, request.node.name.replace("_", "-")[:40])
    yield agent
    agent.remove()


def container_instance(ecs, name: str) -> dict | None:
    """The connected container instance whose agent has that name."""
    arns = ecs.list_container_instances(filter=f"attribute:groundplane.name == {name}")["containerInstanceArns"]
    if not arns:
        return None
    found = ecs.describe_container_instances(containerInstances=arns)["containerInstances"]  # none, if it has just gone
    return found[0] if found and found[0]["agentConnected"] else None


def joined(ecs, host: HostAgent) -> dict:
    host.until_connected(ecs)
    return eventually(lambda: container_instance(ecs, host.name), f"{host.name} is connected")


def information(ssm, instance_id: str) -> dict | None:
    listed = ssm.describe_instance_information(Filters=[{"Key": "InstanceIds", "Values": [instance_id]}])
    (found,) = listed["InstanceInformationList"] or [None]
    return found


def test_a_host_registers_runs_a_task_and_is_deregistered(ground, ssm, hosts_ecs, host):
    made = subprocess.run(
        ["aws", "ssm", "create-activation", "--iam-role", ROLE, "--default-instance-name", "floor two",
         "--tags", "Key=floor,Value=2", "--output", "json"],
        env=ground.environment(), capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    activation = json.loads(made.stdout)
    assert len(activation["ActivationCode"]) == 20
    file = ground.directory / "activation.json"
    file.write_text(made.stdout)
    host.start("--activation-file", str(file), "--attribute", "rack=7")
    instance = joined(hosts_ecs, host)
    assert {"name": "rack", "value": "7"} in instance["attributes"]

    machine = eventually(
        lambda: (found := information(ssm, instance["ec2InstanceId"])) and "ComputerName" in found and found,
        "the host tells of itself",
    )
    assert machine["PingStatus"] == "Online" and machine["ResourceType"] == "ManagedInstance"
    assert (machine["ActivationId"], machine["IamRole"]) == (activation["ActivationId"], ROLE)
    assert (machine["Name"], machine["PlatformType"]) == ("floor two", "Linux")
    tagged = ssm.describe_instance_information(Filters=[{"Key": "tag:floor", "Values": ["2"]}])
    assert [one["InstanceId"] for one in tagged["InstanceInformationList"]] == [instance["ec2InstanceId"]]

    constraint = {"type": "memberOf", "expression": f"attribute:groundplane.name == {host.name}"}
    task = start(hosts_ecs, register(hosts_ecs, container("exit 5")), placementConstraints=[constraint])
    assert task["containerInstanceArn"] == instance["containerInstanceArn"]
    until_stopped(hosts_ecs, task["taskArn"])
    assert describe(hosts_ecs, task["taskArn"])["containers"][0]["exitCode"] == 5

    ssm.deregister_managed_instance(InstanceId=instance["ec2InstanceId"])
    assert information(ssm, instance["ec2InstanceId"]) is None
    eventually(lambda: container_instance(hosts_ecs, host.name) is None, "its connection has ended")
    host.end()
    host.start()
    host.until_said("is not, or no longer, registered")


def test_the_code_must_be_right(ssm, host):
    made = ssm.create_activation(IamRole=ROLE)
    host.start(activation={**made, "ActivationCode": "x" * 20})
    assert host.ended() == 1
    assert "InvalidActivation" in host.said()
    assert made["ActivationCode"] not in host.said()


def test_a_limit_of_one_is_good_for_one_host(ground, ssm, hosts_ecs, host):
    made = ssm.create_activation(IamRole=ROLE, RegistrationLimit=1)
    host.start(activation=made)
    joined(hosts_ecs, host)
    second = HostAgent(ground.directory, ground.endpoint, "second")
    second.start(activation=made)
    try:
        assert second.ended() == 1
        assert "RegistrationLimitExceeded" in second.said()
    finally:
        second.remove()
    (shown,) = ssm.describe_activations(
        Filters=[{"FilterKey": "ActivationIds", "FilterValues": [made["ActivationId"]]}]
    )["ActivationList"]
    assert (shown["RegistrationsCount"], shown["RegistrationLimit"], shown["Expired"]) == (1, 1, False)
    assert "ActivationCode" not in shown


def test_an_activation_expires(ssm, host):
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=10)
    made = ssm.create_activation(IamRole=ROLE, ExpirationDate=soon)
    eventually(
        lambda: ssm.describe_activations(
            Filters=[{"FilterKey": "ActivationIds", "FilterValues": [made["ActivationId"]]}]
        )["ActivationList"][0]["Expired"],
        "the activation has expired",
    )
    host.start(activation=made)
    assert host.ended() == 1
    assert "ActivationExpired" in host.said()


def test_a_deleted_activation_is_good_for_nothing(ssm, host):
    made = ssm.create_activation(IamRole=ROLE)
    ssm.delete_activation(ActivationId=made["ActivationId"])
    host.start(activation=made)
    assert host.ended() == 1
    assert "InvalidActivation" in host.said()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_an_agent_that_starts_again_is_the_same_host_with_its_tasks(ssm, hosts_ecs, host, number):
    host.start(activation=ssm.create_activation(IamRole=ROLE))
    before = joined(hosts_ecs, host)
    constraint = {"type": "memberOf", "expression": f"attribute:groundplane.name == {host.name}"}
    task = start(hosts_ecs, register(hosts_ecs, container("sleep 300")), placementConstraints=[constraint])
    until_running(hosts_ecs, task["taskArn"])
    host.end(number)
    eventually(lambda: container_instance(hosts_ecs, host.name) is None, "the agent is gone")
    host.start()
    after = joined(hosts_ecs, host)
    assert after["containerInstanceArn"] == before["containerInstanceArn"]
    assert after["ec2InstanceId"] == before["ec2InstanceId"]
    assert describe(hosts_ecs, task["taskArn"])["lastStatus"] == "RUNNING"
    hosts_ecs.stop_task(task=task["taskArn"])
    until_stopped(hosts_ecs, task["taskArn"])


def test_a_host_belongs_to_one_cluster(ssm, hosts_ecs, host):
    hosts_ecs.create_cluster(clusterName="other")
    host.start(activation=ssm.create_activation(IamRole=ROLE))
    instance = joined(hosts_ecs, host)
    host.end()
    host.start("--cluster", "other")
    assert host.ended() == 1
    assert "registered with another cluster" in host.said() and instance["containerInstanceArn"] in host.said()


def test_connects_where_it_reached_the_control_plane(ground, ssm, hosts_ecs, host):
    host.endpoint = f"http://127.0.0.2:{ground.port}"
    host.start(activation=ssm.create_activation(IamRole=ROLE))
    joined(hosts_ecs, host)
    elsewhere = ground.client("ecs", endpoint_url=host.endpoint)
    assert elsewhere.discover_poll_endpoint()["endpoint"] == host.endpoint


def test_a_host_whose_clock_is_wrong(ground, ssm, hosts_ecs, host):
    # Only the agent's JVM believes it: faketime would be a package more.
    shift = {"JDK_JAVA_OPTIONS": "-Dgroundplane.agent.clock-offset=PT-1H"}
    host.start(activation=ssm.create_activation(IamRole=ROLE), extra=shift)
    joined(hosts_ecs, host)
    noticed = host.said().count("s behind the control plane's")
    assert noticed > 0
    host.end()
    host.start(extra=shift)  # now its first call is a signed one
    joined(hosts_ecs, host)
    assert host.said().count("s behind the control plane's") > noticed


def test_reserved_attributes_are_refused(host):
    host.start("--attribute", "ecs.os-type=windows")
    assert host.ended() == 2
    assert "names that begin with 'ecs.'" in host.said()


def test_without_an_activation(host):
    host.start()
    assert host.ended() == 1
    assert "create-activation" in host.said()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"IamRole": "NoSuchRole"}, "ValidationException"),
        ({"IamRole": ROLE, "RegistrationLimit": 1001}, "ValidationException"),
        ({"IamRole": ROLE, "ExpirationDate": datetime.datetime(2020, 1, 1)}, "ValidationException"),
        ({"IamRole": ROLE, "ExpirationDate": datetime.datetime(2099, 1, 1)}, "ValidationException"),
        ({"IamRole": ROLE, "RegistrationMetadata": [{"Key": "a", "Value": "b"}]}, "ValidationException"),
    ],
)
def test_activations_that_cannot_be(ssm, fields, code):
    with pytest.raises(ClientError) as refused:
        ssm.create_activation(**fields)
    assert refused.value.response["Error"]["Code"] == code


def test_a_role_must_trust_systems_manager(ground, ssm):
    iam = ground.client("iam")
    trust = {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}}
    iam.create_role(RoleName="NotForHosts", AssumeRolePolicyDocument=json.dumps(trust))
    with pytest.raises(ClientError, match="missing ssm service principal"):
        ssm.create_activation(IamRole="NotForHosts")


def test_paging(ssm):
    made = {ssm.create_activation(IamRole=ROLE)["ActivationId"] for _ in range(3)}
    pages = list(ssm.get_paginator("describe_activations").paginate(PaginationConfig={"PageSize": 2}))
    assert len(pages) > 1
    assert made <= {one["ActivationId"] for page in pages for one in page["ActivationList"]}


def test_sessions_of_roles(ground):
    iam, sts = ground.client("iam"), ground.client("sts")
    account = sts.get_caller_identity()["Account"]
    trust = {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": account}}}
    role = iam.create_role(RoleName="Reader", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    assert role["AssumeRolePolicyDocument"] == trust
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ecs:List*", "Resource": "*"}]}
    iam.put_role_policy(RoleName="Reader", PolicyName="list", PolicyDocument=json.dumps(allow))
    assert iam.get_role_policy(RoleName="Reader", PolicyName="list")["PolicyDocument"] == allow
    assert iam.list_role_policies(RoleName="Reader")["PolicyNames"] == ["list"]

    given = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="me", DurationSeconds=900)["Credentials"]
    session = boto3.session.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], "us-east-1")
    me = session.client("sts", endpoint_url=ground.endpoint).get_caller_identity()
    assert me["Arn"] == f"arn:aws:sts::{account}:assumed-role/Reader/me"
    ecs = session.client("ecs", endpoint_url=ground.endpoint)
    assert "clusterArns" in ecs.list_clusters()
    with pytest.raises(ClientError, match="no identity-based policy allows the ecs:CreateCluster action"):
        ecs.create_cluster(clusterName="mine")
    with pytest.raises(iam.exceptions.DeleteConflictException):
        iam.delete_role(RoleName="Reader")
    iam.delete_role_policy(RoleName="Reader", PolicyName="list")
    with pytest.raises(ClientError, match="AccessDenied"):
        ecs.list_clusters()
    iam.delete_role(RoleName="Reader")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName="Reader")
