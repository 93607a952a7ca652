"""Task definitions: families, revisions, what is accepted and what is refused."""

import pytest
from botocore.exceptions import ClientError
from host_tasks import container, register, unique


def revisions(ecs, family: str, **filters) -> list[int]:
    """The listed revisions of exactly this family, in the order of the answer."""
    arns = ecs.list_task_definitions(familyPrefix=family, **filters)["taskDefinitionArns"]
    return [int(arn.rsplit(":", 1)[-1]) for arn in arns]


@pytest.fixture
def family(ecs):
    """A family with three revisions, told apart by their commands."""
    name = unique("family")
    for number in (1, 2, 3):
        register(ecs, container(f"echo {number}"), family=name)
    return name


def command_of(ecs, name: str) -> list[str]:
    return ecs.describe_task_definition(taskDefinition=name)["taskDefinition"]["containerDefinitions"][0]["command"]


def test_what_is_registered_comes_back(ecs, sts):
    account = sts.get_caller_identity()["Account"]
    name = unique("family")
    sent = container("true", environment=[{"name": "DESK", "value": "rates"}], stopTimeout=7, workingDirectory="/tmp")
    answer = ecs.register_task_definition(
        family=name, requiresCompatibilities=["EXTERNAL"], containerDefinitions=[sent],
        tags=[{"key": "desk", "value": "rates"}],
    )
    made = answer["taskDefinition"]
    assert made["taskDefinitionArn"] == f"arn:aws:ecs:us-east-1:{account}:task-definition/{name}:1"
    assert (made["family"], made["revision"], made["status"]) == (name, 1, "ACTIVE")
    assert made["requiresCompatibilities"] == ["EXTERNAL"] and "EXTERNAL" in made["compatibilities"]
    assert "registeredAt" in made and made["registeredBy"].startswith("arn:aws:")
    (back,) = made["containerDefinitions"]
    assert sent.items() <= back.items()
    assert back["essential"] is True
    assert answer["tags"] == [{"key": "desk", "value": "rates"}]
    described = ecs.describe_task_definition(taskDefinition=name, include=["TAGS"])
    assert described["taskDefinition"] == made and described["tags"] == answer["tags"]


def test_revisions_count_up_and_the_family_means_the_latest(ecs, family):
    arn = ecs.describe_task_definition(taskDefinition=family)["taskDefinition"]["taskDefinitionArn"]
    assert arn.endswith(f"/{family}:3")
    assert command_of(ecs, family) == ["echo 3"]
    assert command_of(ecs, f"{family}:1") == ["echo 1"]
    assert command_of(ecs, arn) == ["echo 3"]


def test_deregistered_revisions_are_inactive_and_stay_describable(ecs, family):
    gone = ecs.deregister_task_definition(taskDefinition=f"{family}:3")["taskDefinition"]
    assert gone["status"] == "INACTIVE" and "deregisteredAt" in gone
    assert ecs.describe_task_definition(taskDefinition=f"{family}:3")["taskDefinition"]["status"] == "INACTIVE"
    assert command_of(ecs, family) == ["echo 2"]
    assert revisions(ecs, family) == [1, 2]
    assert revisions(ecs, family, status="INACTIVE") == [3]
    # a revision number is never used again
    assert register(ecs, container("echo 4"), family=family).endswith(":4")


def test_an_inactive_revision_does_not_run(ecs, family):
    ecs.deregister_task_definition(taskDefinition=f"{family}:1")
    with pytest.raises(ClientError, match="inactive") as caught:
        ecs.run_task(taskDefinition=f"{family}:1", launchType="EXTERNAL")
    assert caught.value.response["Error"]["Code"] in ("ClientException", "InvalidParameterException")


def test_deregistering_needs_a_revision(ecs, family):
    with pytest.raises(ClientError) as caught:
        ecs.deregister_task_definition(taskDefinition=family)
    assert caught.value.response["Error"]["Code"] in ("ClientException", "InvalidParameterException")


def test_order_of_a_listing(ecs, family):
    assert revisions(ecs, family) == revisions(ecs, family, sort="ASC") == [1, 2, 3]
    assert revisions(ecs, family, sort="DESC") == [3, 2, 1]


def test_a_listing_is_of_one_whole_family(ecs, family):
    longer = f"{family}-longer"
    register(ecs, container("true"), family=longer)
    arns = ecs.list_task_definitions(familyPrefix=family)["taskDefinitionArns"]
    assert [arn.rsplit("/", 1)[-1] for arn in arns] == [f"{family}:{number}" for number in (1, 2, 3)]


def test_listing_in_pages(ecs, family):
    paginator = ecs.get_paginator("list_task_definitions")
    pages = list(paginator.paginate(familyPrefix=family, PaginationConfig={"PageSize": 2}))
    assert [len(page["taskDefinitionArns"]) for page in pages if page["taskDefinitionArns"]] == [2, 1]


def test_families(ecs, family):
    other = f"{family}-other"
    only = register(ecs, container("true"), family=other)

    def families(**filters) -> list[str]:
        return ecs.list_task_definition_families(familyPrefix=family, **filters)["families"]

    assert families() == [family, other]
    assert families(status="ACTIVE") == [family, other] and families(status="INACTIVE") == []
    ecs.deregister_task_definition(taskDefinition=only)
    assert families(status="ACTIVE") == [family] and families(status="INACTIVE") == [other]
    assert families(status="ALL") == [family, other]


def test_unknown_names(ecs):
    absent = unique("absent")
    with pytest.raises(ecs.exceptions.ClientException, match="Unable to describe task definition"):
        ecs.describe_task_definition(taskDefinition=absent)
    with pytest.raises(ClientError, match="TaskDefinition not found") as caught:
        ecs.run_task(taskDefinition=absent, launchType="EXTERNAL")
    assert caught.value.response["Error"]["Code"] in ("ClientException", "InvalidParameterException")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("secrets", [{"name": "PASSWORD", "valueFrom": "arn:aws:ssm:us-east-1:123456789012:parameter/p"}]),
        ("linuxParameters", {"initProcessEnabled": True}),
        ("readonlyRootFilesystem", True),
        ("resourceRequirements", [{"type": "GPU", "value": "1"}]),
        ("dockerLabels", {"a": "b"}),
        ("links", ["other"]),
        ("firelensConfiguration", {"type": "fluentbit"}),
    ],
)
def test_container_fields_not_supported_are_refused_by_name(ecs, field, value):
    refused(ecs, field, containerDefinitions=[container("true", **{field: value})])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("proxyConfiguration", {"containerName": "main"}),
        ("pidMode", "host"),
        ("ipcMode", "host"),
        ("ephemeralStorage", {"sizeInGiB": 30}),
        ("inferenceAccelerators", [{"deviceName": "d", "deviceType": "t"}]),
    ],
)
def test_task_fields_not_supported_are_refused_by_name(ecs, field, value):
    refused(ecs, field, containerDefinitions=[container("true")], **{field: value})


def test_log_drivers_and_options_not_supported_are_refused_by_name(ecs):
    for named, configuration in [
        ("splunk", {"logDriver": "splunk", "options": {}}),
        ("awslogs-multiline-pattern", {"logDriver": "awslogs", "options": {
            "awslogs-group": "/g", "awslogs-region": "us-east-1", "awslogs-multiline-pattern": "^x"}}),
    ]:
        refused(ecs, named, containerDefinitions=[container("true", logConfiguration=configuration)])


def refused(ecs, named: str, **fields) -> None:
    """Registering answers 400, with a code of ECS and a message that has the name."""
    name = unique("refused")
    with pytest.raises(ClientError) as caught:
        ecs.register_task_definition(family=name, requiresCompatibilities=["EXTERNAL"], **fields)
    answer = caught.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert answer["Error"]["Code"] in ("ClientException", "InvalidParameterException")
    assert named in answer["Error"]["Message"]
    assert ecs.list_task_definitions(familyPrefix=name)["taskDefinitionArns"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"family": "a b"},
        {"family": "x" * 256},
        {"containerDefinitions": []},
        {"containerDefinitions": [container("true"), container("true")]},  # one name twice
        {"containerDefinitions": [container("true", essential=False)]},  # none is essential
        {"containerDefinitions": [container("true", memory=4)]},  # AWS: 6 MiB is the least
        {"containerDefinitions": [container("true", memoryReservation=128)]},  # above memory
        {"containerDefinitions": [container("true", dependsOn=[{"containerName": "absent", "condition": "START"}])]},
        {"containerDefinitions": [container("true", dependsOn=[{"containerName": "main", "condition": "START"}])]},
        {"containerDefinitions": [
            container("true", name="a", dependsOn=[{"containerName": "b", "condition": "START"}]),
            container("true", name="b", dependsOn=[{"containerName": "a", "condition": "START"}])]},
        {"containerDefinitions": [container("true", mountPoints=[{"sourceVolume": "absent", "containerPath": "/v"}])]},
        {"containerDefinitions": [{"name": "main", "image": "host", "entryPoint": ["true"]}]},  # no memory at all
    ],
)
def test_what_makes_no_sense_is_refused(ecs, changes):
    fields = {"family": unique("odd"), "containerDefinitions": [container("true")], **changes}
    with pytest.raises(ClientError) as caught:
        ecs.register_task_definition(requiresCompatibilities=["EXTERNAL"], **fields)
    assert caught.value.response["Error"]["Code"] in ("ClientException", "InvalidParameterException")
