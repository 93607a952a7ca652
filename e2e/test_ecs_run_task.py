"""RunTask, StartTask, StopTask, ListTasks, DescribeTasks, as the ECS API reference describes them."""

import threading

import pytest
from botocore.exceptions import ClientError
from host_tasks import (
    container,
    container_of,
    describe,
    finish,
    output,
    register,
    start,
    start_script,
    stop_and_wait,
    unique,
    until_file,
    until_running,
    until_stopped,
)

LONG = "sleep 300"


@pytest.fixture(scope="module")
def quick(ecs):
    return register(ecs, container("true"))


@pytest.fixture(scope="module")
def instance(ecs):
    (arn,) = ecs.list_container_instances()["containerInstanceArns"]
    return arn


def listed(ecs, **filters) -> list[str]:
    pages = ecs.get_paginator("list_tasks").paginate(**filters)
    return [arn for page in pages for arn in page["taskArns"]]


def test_a_task_from_start_to_end(ecs, logs, sts, instance):
    account = sts.get_caller_identity()["Account"]
    definition = register(ecs, container("echo hello; exit 3"))
    begun = start(ecs, definition)
    prefix, task_id = begun["taskArn"].rsplit("/", 1)
    assert prefix == f"arn:aws:ecs:us-east-1:{account}:task/default" and len(task_id) == 32
    assert begun["desiredStatus"] == "RUNNING" and begun["lastStatus"] in ("PROVISIONING", "PENDING")
    assert begun["taskDefinitionArn"] == definition and begun["launchType"] == "EXTERNAL"
    assert begun["clusterArn"].endswith(":cluster/default") and begun["containerInstanceArn"] == instance
    assert container_of(begun)["lastStatus"] == "PENDING" and container_of(begun)["taskArn"] == begun["taskArn"]
    ended = until_stopped(ecs, begun["taskArn"])
    assert ended["lastStatus"] == ended["desiredStatus"] == container_of(ended)["lastStatus"] == "STOPPED"
    assert ended["stopCode"] == "EssentialContainerExited"
    assert ended["stoppedReason"] == "Essential container in task exited"
    assert container_of(ended)["exitCode"] == 3
    assert ended["createdAt"] <= ended["startedAt"] <= ended["stoppingAt"] <= ended["stoppedAt"]
    assert ended["version"] > begun["version"]
    assert output(logs, ended) == ["hello"]


def test_described_by_id_as_well_as_by_arn(ecs, quick):
    arn = start(ecs, quick)["taskArn"]
    assert describe(ecs, arn.rsplit("/", 1)[-1])["taskArn"] == arn


def test_a_task_that_does_not_exist_is_missing(ecs, sts):
    account = sts.get_caller_identity()["Account"]
    absent = f"arn:aws:ecs:us-east-1:{account}:task/default/{'0' * 32}"
    answer = ecs.describe_tasks(tasks=[absent])
    assert answer["tasks"] == []
    assert [(one["arn"], one["reason"]) for one in answer["failures"]] == [(absent, "MISSING")]


def test_more_than_a_hundred_cannot_be_described_at_once(ecs):
    with pytest.raises(ecs.exceptions.InvalidParameterException):
        ecs.describe_tasks(tasks=[f"{number:032d}" for number in range(101)])


def test_count(ecs, quick):
    answer = ecs.run_task(taskDefinition=quick, launchType="EXTERNAL", count=3)
    assert answer["failures"] == [] and len({task["taskArn"] for task in answer["tasks"]}) == 3
    with pytest.raises(ClientError) as caught:
        ecs.run_task(taskDefinition=quick, launchType="EXTERNAL", count=11)
    assert caught.value.response["Error"]["Code"] in ("InvalidParameterException", "ClientException")


def test_command_and_environment_overrides(ecs, logs):
    definition = register(ecs, container("echo not this", environment=[
        {"name": "KEPT", "value": "1"}, {"name": "CHANGED", "value": "before"}]))
    overrides = {"containerOverrides": [{
        "name": "main",
        "command": ["echo $KEPT $CHANGED $ADDED"],
        "environment": [{"name": "CHANGED", "value": "after"}, {"name": "ADDED", "value": "new"}],
    }]}
    task = until_stopped(ecs, start(ecs, definition, overrides=overrides)["taskArn"])
    assert output(logs, task) == ["1 after new"]
    assert task["overrides"]["containerOverrides"][0]["command"] == ["echo $KEPT $CHANGED $ADDED"]


def test_cpu_and_memory_overrides(ecs, quick):
    overrides = {"containerOverrides": [{"name": "main", "cpu": 32, "memory": 96}]}
    task = start(ecs, quick, overrides=overrides)
    assert container_of(task)["cpu"] == "32" and container_of(task)["memory"] == "96"
    # what is overridden counts for placement
    answer = ecs.run_task(taskDefinition=quick, launchType="EXTERNAL", overrides={
        "containerOverrides": [{"name": "main", "memory": 100_000_000}]})
    assert [one["reason"] for one in answer["failures"]] == ["RESOURCE:MEMORY"]


def test_an_override_for_a_container_that_is_not_there(ecs, quick):
    with pytest.raises(ClientError) as caught:
        start(ecs, quick, overrides={"containerOverrides": [{"name": "absent", "command": ["true"]}]})
    assert caught.value.response["Error"]["Code"] in ("InvalidParameterException", "ClientException")


def test_overrides_not_supported_are_refused_by_name(ecs, quick):
    with pytest.raises(ClientError, match="inferenceAcceleratorOverrides"):
        start(ecs, quick, overrides={"inferenceAcceleratorOverrides": [{"deviceName": "d", "deviceType": "t"}]})


def test_started_by_group_and_tags(ecs, quick):
    family = quick.rsplit("/", 1)[-1].split(":")[0]
    plain = start(ecs, quick)
    assert plain["group"] == f"family:{family}" and "startedBy" not in plain
    job = unique("job")
    tags = [{"key": "desk", "value": "rates"}]
    task = start(ecs, quick, startedBy=job, group="night", tags=tags)
    assert (task["startedBy"], task["group"]) == (job, "night")
    assert describe(ecs, task["taskArn"])["tags"] == tags
    assert ecs.describe_tasks(tasks=[task["taskArn"]])["tasks"][0].get("tags", []) == []


def test_one_client_token_is_one_task_however_often_it_is_sent(ecs, installation):
    definition = register(ecs, container(LONG))
    token, answers, ready = unique("token"), [], threading.Barrier(50)

    def send() -> None:
        ready.wait()
        answers.append(ecs.run_task(taskDefinition=definition, launchType="EXTERNAL", clientToken=token))

    threads = [threading.Thread(target=send) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(answers) == 50
    (arn,) = {task["taskArn"] for answer in answers for task in answer["tasks"]}
    assert listed(ecs, family=definition.rsplit("/", 1)[-1].split(":")[0]) == [arn]
    with pytest.raises(ecs.exceptions.ConflictException) as caught:
        ecs.run_task(taskDefinition=definition, launchType="EXTERNAL", clientToken=token, startedBy="another")
    assert caught.value.response["resourceIds"] == [arn]
    stop_and_wait(ecs, arn)


@pytest.mark.parametrize("token", ["x" * 65, "with space", "umläut"])
def test_bad_client_token(ecs, quick, token):
    with pytest.raises(ecs.exceptions.InvalidParameterException):
        ecs.run_task(taskDefinition=quick, launchType="EXTERNAL", clientToken=token)


@pytest.mark.parametrize("started_by", ["x" * 129, "with space"])
def test_bad_started_by(ecs, quick, started_by):
    with pytest.raises(ecs.exceptions.InvalidParameterException):
        ecs.run_task(taskDefinition=quick, launchType="EXTERNAL", startedBy=started_by)


def test_fargate_is_refused_clearly(ecs, quick):
    with pytest.raises(ClientError, match="FARGATE") as caught:
        ecs.run_task(taskDefinition=quick, launchType="FARGATE")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_start_task_on_a_chosen_instance(ecs, quick, instance):
    answer = ecs.start_task(taskDefinition=quick, containerInstances=[instance], startedBy="operator")
    assert answer["failures"] == []
    (task,) = answer["tasks"]
    assert task["containerInstanceArn"] == instance and task["startedBy"] == "operator"
    assert container_of(until_stopped(ecs, task["taskArn"]))["exitCode"] == 0


def test_start_task_on_an_instance_that_does_not_exist(ecs, quick, instance):
    absent = instance.rsplit("/", 1)[0] + "/" + "0" * 32
    answer = ecs.start_task(taskDefinition=quick, containerInstances=[absent])
    assert answer["tasks"] == []
    assert [(one["arn"], one["reason"]) for one in answer["failures"]] == [(absent, "MISSING")]


def test_stop_a_task(ecs):
    arn = start_script(ecs, LONG)["taskArn"]
    until_running(ecs, arn)
    stopping = ecs.stop_task(task=arn, reason="the desk closed")["task"]
    assert stopping["desiredStatus"] == "STOPPED" and stopping["stopCode"] == "UserInitiated"
    task = until_stopped(ecs, arn)
    assert (task["stopCode"], task["stoppedReason"]) == ("UserInitiated", "the desk closed")
    assert container_of(task)["exitCode"] in (137, 143)


def test_stop_lets_a_program_end_by_itself(ecs, logs, scratch):
    script = f"trap 'echo closing; exit 9' TERM; echo up > {scratch}/up; while :; do sleep 0.1; done"
    arn = start_script(ecs, script, stopTimeout=20)["taskArn"]
    until_file(scratch / "up", "up")
    ecs.stop_task(task=arn)
    task = until_stopped(ecs, arn)
    assert container_of(task)["exitCode"] == 9 and task["stopCode"] == "UserInitiated"
    assert output(logs, task) == ["closing"]


def test_stop_kills_what_does_not_listen(ecs, scratch):
    script = f"trap '' TERM; echo up > {scratch}/up; while :; do sleep 0.1; done"
    arn = start_script(ecs, script, stopTimeout=2)["taskArn"]
    until_file(scratch / "up", "up")
    ecs.stop_task(task=arn)
    task = until_stopped(ecs, arn)
    assert container_of(task)["exitCode"] == 137
    assert (task["executionStoppedAt"] - task["stoppingAt"]).total_seconds() >= 1.5


def test_stopping_again_changes_nothing(ecs, quick):
    arn = start(ecs, quick)["taskArn"]
    before = until_stopped(ecs, arn)
    after = ecs.stop_task(task=arn, reason="too late")["task"]
    assert (after["lastStatus"], after["stopCode"]) == ("STOPPED", "EssentialContainerExited")
    assert after["stoppedReason"] == before["stoppedReason"]


def test_stopping_what_does_not_exist(ecs):
    with pytest.raises(ecs.exceptions.InvalidParameterException, match="The referenced task was not found"):
        ecs.stop_task(task="0" * 32)


def test_list_tasks_filters(ecs, instance):
    family, job = unique("family"), unique("job")
    definition = register(ecs, container(LONG), family=family)
    running = start(ecs, definition, startedBy=job)["taskArn"]
    stopped = start(ecs, definition)["taskArn"]
    stop_and_wait(ecs, stopped)
    assert listed(ecs, family=family) == listed(ecs, family=family, desiredStatus="RUNNING") == [running]
    assert listed(ecs, family=family, desiredStatus="STOPPED") == [stopped]
    assert listed(ecs, startedBy=job) == [running]
    assert listed(ecs, startedBy=unique("job")) == []
    assert running in listed(ecs, containerInstance=instance)
    assert running in listed(ecs, containerInstance=instance.rsplit("/", 1)[-1])
    assert listed(ecs, family=family, launchType="EXTERNAL") == [running]
    assert listed(ecs, family=family, launchType="EC2") == []
    stop_and_wait(ecs, running)


def test_list_tasks_in_pages(ecs):
    definition = register(ecs, container(LONG))
    family = definition.rsplit("/", 1)[-1].split(":")[0]
    started = {task["taskArn"] for task in ecs.run_task(
        taskDefinition=definition, launchType="EXTERNAL", count=5)["tasks"]}
    pages = list(ecs.get_paginator("list_tasks").paginate(family=family, PaginationConfig={"PageSize": 2}))
    arns = [arn for page in pages for arn in page["taskArns"]]
    assert all(len(page["taskArns"]) <= 2 for page in pages)
    assert len(arns) == 5 and set(arns) == started
    for arn in started:
        ecs.stop_task(task=arn)
    for arn in started:
        until_stopped(ecs, arn)


def test_a_bad_page_token(ecs):
    with pytest.raises(ecs.exceptions.InvalidParameterException):
        ecs.list_tasks(nextToken="made up")


def test_a_program_that_is_not_there(ecs):
    task = finish(ecs, "", entryPoint=["/no/such/program"])
    assert task["stopCode"] == "TaskFailedToStart"
    assert "exitCode" not in container_of(task) and "startedAt" not in task
    assert container_of(task)["reason"].startswith("CannotStartContainerError")
    assert "/no/such/program" in container_of(task)["reason"]


def test_a_log_group_that_is_not_there(ecs):
    group = "/e2e/" + unique("absent")
    configuration = {"logDriver": "awslogs", "options": {
        "awslogs-group": group, "awslogs-region": "us-east-1", "awslogs-stream-prefix": "e2e"}}
    task = finish(ecs, "true", logConfiguration=configuration)
    assert task["stopCode"] == "TaskFailedToStart"
    assert group in task["stoppedReason"] + container_of(task).get("reason", "")
