"""RedshiftDataOperator in the ways that people use it: a batch, a query waited for or deferred, a session, a failure."""

from airflow.providers.amazon.aws.operators.redshift_data import RedshiftDataOperator
from airflow.sdk import DAG, Param

WORKGROUP = {"workgroup_name": "{{ params.workgroup }}", "database": "dev"}
COMMON = {"region_name": "us-east-1", "poll_interval": 1}
SESSION = "{{ ti.xcom_pull(task_ids='begin', key='session_id') }}"
COUNT = "SELECT count(*) FROM position WHERE amount > :least"
LEAST = [{"name": "least", "value": "15"}]

with DAG(dag_id="redshift_data", schedule=None, params={"workgroup": Param("", type="string")}, default_args=COMMON):
    load = RedshiftDataOperator(
        task_id="load",
        sql=[
            "DROP TABLE IF EXISTS position",
            "CREATE TABLE position(id int, amount numeric(18,2))",
            "INSERT INTO position VALUES (1, 10), (2, 20)",
        ],
        **WORKGROUP,
    )
    waiting = RedshiftDataOperator(task_id="waiting", sql=COUNT, parameters=LEAST, return_sql_result=True, **WORKGROUP)
    deferred = RedshiftDataOperator(
        task_id="deferred", sql=COUNT, parameters=LEAST, return_sql_result=True, deferrable=True, **WORKGROUP
    )
    failing = RedshiftDataOperator(task_id="failing", sql="SELECT * FROM nowhere", deferrable=True, **WORKGROUP)
    begin = RedshiftDataOperator(
        task_id="begin", sql="CREATE TEMP TABLE mine AS SELECT 7 AS i", session_keep_alive_seconds=600, **WORKGROUP
    )
    within = RedshiftDataOperator(task_id="within", sql="SELECT i FROM mine", session_id=SESSION, return_sql_result=True)
    load >> [waiting, deferred, failing]
    begin >> within
