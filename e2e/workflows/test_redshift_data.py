"""The unmodified RedshiftDataOperator over a workgroup."""


def test_statements_of_a_workflow(airflow, warehouse):
    run = airflow.trigger("redshift_data", workgroup=warehouse.name)
    assert run.finish_once() == {
        "load": "success", "waiting": "success", "deferred": "success", "failing": "failed", "begin": "success",
        "within": "success",
    }
    for task in ("waiting", "deferred"):
        assert [page["Records"] for page in run.xcom(task)] == [[[{"longValue": 1}]]]
    assert [page["Records"] for page in run.xcom("within")] == [[[{"longValue": 7}]]]
    assert 'relation "nowhere" does not exist' in run.log("failing")
    assert warehouse.psql("SELECT count(*) FROM position").stdout == "2\n"
