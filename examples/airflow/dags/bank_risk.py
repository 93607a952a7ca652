"""Value at risk of an index position, computed as a task on one of your own hosts.

Two unmodified operators of the Amazon provider: one registers the task definition, the other runs
it with launch type EXTERNAL on a host that is registered in the cluster `default`. The image name
`host` means a process on that host itself. The program's lines appear in the Airflow task's log;
its exit code decides the Airflow task; its last line, the result as JSON, becomes the XCom value.

Airflow variables (or environment variables AIRFLOW_VAR_...), as seen on the host:
    risk_directory  where var.py and the market data lie, default /var/lib/groundplane/demo
    risk_python     the Python that runs var.py, default /usr/bin/python3
"""

from datetime import timedelta

from airflow.providers.amazon.aws.operators.ecs import EcsRegisterTaskDefinitionOperator, EcsRunTaskOperator
from airflow.sdk import DAG, Param

REGION = "us-east-1"
LOG_GROUP = "/bank/risk"
STREAM_PREFIX = "risk"
CONTAINER = "value-at-risk"

DIRECTORY = "{{ var.value.get('risk_directory', '/var/lib/groundplane/demo') }}"
PYTHON = "{{ var.value.get('risk_python', '/usr/bin/python3') }}"

with DAG(
    dag_id="bank_risk",
    description="Value at risk of an index position, on your own hosts",
    schedule=None,
    params={
        "index": Param("sp500", enum=["sp500", "nasdaq"], description="the index that the position follows"),
        "notional": Param(10_000_000, type="number", exclusiveMinimum=0, description="size of the position"),
        "limit": Param(1_000_000, type="number", minimum=0, description="highest 10-day value at risk"),
    },
    tags=["groundplane", "ecs"],
) as dag:
    register = EcsRegisterTaskDefinitionOperator(
        task_id="register_value_at_risk",
        family="value-at-risk",
        region_name=REGION,
        register_task_kwargs={"requiresCompatibilities": ["EXTERNAL"]},
        container_definitions=[
            {
                "name": CONTAINER,
                "image": "host",
                "essential": True,
                "cpu": 256,
                "memory": 256,
                "entryPoint": [PYTHON, f"{DIRECTORY}/var.py"],
                "command": ["--prices", f"{DIRECTORY}/sp500.csv"],
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
        task_id="compute_value_at_risk",
        cluster="default",
        task_definition=register.output,
        launch_type="EXTERNAL",
        region_name=REGION,
        overrides={
            "containerOverrides": [
                {
                    "name": CONTAINER,
                    "command": [
                        "--prices",
                        f"{DIRECTORY}/{{{{ params.index }}}}.csv",
                        "--notional",
                        "{{ params.notional }}",
                    ],
                    "environment": [{"name": "VAR_LIMIT", "value": "{{ params.limit }}"}],
                }
            ]
        },
        container_name=CONTAINER,
        awslogs_group=LOG_GROUP,
        awslogs_region=REGION,
        awslogs_stream_prefix=STREAM_PREFIX,
        awslogs_fetch_interval=timedelta(seconds=1),
        waiter_delay=1,
        execution_timeout=timedelta(minutes=10),
    )
