"""EcsRunTaskOperator in the ways that the tests need; the task definition and the rest come as parameters."""

from datetime import timedelta

from airflow.providers.amazon.aws.operators.ecs import EcsRunTaskOperator
from airflow.sdk import DAG, Param

COMMON = {
    "task_definition": "{{ params.definition }}",
    "cluster": "default",
    "launch_type": "EXTERNAL",
    "region_name": "us-east-1",
    "container_name": "main",
    "awslogs_group": "/e2e/tasks",
    "awslogs_region": "us-east-1",
    "awslogs_stream_prefix": "e2e",
    "awslogs_fetch_interval": timedelta(seconds=1),
    "number_logs_exception": 2,
    "waiter_delay": 1,
    "reattach": True,
    "overrides": {"containerOverrides": [{"name": "main", "environment": [{"name": "WORD", "value": "{{ params.word }}"}]}]},
}
HOST = [{"type": "memberOf", "expression": "attribute:groundplane.name =~ {{ params.host }}"}]
PARAMS = {
    "definition": Param("", type="string"),
    "word": Param("none", type="string"),
    "host": Param(".*", type="string"),
}


def dag(dag_id: str, **fields) -> DAG:
    """A DAG with one task, `run`."""
    with DAG(dag_id=dag_id, schedule=None, params=PARAMS, max_active_runs=16) as made:
        EcsRunTaskOperator(task_id="run", placement_constraints=HOST, **{**COMMON, **fields})
    return made


deferrable = dag("deferrable", deferrable=True)
patient = dag("patient", deferrable=True, aws_conn_id="patient")
patient_waiting = dag("patient_waiting", aws_conn_id="patient")
bounded = dag("bounded", deferrable=True, waiter_max_attempts=3)
waiting = dag("waiting")
skipping = dag("skipping", skip_on_exit_code=99)
retried = dag("retried", retries=40, retry_delay=timedelta(seconds=1))
impatient = dag("impatient", waiter_max_attempts=3)
impatient_and_leaving = dag("impatient_and_leaving", waiter_max_attempts=3, stop_task_on_failure=False)
