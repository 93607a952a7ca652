"""What ran in the warehouse, and what ends it: its history, limits and signals, by boto3 and psql."""

import os
import signal

import psycopg
import pytest
from waiting import eventually


def test_history_outlives_a_killed_worker_and_limits_end_queries(warehouse):
    limits = [
        {"parameterKey": "max_query_execution_time", "parameterValue": "10"},  # more than any other statement takes
        {"parameterKey": "query_group", "parameterValue": "nightly"},
    ]
    warehouse.redshift.update_workgroup(workgroupName=warehouse.name, configParameters=limits)

    with warehouse.connect(autocommit=True) as runs, warehouse.connect(autocommit=True) as looks:
        with pytest.raises(psycopg.errors.QueryCanceled, match="max_query_execution_time"):
            runs.execute("SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range * b.range % 7 = 3")
        process = runs.execute("SELECT pg_backend_pid()").fetchone()[0]
        told = looks.execute(
            "SELECT trim(query_label), trim(status) FROM sys_query_history WHERE session_id = %s AND query_type = 'SELECT'"
            " ORDER BY query_id",
            (process,),
        ).fetchall()
        assert told == [("nightly", "canceled"), ("nightly", "success")]
        looks.execute("SELECT pg_terminate_backend(%s)", (process,))
        with pytest.raises(psycopg.OperationalError, match="terminating connection"):
            runs.execute("SELECT 1")

    eventually(
        lambda: warehouse.psql("SELECT status FROM sys_session_history WHERE session_id = " + str(process)).stdout
        == "closed\n",
        "the session is closed",
    )
    os.kill(warehouse.worker_pid(), signal.SIGKILL)

    after = f"SELECT trim(status) FROM sys_query_history WHERE session_id = {process} AND query_type = 'SELECT' ORDER BY query_id"
    # Whoever comes before the kill is noticed is told that the worker has gone.
    eventually(lambda: warehouse.psql(after).stdout == "canceled\nsuccess\n", "the history is still there")
