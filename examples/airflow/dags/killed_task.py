"""A task that takes too long: Airflow gives up after some seconds, and the operator stops the task.

The host's process gets SIGTERM, then SIGKILL if it is still there after its stopTimeout; the task
ends as STOPPED with the stop code UserInitiated. Nothing is left running on the host.
"""

from datetime import timedelta

from airflow.providers.amazon.aws.operators.ecs import EcsRegisterTaskDefinitionOperator, EcsRunTaskOperator
from airflow.sdk import DAG

REGION = "us-east-1"
CONTAINER = "endless"

with DAG(dag_id="killed_task", schedule=None, tags=["groundplane", "ecs"]) as dag:
    register = EcsRegisterTaskDefinitionOperator(
        task_id="register_endless",
        family="endless",
        region_name=REGION,
        register_task_kwargs={"requiresCompatibilities": ["EXTERNAL"]},
        container_definitions=[
            {
                "name": CONTAINER,
                "image": "host",
                "cpu": 64,
                "memory": 64,
                "entryPoint": ["/bin/sleep"],
                "command": ["3600"],
                "stopTimeout": 5,
            }
        ],
    )

    run = EcsRunTaskOperator(
        task_id="wait_forever",
        cluster="default",
        task_definition=register.output,
        launch_type="EXTERNAL",
        region_name=REGION,
        overrides={},
        waiter_delay=1,
        execution_timeout=timedelta(seconds=20),
    )
