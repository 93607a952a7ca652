"""The other ECS operators, and the sensors: a cluster's and a definition's life, and steps of three kinds."""

from airflow.providers.amazon.aws.hooks.ecs import EcsClusterStates, EcsTaskDefinitionStates, EcsTaskStates
from airflow.providers.amazon.aws.operators.ecs import (
    EcsCreateClusterOperator,
    EcsDeleteClusterOperator,
    EcsDeregisterTaskDefinitionOperator,
    EcsRegisterTaskDefinitionOperator,
    EcsRunTaskOperator,
)
from airflow.providers.amazon.aws.sensors.ecs import (
    EcsClusterStateSensor,
    EcsTaskDefinitionStateSensor,
    EcsTaskStateSensor,
)
from airflow.sdk import DAG, Param
from ecs_tasks import COMMON, PARAMS

REGION = {"region_name": "us-east-1"}
SENSOR = {**REGION, "poke_interval": 1, "timeout": 600}

with DAG(dag_id="lifecycle", schedule=None, params={"cluster": Param("", type="string"), "family": Param("", type="string")}):
    cluster, family = "{{ params.cluster }}", "{{ params.family }}"
    create = EcsCreateClusterOperator(
        task_id="create_cluster", cluster_name=cluster, deferrable=True, wait_for_completion=True,
        create_cluster_kwargs={"tags": [{"key": "desk", "value": "rates"}]}, **REGION,
    )
    created = EcsClusterStateSensor(task_id="created_cluster", cluster_name=cluster, **SENSOR)
    registered = EcsRegisterTaskDefinitionOperator(
        task_id="register", family=family, register_task_kwargs={"requiresCompatibilities": ["EXTERNAL"]},
        container_definitions=[{"name": "main", "image": "host", "memory": 64, "command": ["true"]}], **REGION,
    )
    active = EcsTaskDefinitionStateSensor(task_id="active", task_definition=registered.output, **SENSOR)
    deregistered = EcsDeregisterTaskDefinitionOperator(
        task_id="deregister", task_definition=registered.output, **REGION
    )
    inactive = EcsTaskDefinitionStateSensor(
        task_id="inactive", task_definition=registered.output, target_state=EcsTaskDefinitionStates.INACTIVE, **SENSOR
    )
    delete = EcsDeleteClusterOperator(
        task_id="delete_cluster", cluster_name=cluster, deferrable=True, wait_for_completion=True, **REGION
    )
    deleted = EcsClusterStateSensor(
        task_id="deleted_cluster", cluster_name=cluster, target_state=EcsClusterStates.INACTIVE, **SENSOR
    )
    create >> created >> delete >> deleted
    registered >> active >> deregistered >> inactive

with DAG(dag_id="mixed", schedule=None, params=PARAMS):
    deferred = EcsRunTaskOperator(task_id="deferred", deferrable=True, **COMMON)
    started = EcsRunTaskOperator(task_id="started", wait_for_completion=False, **COMMON)
    task = {"cluster": "default", "task": "{{ ti.xcom_pull(task_ids='started', key='ecs_task_arn') }}", **SENSOR}
    running = EcsTaskStateSensor(task_id="running", **task)
    stopped = EcsTaskStateSensor(
        task_id="stopped", target_state=EcsTaskStates.STOPPED, failure_states={EcsTaskStates.NONE},
        mode="reschedule", **task,
    )
    too_late = EcsTaskStateSensor(task_id="too_late", **task)
    waiting = EcsRunTaskOperator(task_id="waiting", **COMMON)
    started >> running >> stopped >> too_late
    deferred >> waiting
