"""Value at risk of a portfolio, each position on a host of its own.

Two positions, one in each index, are computed at the same time, the first on one host and the second
on another: a placement constraint names the host. Both steps are deferrable, so that no Airflow worker
waits for them. A last step adds up what both found, says which host computed what, and fails if the
portfolio's 10-day value at risk exceeds the limit. The sum allows for no diversification: it is what
the portfolio loses at most if both positions have their bad days together.

Airflow variables (or environment variables AIRFLOW_VAR_...):
    risk_first_host, risk_second_host  regular expressions for the names of the hosts (the attribute
                                       groundplane.name), default `.*`: any host
    risk_directory, risk_python        as in bank_risk
"""

import json

from airflow.providers.amazon.aws.hooks.ecs import EcsHook
from airflow.providers.amazon.aws.operators.ecs import EcsRegisterTaskDefinitionOperator, EcsRunTaskOperator
from airflow.sdk import DAG, Param, XComArg, task
from airflow.sdk.exceptions import AirflowFailException

REGION = "us-east-1"
CLUSTER = "default"
LOG_GROUP = "/bank/risk"
STREAM_PREFIX = "two-hosts"
CONTAINER = "value-at-risk"
POSITIONS = {"sp500": "risk_first_host", "nasdaq": "risk_second_host"}

DIRECTORY = "{{ var.value.get('risk_directory', '/var/lib/groundplane/demo') }}"
PYTHON = "{{ var.value.get('risk_python', '/usr/bin/python3') }}"


def compute(index: str, host_variable: str, definition: XComArg) -> EcsRunTaskOperator:
    """The step that computes one position, half of the portfolio, on the host that the variable names."""
    command = ["--prices", f"{DIRECTORY}/{index}.csv", "--notional", "{{ params.notional / 2 }}"]
    host = f"{{{{ var.value.get('{host_variable}', '.*') }}}}"
    return EcsRunTaskOperator(
        task_id=f"compute_{index}",
        cluster=CLUSTER,
        task_definition=definition,
        launch_type="EXTERNAL",
        region_name=REGION,
        placement_constraints=[{"type": "memberOf", "expression": f"attribute:groundplane.name =~ {host}"}],
        overrides={"containerOverrides": [{"name": CONTAINER, "command": command}]},
        container_name=CONTAINER,
        awslogs_group=LOG_GROUP,
        awslogs_region=REGION,
        awslogs_stream_prefix=STREAM_PREFIX,
        waiter_delay=1,
        waiter_max_attempts=600,  # ten minutes; execution_timeout does not count while a step is deferred
        deferrable=True,
        reattach=True,
    )


def host_of(ecs, task_arn: str) -> str:
    """The name of the host that the task ran on."""
    (ran,) = ecs.describe_tasks(cluster=CLUSTER, tasks=[task_arn])["tasks"]
    instances = [ran["containerInstanceArn"]]
    (host,) = ecs.describe_container_instances(cluster=CLUSTER, containerInstances=instances)["containerInstances"]
    return next(one["value"] for one in host["attributes"] if one["name"] == "groundplane.name")


@task
def report(ti, params) -> dict:
    """Adds up the positions; raises when the limit is breached, which retrying would not change."""
    ecs = EcsHook(region_name=REGION).conn
    total = 0.0
    hosts = {}
    for index in POSITIONS:
        result = json.loads(ti.xcom_pull(task_ids=f"compute_{index}"))
        hosts[index] = host_of(ecs, ti.xcom_pull(task_ids=f"compute_{index}", key="ecs_task_arn"))
        value = result["ten_days"]["value_at_risk"]
        print(f"{index} on {hosts[index]}: 10-day value at risk {value:,.0f}")
        total += value
    print(f"portfolio: 10-day value at risk {total:,.0f}, limit {params['limit']:,.0f}")
    if total > params["limit"]:
        raise AirflowFailException(f"limit breached: 10-day value at risk {total:,.0f} > {params['limit']:,.0f}")
    return {"ten_days_value_at_risk": round(total, 2), "hosts": hosts}


with DAG(
    dag_id="two_hosts",
    description="Value at risk of a portfolio, each position on a host of its own",
    schedule=None,
    params={
        "notional": Param(10_000_000, type="number", exclusiveMinimum=0, description="size of the portfolio"),
        "limit": Param(2_000_000, type="number", minimum=0, description="highest 10-day value at risk"),
    },
    tags=["groundplane", "ecs"],
) as dag:
    register = EcsRegisterTaskDefinitionOperator(
        task_id="register_value_at_risk",
        family="value-at-risk-of-position",
        region_name=REGION,
        register_task_kwargs={"requiresCompatibilities": ["EXTERNAL"]},
        container_definitions=[
            {
                "name": CONTAINER,
                "image": "host",
                "cpu": 256,
                "memory": 256,
                "entryPoint": [PYTHON, f"{DIRECTORY}/var.py"],
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
    [compute(index, variable, register.output) for index, variable in POSITIONS.items()] >> report()
