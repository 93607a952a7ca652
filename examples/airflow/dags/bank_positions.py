"""Positions of the trading desks against their limits: rows of PostgreSQL and files of S3 in one query.

Nothing here brings them into the warehouse: its database `trading` follows the cluster that the desks trade in
(zero-ETL), and its table `quote` has the files that land in S3 (a COPY JOB). The view `position_at_risk` values each
desk's position at the newest quotes and sets its value at risk, by `bank_warehouse`'s figures, against the desk's
limit. It is there for everybody afterwards, such as
`psql -c 'SELECT * FROM position_at_risk'`.

Airflow variables (or environment variables AIRFLOW_VAR_...):
    warehouse_workgroup  the workgroup of Redshift Serverless, default bank
"""

from airflow.providers.amazon.aws.operators.redshift_data import RedshiftDataOperator
from airflow.sdk import DAG, task

DATABASE = {
    "workgroup_name": "{{ var.value.get('warehouse_workgroup', 'bank') }}",
    "database": "dev",
    "poll_interval": 1,
}

# A desk's risk is the sum of its positions' risks: nothing is taken off for positions that go against each other.
POSITION_AT_RISK = """
CREATE OR REPLACE VIEW position_at_risk AS
WITH newest AS (
    SELECT index_name, price, row_number() OVER (PARTITION BY index_name ORDER BY number DESC) AS place
    FROM public.quote
), position AS (
    SELECT t.desk, t.index_name, count(*) AS trades, sum(t.quantity) * max(n.price) AS value
    FROM trading.public.trade t JOIN newest n ON n.index_name = t.index_name AND n.place = 1
    GROUP BY t.desk, t.index_name
)
SELECT d.name AS desk,
       sum(p.trades) AS trades,
       round(sum(p.value)) AS position,
       round(sum(abs(p.value) * r.value_at_risk / 10000000)) AS value_at_risk,
       d.risk_limit AS risk_limit
FROM trading.public.desk d
JOIN position p ON p.desk = d.name
JOIN public.value_at_risk r ON r.index_name = p.index_name
GROUP BY d.name, d.risk_limit
WITH NO SCHEMA BINDING"""

QUERY = """
SELECT desk, trades::bigint, position::double precision, value_at_risk::double precision, risk_limit::double precision
FROM position_at_risk ORDER BY desk"""


@task
def report(pages: list[dict]) -> list[str]:
    """Says how each desk stands; the desks above their limits."""
    breached = []
    for desk, trades, position, risk, limit in (row for page in pages for row in page["Records"]):
        above = risk["doubleValue"] > limit["doubleValue"]
        if above:
            breached.append(desk["stringValue"])
        print(
            f"{desk['stringValue']}: {trades['longValue']:,} trades, position {position['doubleValue']:,.0f}, 10-day value"
            f" at risk {risk['doubleValue']:,.0f}, limit {limit['doubleValue']:,.0f} {'BREACHED' if above else 'kept'}"
        )
    return breached


with DAG(
    dag_id="bank_positions",
    description="Positions of the trading desks against their limits",
    schedule=None,
    default_args={"region_name": "us-east-1"},
    tags=["groundplane", "redshift", "zero-etl"],
) as dag:
    view = RedshiftDataOperator(task_id="create_view", sql=POSITION_AT_RISK, **DATABASE)
    query = RedshiftDataOperator(task_id="query", sql=QUERY, return_sql_result=True, **DATABASE)
    view >> query
    report(query.output)
