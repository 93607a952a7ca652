"""Services keep their tasks running: counts, rolling updates, the circuit breaker, crashes."""

import os
import signal

import pytest
from botocore.exceptions import ClientError
from host_tasks import container, describe, register, unique, until_running
from installation import Installation
from processes import kill
from waiting import eventually

FAST = {"Delay": 1, "MaxAttempts": 180}
SLEEP = "exec sleep 600"


@pytest.fixture
def name(ecs):
    """The name of a service, which is gone after the test."""
    name = unique("service")
    yield name
    try:
        ecs.delete_service(service=name, force=True)
    except ClientError:
        return
    ecs.get_waiter("services_inactive").wait(services=[name], WaiterConfig=FAST)


def create(ecs, name: str, definition: str, **fields) -> dict:
    """Creates a service and waits with AWS's own waiter until it is stable."""
    counted = {} if fields.get("schedulingStrategy") == "DAEMON" else {"desiredCount": fields.pop("desiredCount", 1)}
    answer = ecs.create_service(
        serviceName=name, taskDefinition=definition, launchType="EXTERNAL", **counted, **fields
    )
    stable(ecs, name)
    return answer["service"]


def stable(ecs, name: str) -> dict:
    ecs.get_waiter("services_stable").wait(services=[name], WaiterConfig=FAST)
    return look(ecs, name)


def look(ecs, name: str) -> dict:
    answer = ecs.describe_services(services=[name])
    assert answer["failures"] == []
    (service,) = answer["services"]
    return service


def tasks(ecs, name: str) -> list[dict]:
    arns = ecs.list_tasks(serviceName=name)["taskArns"]
    return ecs.describe_tasks(tasks=arns)["tasks"] if arns else []


def completed(ecs, name: str) -> dict:
    """Waits until the only deployment is completed."""

    def done() -> dict | None:
        service = look(ecs, name)
        states = [one["rolloutState"] for one in service["deployments"]]
        return service if states == ["COMPLETED"] else None

    return eventually(done, "one completed deployment")


def test_create_scale_and_delete(ecs, name):
    created = create(ecs, name, register(ecs, container(SLEEP)), desiredCount=2)
    assert created["status"] == "ACTIVE"
    assert created["serviceArn"].endswith(f":service/default/{name}")
    running = tasks(ecs, name)
    assert [one["lastStatus"] for one in running] == ["RUNNING", "RUNNING"]
    assert {one["group"] for one in running} == {f"service:{name}"}
    assert all(one["startedBy"].startswith("ecs-svc/") for one in running)
    assert created["serviceArn"] in [
        arn for page in ecs.get_paginator("list_services").paginate() for arn in page["serviceArns"]
    ]
    ecs.update_service(service=name, desiredCount=4)
    assert stable(ecs, name)["runningCount"] == 4
    ecs.update_service(service=name, desiredCount=1)
    assert stable(ecs, name)["runningCount"] == 1
    with pytest.raises(ClientError) as refused:
        ecs.delete_service(service=name)
    assert refused.value.response["Error"]["Code"] == "InvalidParameterException"
    assert ecs.delete_service(service=name, force=True)["service"]["status"] == "DRAINING"
    ecs.get_waiter("services_inactive").wait(services=[name], WaiterConfig=FAST)
    assert tasks(ecs, name) == []
    with pytest.raises(ecs.exceptions.ServiceNotActiveException):
        ecs.update_service(service=name, desiredCount=1)


def test_errors(ecs, name):
    definition = register(ecs, container(SLEEP))
    with pytest.raises(ecs.exceptions.ServiceNotFoundException):
        ecs.update_service(service=name, desiredCount=1)
    create(ecs, name, definition, desiredCount=0)
    with pytest.raises(ClientError, match="Creation of service was not idempotent"):
        ecs.create_service(serviceName=name, taskDefinition=definition, desiredCount=1)
    with pytest.raises(ClientError, match="loadBalancers"):
        ecs.create_service(
            serviceName=unique("service"),
            taskDefinition=definition,
            desiredCount=1,
            loadBalancers=[{"containerName": "main", "containerPort": 80}],
        )
    answer = ecs.describe_services(services=["none"])
    assert [one["reason"] for one in answer["failures"]] == ["MISSING"]


def test_a_rolling_update_and_a_forced_deployment(ecs, name):
    first = register(ecs, container(SLEEP))
    create(ecs, name, first, desiredCount=2)
    completed(ecs, name)
    old = {one["taskArn"] for one in tasks(ecs, name)}
    second = register(ecs, container(SLEEP), family=first.rsplit("/", 1)[-1].rsplit(":", 1)[0])
    updated = ecs.update_service(service=name, taskDefinition=second)["service"]
    assert [one["status"] for one in updated["deployments"]] == ["PRIMARY", "ACTIVE"]
    assert stable(ecs, name)["taskDefinition"] == second
    new = {one["taskArn"] for one in tasks(ecs, name)}
    assert len(new) == 2 and not new & old
    for arn in old:
        assert describe(ecs, arn)["stopCode"] == "ServiceSchedulerInitiated"
    ecs.update_service(service=name, forceNewDeployment=True)
    stable(ecs, name)
    forced = {one["taskArn"] for one in tasks(ecs, name)}
    assert len(forced) == 2 and not forced & new


def test_the_circuit_breaker_rolls_back(ecs, name):
    good = register(ecs, container(SLEEP))
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
    create(ecs, name, good, deploymentConfiguration=breaker)
    completed(ecs, name)
    (before,) = tasks(ecs, name)
    bad = register(ecs, container("exit 1"))
    ecs.update_service(service=name, taskDefinition=bad)
    after = completed(ecs, name)
    assert after["taskDefinition"] == good
    (still,) = tasks(ecs, name)
    assert still["taskArn"] == before["taskArn"]
    assert any("deployment failed: tasks failed to start." in one["message"] for one in after["events"])
    assert "has reached a steady state." in after["events"][0]["message"]


def test_a_task_that_dies_is_replaced(ecs, name, scratch):
    pid_file = scratch / "pid"
    create(ecs, name, register(ecs, container(f"echo started >> {pid_file}; exec sleep 600")))
    (before,) = tasks(ecs, name)
    started(pid_file, 1)
    ecs.stop_task(task=before["taskArn"], reason="to see it replaced")

    def replaced() -> str | None:
        arns = [one["taskArn"] for one in tasks(ecs, name)]
        return arns[0] if len(arns) == 1 and arns != [before["taskArn"]] else None

    until_running(ecs, eventually(replaced, "a replacement"))
    started(pid_file, 2)


def started(log, times: int) -> None:
    """Waits until commands have started so many times and said so: a task is RUNNING before its command says anything."""
    eventually(lambda: log.exists() and log.read_text().split() == ["started"] * times, f"{times} starts in {log}")


def test_a_process_that_is_killed_is_replaced(ecs, name, scratch, as_root):
    log = scratch / "starts"
    create(ecs, name, register(ecs, container(f"echo started >> {log}; exec tail -f {log}")))
    (before,) = tasks(ecs, name)
    for pid in eventually(lambda: processes(str(log)), "the command runs"):
        os.kill(pid, signal.SIGKILL)
    started(log, 2)
    stable(ecs, name)
    assert describe(ecs, before["taskArn"])["stopCode"] == "EssentialContainerExited"


def processes(word: str) -> list[int]:
    """The processes of host tasks whose command line has the word as its last argument."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    arguments = file.read().decode(errors="replace").rstrip("\0").split("\0")
            except OSError:
                continue
            if arguments[0].endswith("tail") and arguments[-1] == word:
                found.append(int(entry))
    return found


def test_a_daemon_runs_once_on_each_host(ecs, name):
    definition = register(ecs, container(SLEEP))
    with pytest.raises(ClientError, match="daemon scheduling strategy does not support a desired count"):
        ecs.create_service(
            serviceName=name, taskDefinition=definition, schedulingStrategy="DAEMON", desiredCount=1
        )
    create(ecs, name, definition, schedulingStrategy="DAEMON")
    hosts = ecs.list_container_instances()["containerInstanceArns"]
    service = eventually(lambda: running_on(ecs, name, len(hosts)), "a task on each host")
    assert service["desiredCount"] == len(hosts)
    assert sorted(one["containerInstanceArn"] for one in tasks(ecs, name)) == sorted(hosts)


def running_on(ecs, name: str, count: int) -> dict | None:
    service = look(ecs, name)
    return service if service["runningCount"] == count else None


def test_a_deployment_survives_a_crash_of_the_control_plane(own_installation):
    ecs = own_installation.client("ecs")
    name = unique("service")
    first = register(ecs, container(SLEEP))
    create(ecs, name, first, desiredCount=3)
    completed(ecs, name)
    second = register(ecs, container(SLEEP))
    pid = own_installation.status()["pid"]
    ecs.update_service(service=name, taskDefinition=second)
    # Beside the old ones, unless the deployment was faster than this look.
    eventually(lambda: second in [one["taskDefinitionArn"] for one in tasks(ecs, name)], "new tasks")
    kill(pid)
    own_installation.up()
    service = stable(own_installation.client("ecs"), name)
    assert service["taskDefinition"] == second
    assert {one["taskDefinitionArn"] for one in tasks(ecs, name)} == {second}
    assert service["runningCount"] == 3


def test_draining_the_only_host(own_installation):
    ecs = own_installation.client("ecs")
    name = unique("service")
    definition = register(ecs, container(SLEEP))
    create(ecs, name, definition, deploymentConfiguration={"minimumHealthyPercent": 0})
    single = ecs.run_task(taskDefinition=definition, launchType="EXTERNAL")["tasks"][0]["taskArn"]
    until_running(ecs, single)
    (host,) = ecs.list_container_instances()["containerInstanceArns"]
    state = {"containerInstances": [host]}
    assert ecs.update_container_instances_state(status="DRAINING", **state)["failures"] == []
    eventually(lambda: tasks(ecs, name) == [], "the service's task has left")
    assert describe(ecs, single)["lastStatus"] == "RUNNING"
    with pytest.raises(ClientError, match="No Container Instances were found in your cluster"):
        ecs.run_task(taskDefinition=definition, launchType="EXTERNAL")
    ecs.update_container_instances_state(status="ACTIVE", **state)
    assert stable(ecs, name)["runningCount"] == 1


def test_a_host_that_was_lost_stops_what_was_replaced(as_root):
    """The agent is frozen until it counts as lost, then goes on."""
    own = Installation()
    try:
        own.up("--host-lost-after", "1s")
        ecs = own.client("ecs")
        name = unique("service")
        log = own.scratch / "starts"
        definition = register(ecs, container(f"echo started >> {log}; exec tail -f {log}"))
        create(ecs, name, definition)
        (old,) = tasks(ecs, name)
        started(log, 1)
        single = ecs.run_task(taskDefinition=register(ecs, container(SLEEP)), launchType="EXTERNAL")
        (single,) = [one["taskArn"] for one in single["tasks"]]
        until_running(ecs, single)
        agent = own.status()["agentPid"]
        os.kill(agent, signal.SIGSTOP)
        try:
            lost = eventually(lambda: stopped(ecs, old["taskArn"]), "the host is lost", seconds=300)
        finally:
            os.kill(agent, signal.SIGCONT)
        assert "was lost: its agent has been disconnected since" in lost["stoppedReason"]
        assert log.read_text().split() == ["started"]
        assert stable(ecs, name)["runningCount"] == 1
        started(log, 2)
        eventually(lambda: len(processes(str(log))) == 1, "the old copy has been stopped")
        assert log.read_text().split() == ["started", "started"]
        assert describe(ecs, single)["lastStatus"] == "RUNNING"
        eventually(lambda: taken(ecs) == 2 * 64, "the old copy's memory is free again")
    finally:
        own.remove()


def test_services_come_back_after_down_and_up(as_root):
    """What `down` stops is replaced after `up`, once; nothing is left of it, neither a process nor what it took."""
    own = Installation()
    try:
        own.up()
        ecs = own.client("ecs")
        name = unique("service")
        log = own.scratch / "starts"
        definition = register(ecs, container(f"echo started >> {log}; exec tail -f {log}"))
        create(ecs, name, definition, desiredCount=3)
        for times in (1, 2):
            before = {task["taskArn"] for task in tasks(ecs, name)}
            assert len(before) == 3
            started(log, 3 * times)
            own.down()
            assert processes(str(log)) == []
            assert log.read_text().split() == ["started"] * 3 * times
            own.up()
            for arn in before:
                ended = eventually(lambda arn=arn: stopped(ecs, arn), f"{arn} is known to have ended")
                assert ended["containers"][0]["exitCode"] in (137, 143)
            assert stable(ecs, name)["runningCount"] == 3
            assert before.isdisjoint(task["taskArn"] for task in tasks(ecs, name))
            eventually(lambda: len(processes(str(log))) == 3, "three copies run, and no more")
            assert log.read_text().split() == ["started"] * 3 * (times + 1)
            assert taken(ecs) == 3 * 64
            (deployment,) = look(ecs, name)["deployments"]
            assert deployment["failedTasks"] == 0
    finally:
        own.remove()


def stopped(ecs, arn: str) -> dict | None:
    task = describe(ecs, arn)
    return task if task["lastStatus"] == "STOPPED" else None


def taken(ecs) -> int:
    """The memory that tasks take of the only host."""
    arns = ecs.list_container_instances()["containerInstanceArns"]
    (host,) = ecs.describe_container_instances(containerInstances=arns)["containerInstances"]
    registered, remaining = (
        sum(one["integerValue"] for one in host[kind] if one["name"] == "MEMORY")
        for kind in ("registeredResources", "remainingResources")
    )
    return registered - remaining
