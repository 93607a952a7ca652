"""S3ToRedshiftOperator with every method and RedshiftToS3Operator, over the driver, with an IAM password, and over the Data API."""

from airflow.providers.amazon.aws.transfers.redshift_to_s3 import RedshiftToS3Operator
from airflow.providers.amazon.aws.transfers.s3_to_redshift import S3ToRedshiftOperator
from airflow.sdk import DAG, Param, chain

DATA_API = {"workgroup_name": "{{ params.workgroup }}", "database": "dev", "poll_interval": 1}
WAYS = {
    "driver": {"redshift_conn_id": "warehouse"},
    "iam": {"redshift_conn_id": "warehouse_iam"},
    "data_api": {"redshift_conn_id": "aws_default", "redshift_data_api_kwargs": DATA_API},
}

with DAG(
    dag_id="redshift_transfers",
    schedule=None,
    params={"workgroup": Param("", type="string"), "bucket": Param("", type="string")},
    default_args={"s3_bucket": "{{ params.bucket }}", "schema": "public"},
):
    for way, how in WAYS.items():

        def load(method: str, key: str, way=way, how=how, **more) -> S3ToRedshiftOperator:
            return S3ToRedshiftOperator(
                task_id=f"{method.lower()}_{way}", table=way, s3_key=key, method=method, copy_options=["CSV"], **how, **more
            )

        chain(
            load("APPEND", "first.csv", column_list=["id", "name"]),
            load("REPLACE", "first.csv"),
            load("UPSERT", "second.csv", upsert_keys=["id"]),
            RedshiftToS3Operator(
                task_id=f"unload_{way}",
                s3_key="out",
                table=way,
                include_header=True,
                unload_options=["CSV", "PARALLEL OFF"],
                **how,
            ),
        )
