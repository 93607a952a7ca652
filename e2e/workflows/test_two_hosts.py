"""Two hosts: a DAG spread over both by placement constraints, and one that waits until its host has room."""

import signal
from pathlib import Path

import pytest
from host_agent import HostAgent
from host_tasks import container, describe, register, start, stop_and_wait

SECOND = "floor-2"
MEMORY_MIB = 512  # what such a host offers


@pytest.fixture(scope="module")
def second_host(platform):
    """The ARN of the second host's container instance."""
    host = HostAgent(platform.directory, platform.endpoint, SECOND)
    try:
        yield host.join(platform)
    finally:
        host.remove()


@pytest.fixture(scope="module")
def first_host(ecs, second_host):
    """The ARN and the name of the host that the installation began with."""
    (arn,) = [one for one in ecs.list_container_instances()["containerInstanceArns"] if one != second_host]
    (host,) = ecs.describe_container_instances(containerInstances=[arn])["containerInstances"]
    return arn, next(one["value"] for one in host["attributes"] if one["name"] == "groundplane.name")


def test_two_hosts(airflow, ecs, first_host, second_host, risk_directory):
    arn, name = first_host
    variables = {
        "risk_first_host": name, "risk_second_host": SECOND, "risk_directory": str(risk_directory),
        "risk_python": "/usr/bin/python3",
    }
    for key, value in variables.items():
        airflow.api("POST", "/variables", {"key": key, "value": value})
    run = airflow.trigger("two_hosts")
    assert set(run.finish_once().values()) == {"success"}
    tasks = [describe(ecs, run.xcom(f"compute_{index}", "ecs_task_arn")) for index in ("sp500", "nasdaq")]
    assert [task["containerInstanceArn"] for task in tasks] == [arn, second_host]
    # half of what bank_risk finds for the whole notional in each index
    assert run.xcom("compute_sp500")["ten_days"]["value_at_risk"] == pytest.approx(956_360 / 2, abs=1)
    hosts = {"sp500": name, "nasdaq": SECOND}
    assert run.xcom("report") == {"ten_days_value_at_risk": pytest.approx(1_164_892, abs=1), "hosts": hosts}
    limited = airflow.trigger("two_hosts", limit=100_000)
    assert limited.finish_once()["report"] == "failed"
    assert "limit breached: 10-day value at risk" in limited.log("report")


def test_a_full_host_is_tried_again_until_it_has_room(airflow, ecs, second_host):
    there = [{"type": "memberOf", "expression": f"attribute:groundplane.name == {SECOND}"}]
    holding = start(ecs, register(ecs, container("sleep 600", memory=MEMORY_MIB - 32, stopTimeout=2)),
                    placementConstraints=there)
    run = airflow.trigger("retried", definition=register(ecs, container("echo done")), host=SECOND)
    run.until("run", "up_for_retry")
    assert "RESOURCE:MEMORY" in run.log("run", attempt=1)
    stop_and_wait(ecs, holding["taskArn"])
    assert run.finish() == {"run": "success"}
    assert describe(ecs, run.xcom("run", "ecs_task_arn"))["containerInstanceArn"] == second_host


def test_steps_on_a_host_that_is_gone_fail(platform, airflow, ecs):
    """While an agent is away nobody knows about its tasks; once the host is taken out, its steps end as failures."""
    host = HostAgent(platform.directory, platform.endpoint, "floor-3")
    java = Path(f"/proc/{platform.status()['agentPid']}/exe").resolve()
    try:
        instance = host.join(platform)
        definition = register(ecs, container("sleep 600", stopTimeout=2))
        runs = [airflow.trigger(dag, definition=definition, host="floor-3") for dag in ("deferrable", "waiting")]
        arns = [run.until_xcom("run", "ecs_task_arn") for run in runs]
        ecs.get_waiter("tasks_running").wait(tasks=arns, WaiterConfig={"Delay": 0.1, "MaxAttempts": 1200})
        host.end(signal.SIGKILL)
        ecs.deregister_container_instance(containerInstance=instance, force=True)
        for run in runs:
            assert run.finish() == {"run": "failed"}
            assert "was deregistered by force" in run.log("run")
    finally:
        host.remove()
        host.stop_tasks(java)
