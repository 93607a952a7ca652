"""The other ECS operators and sensors of the unmodified Amazon provider, and what EcsRunTaskOperator promises."""

import os
import signal

import pytest
from host_tasks import container, container_of, describe, register, stop_and_wait, unique, until_stopped
from waiting import eventually

from workflows.airflow_service import started_for


@pytest.fixture(scope="module")
def runs(airflow, ecs):
    """Every run that needs no watching, all under way at once."""

    def start(dag: str, script: str, **conf):
        return airflow.trigger(dag, definition=register(ecs, container(script, stopTimeout=2)), **conf)

    names = {"cluster": unique("cluster"), "family": unique("family")}
    return {
        "lifecycle": airflow.trigger("lifecycle", **names),
        "failing": start("waiting", "echo one; echo two; echo three; exit 9"),
        "skipping": start("skipping", "exit 99"),
        "impatient": start("impatient", "sleep 3600"),
        "leaving": start("impatient_and_leaving", "sleep 3600"),
    }


def test_clusters_and_task_definitions(runs, ecs):
    run = runs["lifecycle"]
    assert set(run.finish().values()) == {"success"}, run.states()
    created, deleted = run.xcom("create_cluster"), run.xcom("delete_cluster")
    assert (created["status"], deleted["status"]) == ("ACTIVE", "INACTIVE")
    assert created["clusterArn"] == deleted["clusterArn"]
    definition = run.xcom("register")
    assert definition == run.xcom("deregister")
    described = ecs.describe_task_definition(taskDefinition=definition)["taskDefinition"]
    assert described["status"] == "INACTIVE"
    assert "Cluster state: EcsClusterStates.INACTIVE" in run.log("deleted_cluster")
    assert "Task Definition state: EcsTaskDefinitionStates.INACTIVE" in run.log("inactive")


def test_sensors_between_a_deferrable_and_a_waiting_step(airflow, ecs, scratch_file):
    script = f"while [ ! -e {scratch_file} ]; do sleep 0.2; done; echo end of $WORD"
    run = airflow.trigger("mixed", definition=register(ecs, container(script)), word="night")
    run.until("running", "success")
    run.until("stopped", "up_for_reschedule")
    run.until_deferred("deferred")
    scratch_file.touch()
    assert run.finish() == {
        "deferred": "success", "started": "success", "running": "success", "stopped": "success",
        "too_late": "failed", "waiting": "success",
    }
    assert run.xcom("deferred") == run.xcom("waiting") == "end of night"
    assert run.log("waiting").count("] end of night") == 1
    assert "Task state: EcsTaskStates.STOPPED" in run.log("stopped")
    assert "Terminal state reached. Current state: EcsTaskStates.STOPPED, Expected state: EcsTaskStates.RUNNING" in run.log("too_late")


def test_a_failure_shows_so_many_of_the_last_lines(runs):
    run = runs["failing"]
    assert run.finish() == {"run": "failed"}
    assert "not in success state - last 2 logs from Cloudwatch:\ntwo\nthree" in run.log("run")


def test_skip_on_exit_code(runs):
    assert runs["skipping"].finish() == {"run": "skipped"}


@pytest.mark.parametrize(("case", "stopped"), [("impatient", True), ("leaving", False)])
def test_stop_task_on_failure(runs, ecs, case, stopped):
    run = runs[case]
    assert run.finish() == {"run": "failed"}
    assert "Max attempts exceeded" in run.log("run")
    arn = run.xcom("run", "ecs_task_arn")
    if stopped:
        task = until_stopped(ecs, arn)
        assert task["stoppedReason"] == "Task failed after creation; cleanup by Airflow"
    else:
        assert describe(ecs, arn)["desiredStatus"] == "RUNNING"
        stop_and_wait(ecs, arn)


def test_marked_as_failed_the_operator_stops_its_task(airflow, ecs):
    run = airflow.trigger("waiting", definition=register(ecs, container("sleep 3600", stopTimeout=2)))
    run.until_xcom("run", "ecs_task_arn")
    arn = run.xcom("run", "ecs_task_arn")
    run.mark_failed("run")
    task = until_stopped(ecs, arn)
    assert (task["stopCode"], task["stoppedReason"]) == ("UserInitiated", "Task killed by the user")
    assert container_of(task)["exitCode"] in (137, 143)


def test_a_worker_killed_with_its_task_running_is_followed_by_one_that_takes_it_up(airflow, ecs, scratch_file):
    script = f"while [ ! -e {scratch_file} ]; do sleep 0.2; done; echo done"
    run = airflow.trigger("retried", definition=register(ecs, container(script)))
    first = run.until_xcom("run", "ecs_task_arn")
    os.kill(run.task("run")["pid"], signal.SIGKILL)
    run.until_attempt("run", 2, "running")
    # only then may the task end: a task that has stopped is not taken up but run again
    taken_up = f"Reattaching previously launched task: {first}"
    eventually(lambda: taken_up in run.log("run", attempt=2), "the second attempt takes up the task", pause=0.3)
    scratch_file.touch()
    assert run.finish() == {"run": "success"}
    assert run.xcom("run") == "done"
    assert started_for(ecs, first) == [first]
