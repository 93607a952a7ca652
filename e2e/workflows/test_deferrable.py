"""Deferrable EcsRunTaskOperator of the unmodified Amazon provider, under a real scheduler and triggerer."""

import pytest
from host_tasks import container, describe, register, stop_and_wait, unique

from workflows.airflow_service import started_for

NO_PROGRAM = {"entryPoint": ["/no/such/program"], "command": []}


@pytest.fixture(scope="module")
def runs(airflow, ecs):
    """Every run that needs no watching, all under way at once."""

    def start(script: str, dag: str = "deferrable", host: str = ".*", **fields):
        return airflow.trigger(dag, definition=register(ecs, container(script, **fields)), host=host)

    without_group = container("true")["logConfiguration"]
    without_group["options"] |= {"awslogs-group": unique("/no/such/group"), "awslogs-create-group": "false"}
    return {
        "silent": start("true"),
        "nowhere": start("true", host="no-such-host"),
        "bounded": start("sleep 3600", dag="bounded", stopTimeout=2),
        "no program": start("", **NO_PROGRAM),
        "no program, waiting": start("", dag="waiting", **NO_PROGRAM),
        "no log group": start("true", logConfiguration=without_group),
    }


def test_success(airflow, ecs, scratch_file):
    script = f"echo one; echo $WORD; while [ ! -e {scratch_file} ]; do sleep 0.2; done; echo last"
    run = airflow.trigger("deferrable", definition=register(ecs, container(script)), word="two")
    run.until_deferred("run")
    run.until_logged("run", "two")
    scratch_file.touch()
    assert run.finish() == {"run": "success"}
    log = run.log("run")
    assert "Pausing task as DEFERRED" in log
    assert [log.count(f"] {line}\n") for line in ("one", "two")] == [1, 1], log
    assert run.xcom("run") == "last"
    assert describe(ecs, run.xcom("run", "ecs_task_arn"))["stopCode"] == "EssentialContainerExited"


def test_a_task_that_writes_nothing_succeeds(runs):
    run = runs["silent"]
    assert run.finish_once() == {"run": "success"}


def test_failing_container(airflow, ecs, scratch_file):
    script = f"echo before; echo ERROR the ledgers differ; while [ ! -e {scratch_file} ]; do sleep 0.2; done; exit 7"
    run = airflow.trigger("deferrable", definition=register(ecs, container(script)))
    run.until_deferred("run")
    run.until_logged("run", "ERROR the ledgers differ")
    scratch_file.touch()
    assert run.finish() == {"run": "failed"}
    log = run.log("run")
    assert "This task is not in success state" in log and "'exitCode': 7" in log
    assert log.count("] ERROR the ledgers differ") == 1


def test_a_task_that_cannot_be_placed_fails_before_it_is_deferred(runs):
    run = runs["nowhere"]
    assert run.finish_once() == {"run": "failed"}
    log = run.log("run")
    assert "EcsOperatorError" in log and "MEMBEROF" in log.upper().replace(" ", "")
    assert "DEFERRED" not in log


@pytest.mark.parametrize("case", ["no program", "no program, waiting"])
def test_a_failed_start_fails_and_says_why(runs, case):
    run = runs[case]
    assert run.finish_once() == {"run": "failed"}
    log = run.log("run")
    assert "EcsTaskFailToStart: The task failed to start due to: " in log and "/no/such/program" in log


def test_a_start_failure_is_not_hidden_by_a_missing_log_stream(runs):
    run = runs["no log group"]
    assert run.finish_once() == {"run": "failed"}
    log = run.log("run")
    assert "EcsTaskFailToStart: The task failed to start due to: " in log and "/no/such/group" in log


def test_waiter_max_attempts_bounds_a_step_that_would_not_end(runs, ecs):
    """Airflow's execution_timeout does not count while a task is deferred; this does. The ECS task goes on."""
    run = runs["bounded"]
    assert run.finish_once() == {"run": "failed"}
    assert "Waiter error: max attempts reached" in run.log("run")
    arn = run.xcom("run", "ecs_task_arn")
    assert describe(ecs, arn)["desiredStatus"] == "RUNNING"
    stop_and_wait(ecs, arn)


def test_cleared_while_deferred_the_next_attempt_takes_up_the_same_task(airflow, ecs, scratch_file):
    """The provider's trigger stops no ECS task; with reattach=True none is started twice either."""
    script = f"while [ ! -e {scratch_file} ]; do sleep 0.2; done; echo done"
    run = airflow.trigger("deferrable", definition=register(ecs, container(script)))
    run.until("run", "deferred")
    first = run.xcom("run", "ecs_task_arn")
    run.clear("run")
    run.until_deferred("run", attempt=2)
    assert run.xcom("run", "ecs_task_arn") == first
    scratch_file.touch()
    assert run.finish() == {"run": "success"}
    assert f"Reattaching previously launched task: {first}" in run.log("run")
    assert run.xcom("run") == "done"
    assert started_for(ecs, first) == [first]


def test_marked_as_failed_while_deferred_the_task_goes_on(airflow, ecs):
    """Provider 9.39 has no on_kill in this trigger: whoever gives up a deferred step must stop its task."""
    run = airflow.trigger("deferrable", definition=register(ecs, container("sleep 600")))
    run.until("run", "deferred")
    arn = run.xcom("run", "ecs_task_arn")
    run.mark_failed("run")
    assert run.finish() == {"run": "failed"}
    assert describe(ecs, arn)["desiredStatus"] == "RUNNING"
    assert stop_and_wait(ecs, arn)["stopCode"] == "UserInitiated"
