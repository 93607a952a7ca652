"""Processes killed with -9 while steps wait for their tasks: every step still ends, and no task runs twice."""

import os
import signal

import pytest
from host_tasks import container, register
from waiting import eventually

from workflows.airflow_service import started_for


@pytest.fixture
def waiting_runs(airflow, ecs, scratch_file):
    """One deferred and one waiting step, neither with retries, whose tasks end when the file appears."""
    script = f"echo begun; while [ ! -e {scratch_file} ]; do sleep 0.2; done; echo done"
    definition = register(ecs, container(script))
    runs = [airflow.trigger(dag, definition=definition) for dag in ("patient", "patient_waiting")]
    runs[0].until_deferred("run")
    arns = [run.until_xcom("run", "ecs_task_arn") for run in runs]
    ecs.get_waiter("tasks_running").wait(tasks=arns, WaiterConfig={"Delay": 0.1, "MaxAttempts": 1200})
    for run in runs:
        run.until_logged("run", "begun")
    return dict(zip(arns, runs))


def finish(ecs, runs: dict) -> None:
    """Every step ends as its task did, with its last line, and no task was started but the first."""
    for arn, run in runs.items():
        assert run.finish() == {"run": "success"}, run.log("run")
        assert run.xcom("run") == "done"
        assert run.xcom("run", "ecs_task_arn") == arn
        assert "] begun" in run.log("run")
        assert started_for(ecs, arn) == [arn]


def test_triggerer(airflow, ecs, waiting_runs, scratch_file):
    airflow.kill_component("triggerer")
    scratch_file.touch()
    ecs.get_waiter("tasks_stopped").wait(tasks=list(waiting_runs), WaiterConfig={"Delay": 0.1, "MaxAttempts": 1200})
    airflow.start_component("triggerer")
    finish(ecs, waiting_runs)


def test_control_plane(platform, ecs, waiting_runs, scratch_file):
    killed = platform.status()["pid"]
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: platform.status().get("pid") != killed, "the control plane is gone")
    scratch_file.touch()
    platform.up()
    finish(ecs, waiting_runs)
