"""A task that ends with exit code 7: the Airflow task must fail and say so."""

from datetime import timedelta

from airflow.providers.amazon.aws.operators.ecs import EcsRegisterTaskDefinitionOperator, EcsRunTaskOperator
from airflow.sdk import DAG

REGION = "us-east-1"
LOG_GROUP = "/bank/failing"
STREAM_PREFIX = "failing"
CONTAINER = "reconcile"

with DAG(dag_id="failing_task", schedule=None, tags=["groundplane", "ecs"]) as dag:
    register = EcsRegisterTaskDefinitionOperator(
        task_id="register_failing",
        family="failing",
        region_name=REGION,
        register_task_kwargs={"requiresCompatibilities": ["EXTERNAL"]},
        container_definitions=[
            {
                "name": CONTAINER,
                "image": "host",
                "cpu": 64,
                "memory": 64,
                "entryPoint": ["/bin/sh", "-c"],
                "command": ["echo 'INFO comparing two ledgers'; echo 'ERROR the ledgers differ'; exit 7"],
                "logConfiguration": {
                    "logDriver": "awslogs",
                    "options": {
                        "awslogs-group": LOG_GROUP,
                        "awslogs-region": REGION,
                        "awslogs-stream-prefix": STREAM_PREFIX,
                        "awslogs-create-group": "true",
                    },
                },
            }
        ],
    )

    run = EcsRunTaskOperator(
        task_id="reconcile_ledgers",
        cluster="default",
        task_definition=register.output,
        launch_type="EXTERNAL",
        region_name=REGION,
        overrides={},
        container_name=CONTAINER,
        awslogs_group=LOG_GROUP,
        awslogs_region=REGION,
        awslogs_stream_prefix=STREAM_PREFIX,
        awslogs_fetch_interval=timedelta(seconds=1),
        waiter_delay=1,
    )
