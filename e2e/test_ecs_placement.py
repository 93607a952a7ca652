"""RunTask places at once and answers with AWS's reasons when a task does not fit."""

import pytest
from host_tasks import container, register, start, stop_and_wait


@pytest.fixture(scope="module")
def instance(ecs):
    (arn,) = ecs.list_container_instances()["containerInstanceArns"]
    (described,) = ecs.describe_container_instances(containerInstances=[arn])["containerInstances"]
    return described


def amount(resources: list[dict], name: str) -> int:
    (value,) = [one["integerValue"] for one in resources if one["name"] == name]
    return value


def failures(ecs, definition: dict, **fields) -> list[tuple[str, str]]:
    """What RunTask answers for a task that must not be placed."""
    answer = ecs.run_task(
        taskDefinition=register(ecs, definition, **fields), launchType="EXTERNAL"
    )
    assert answer["tasks"] == []
    return [(one["arn"], one["reason"]) for one in answer["failures"]]


def test_too_much_cpu(ecs, instance):
    more = amount(instance["registeredResources"], "CPU") + 1
    assert failures(ecs, container("true", cpu=more)) == [(instance["containerInstanceArn"], "RESOURCE:CPU")]


def test_too_much_memory(ecs, instance):
    more = amount(instance["registeredResources"], "MEMORY") + 1
    assert failures(ecs, container("true", memory=more)) == [(instance["containerInstanceArn"], "RESOURCE:MEMORY")]


def test_containers_add_up(ecs, instance):
    half = amount(instance["registeredResources"], "MEMORY") // 2 + 1
    both = [container("true", name=name, memory=half) for name in ("a", "b")]
    answer = ecs.run_task(taskDefinition=register(ecs, *both), launchType="EXTERNAL")
    assert [one["reason"] for one in answer["failures"]] == ["RESOURCE:MEMORY"]


def test_memory_reservation_is_what_counts_when_given(ecs, instance):
    more = amount(instance["registeredResources"], "MEMORY") + 1
    task = start(ecs, register(ecs, container("true", memory=more, memoryReservation=64)))
    assert task["containerInstanceArn"] == instance["containerInstanceArn"]


def test_a_host_port_in_use(ecs, instance):
    port = {"containerPort": 18080, "hostPort": 18080, "protocol": "tcp"}
    holding = start(ecs, register(ecs, container("sleep 300", portMappings=[port]), networkMode="host"))
    try:
        again = failures(ecs, container("true", portMappings=[port]), networkMode="host")
        assert again == [(instance["containerInstanceArn"], "RESOURCE:PORTS")]
    finally:
        stop_and_wait(ecs, holding["taskArn"])
    freed = start(ecs, register(ecs, container("true", portMappings=[port]), networkMode="host"))
    assert freed["taskArn"]


def test_a_task_takes_resources_and_gives_them_back(ecs, instance, idle):
    def remaining() -> tuple[int, int]:
        (now,) = ecs.describe_container_instances(
            containerInstances=[instance["containerInstanceArn"]]
        )["containerInstances"]
        return amount(now["remainingResources"], "CPU"), amount(now["remainingResources"], "MEMORY")

    cpu, memory = remaining()
    task = start(ecs, register(ecs, container("sleep 300", cpu=100, memory=200)))
    assert remaining() == (cpu - 100, memory - 200)
    stop_and_wait(ecs, task["taskArn"])
    assert remaining() == (cpu, memory)


def test_only_as_many_as_fit(ecs, instance, idle):
    third = amount(instance["registeredResources"], "CPU") // 3 + 1
    answer = ecs.run_task(
        taskDefinition=register(ecs, container("sleep 300", cpu=third)), launchType="EXTERNAL", count=4
    )
    try:
        assert len(answer["tasks"]) == 2
        assert {one["reason"] for one in answer["failures"]} == {"RESOURCE:CPU"}
    finally:
        for task in answer["tasks"]:
            stop_and_wait(ecs, task["taskArn"])
