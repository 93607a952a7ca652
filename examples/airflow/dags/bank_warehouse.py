"""Market data from S3 into the warehouse, and value at risk by SQL over it.

Unmodified operators of the Amazon provider: the index history goes to S3, COPY loads each file into a table
(REPLACE: a run may be repeated), and the view `value_at_risk` computes the risk of a position of 10,000,000 in
each index from all its windows of ten trading days. It is there for everybody afterwards, such as
`psql -c 'SELECT * FROM value_at_risk'`. Statements go through the Redshift Data API, as the database user that
the workgroup knows the caller by; COPY reads the bucket as an IAM role, not with anybody's keys.

Airflow variables (or environment variables AIRFLOW_VAR_...):
    risk_directory       where the market data lies, default /var/lib/groundplane/demo
    market_bucket        the bucket that it goes to, default bank-market-data
    warehouse_workgroup  the workgroup of Redshift Serverless, default bank
Airflow connection (or environment variable AIRFLOW_CONN_...):
    warehouse_loader     an AWS connection whose role_arn names the role that COPY acts as
"""

from airflow.providers.amazon.aws.operators.redshift_data import RedshiftDataOperator
from airflow.providers.amazon.aws.transfers.local_to_s3 import LocalFilesystemToS3Operator
from airflow.providers.amazon.aws.transfers.s3_to_redshift import S3ToRedshiftOperator
from airflow.sdk import DAG, task

DIRECTORY = "{{ var.value.get('risk_directory', '/var/lib/groundplane/demo') }}"
BUCKET = "{{ var.value.get('market_bucket', 'bank-market-data') }}"
DATABASE = {
    "workgroup_name": "{{ var.value.get('warehouse_workgroup', 'bank') }}",
    "database": "dev",
    "poll_interval": 1,
}
INDICES = ("sp500", "nasdaq")

TABLE = """
CREATE TABLE IF NOT EXISTS {index} (
    day date SORTKEY, opening double precision, high double precision, low double precision,
    closing double precision, adjusted double precision, volume bigint
)"""

# The value at risk is the loss that one window in a hundred exceeds.
VALUE_AT_RISK = """
CREATE OR REPLACE VIEW value_at_risk AS
WITH closes AS (
    SELECT 'sp500' AS index_name, day, closing FROM sp500
    UNION ALL
    SELECT 'nasdaq', day, closing FROM nasdaq
), ten_days AS (
    SELECT index_name, closing / lag(closing, 10) OVER (PARTITION BY index_name ORDER BY day) - 1 AS change
    FROM closes
)
SELECT index_name,
       count(change) AS windows,
       round(-10000000 * percentile_disc(0.01) WITHIN GROUP (ORDER BY change)) AS value_at_risk,
       round(-10000000 * min(change)) AS worst_loss
FROM ten_days
WHERE change IS NOT NULL
GROUP BY index_name"""


@task
def report(pages: list[dict]) -> dict[str, float]:
    """Says what the warehouse found; the value at risk of each index."""
    found = {}
    for name, windows, value, worst in (row for page in pages for row in page["Records"]):
        found[name["stringValue"]] = value["doubleValue"]
        print(
            f"{name['stringValue']}: 10-day value at risk {value['doubleValue']:,.0f},"
            f" worst loss {worst['doubleValue']:,.0f} in {windows['longValue']:,} windows"
        )
    return found


with DAG(
    dag_id="bank_warehouse",
    description="Market data from S3 into the warehouse, value at risk by SQL",
    schedule=None,
    default_args={"region_name": "us-east-1"},
    tags=["groundplane", "redshift"],
) as dag:
    tables = RedshiftDataOperator(
        task_id="create_tables", sql=[TABLE.format(index=index) for index in INDICES], **DATABASE
    )
    view = RedshiftDataOperator(task_id="create_view", sql=VALUE_AT_RISK, **DATABASE)
    query = RedshiftDataOperator(
        task_id="query", sql="SELECT * FROM value_at_risk ORDER BY index_name", return_sql_result=True, **DATABASE
    )
    for index in INDICES:
        upload = LocalFilesystemToS3Operator(
            task_id=f"upload_{index}",
            filename=f"{DIRECTORY}/{index}.csv",
            dest_bucket=BUCKET,
            dest_key=f"indices/{index}.csv",
            replace=True,
        )
        copy = S3ToRedshiftOperator(
            task_id=f"copy_{index}",
            s3_bucket=BUCKET,
            s3_key=f"indices/{index}.csv",
            schema="public",
            table=index,
            method="REPLACE",
            copy_options=["CSV", "IGNOREHEADER 1", "DATEFORMAT 'MM/DD/YYYY'"],
            aws_conn_id="warehouse_loader",
            redshift_conn_id="aws_default",
            redshift_data_api_kwargs=DATABASE,
        )
        [tables, upload] >> copy >> view
    view >> query
    report(query.output)
