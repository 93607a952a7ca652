"""The Redshift Data API with boto3 and the aws CLI, over a real workgroup."""

import json
import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from identities import allow, user
from waiting import eventually
from warehouses import PASSWORD, Warehouse

AWS = Path(sys.executable).with_name("aws")
ENDLESS = "SELECT count(*) FROM generate_series(1, 10000000) a, generate_series(1, 10000000) b WHERE a.generate_series % 7 = b.generate_series % 11"


class DataApi:
    """Statements of one caller on one workgroup."""

    def __init__(self, installation, warehouse, **keys) -> None:
        self.client = installation.client("redshift-data", **keys)
        self.where = {"WorkgroupName": warehouse.name, "Database": "dev"}

    def submit(self, sql: str, **more) -> str:
        where = {} if "SessionId" in more else self.where
        return self.client.execute_statement(Sql=sql, **where, **more)["Id"]

    def batch(self, *sqls: str, **more) -> dict:
        return self.end(self.client.batch_execute_statement(Sqls=list(sqls), **self.where, **more)["Id"])

    def end(self, statement: str) -> dict:
        def ended():
            described = self.client.describe_statement(Id=statement)
            return described if described["Status"] in ("FINISHED", "FAILED", "ABORTED") else None

        return eventually(ended, f"{statement} ends")

    def until(self, statement: str, status: str) -> None:
        eventually(lambda: self.client.describe_statement(Id=statement)["Status"] == status, f"{statement} is {status}")

    def run(self, sql: str, **more) -> dict:
        return self.end(self.submit(sql, **more))

    def rows(self, sql: str, **more) -> list[list]:
        done = self.run(sql, **more)
        assert done["Status"] == "FINISHED", done
        records = self.client.get_statement_result(Id=done["Id"])["Records"]
        return [[next(iter(field.values())) if "isNull" not in field else None for field in row] for row in records]


@pytest.fixture(scope="module")
def workgroup(installation):
    own = Warehouse(installation)
    try:
        yield own
    finally:
        own.remove()


@pytest.fixture(scope="module")
def data(installation, workgroup):
    own = DataApi(installation, workgroup)
    own.run("SELECT 1")  # so that there is a database user of the caller's
    granted = workgroup.psql('GRANT CREATE ON DATABASE dev TO "IAM:root"')
    assert granted.returncode == 0, granted.stderr
    return own


def refused(call, **request) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_statement_wakes_the_workgroup_and_its_result_has_types(data):
    done = data.run(
        "SELECT 7 AS i, 1.5::double precision AS d, true AS b, 'x'::varchar AS s, 1.50::numeric(6,2) AS n, DATE '2024-01-02' AS day,"
        " TIMESTAMP '2024-01-02 03:04:05' AS t, json_parse('{\"a\":1}') AS j, NULL::int AS nothing"
    )
    assert done["Status"] == "FINISHED", done
    assert (done["HasResultSet"], done["ResultRows"], done["DbUser"]) == (True, 1, "IAM:root")
    assert done["Duration"] > 0 and done["ResultSize"] > 0 and done["RedshiftPid"] > 0
    result = data.client.get_statement_result(Id=done["Id"])
    assert result["Records"] == [[
        {"longValue": 7}, {"doubleValue": 1.5}, {"booleanValue": True}, {"stringValue": "x"}, {"stringValue": "1.50"},
        {"stringValue": "2024-01-02"}, {"stringValue": "2024-01-02 03:04:05"}, {"stringValue": '{"a":1}'}, {"isNull": True},
    ]]
    assert [column["typeName"] for column in result["ColumnMetadata"]] == [
        "int4", "float8", "bool", "varchar", "numeric", "date", "timestamp", "super", "int4",
    ]
    assert result["TotalNumRows"] == 1 and "NextToken" not in result


def test_a_failure_says_what_the_warehouse_said(data):
    done = data.run("SELECT * FROM nowhere")
    assert done["Status"] == "FAILED"
    assert done["Error"].startswith('ERROR: relation "nowhere" does not exist')
    assert refused(data.client.get_statement_result, Id=done["Id"])[0] == "ResourceNotFoundException"
    done = data.run("VACUUM nowhere TO 200 PERCENT")
    assert done["Status"] == "FAILED" and done["Error"].startswith("ERROR: ")


def test_parameters_pages_and_csv(data):
    data.batch("CREATE TABLE numbers(i int, s varchar(100))", "INSERT INTO numbers SELECT g, 'row ' || g FROM generate_series(1, 30000) t(g)")
    named = [{"name": "least", "value": "29998"}, {"name": "text", "value": "row 29999"}]
    assert data.rows("SELECT i FROM numbers WHERE i > :least AND s = :text", Parameters=named) == [[29999]]

    done = data.run("SELECT i FROM numbers ORDER BY i")
    pages = list(data.client.get_paginator("get_statement_result").paginate(Id=done["Id"]))
    assert len(pages) > 1
    assert [row[0]["longValue"] for page in pages for row in page["Records"]] == list(range(1, 30001))

    done = data.run("SELECT i, s FROM numbers WHERE i < 3 ORDER BY i", ResultFormat="CSV")
    assert data.client.get_statement_result_v2(Id=done["Id"])["Records"] == [{"CSVRecords": "1,row 1\r\n2,row 2\r\n"}]


def test_a_batch_is_one_transaction(data):
    good = data.batch("CREATE TABLE pair(i int)", "INSERT INTO pair VALUES (1), (2)", "SELECT count(*) FROM pair")
    assert good["Status"] == "FINISHED", good
    assert [part["ResultRows"] for part in good["SubStatements"]] == [0, 2, 1]
    assert data.client.get_statement_result(Id=good["Id"] + ":3")["Records"] == [[{"longValue": 2}]]

    bad = data.batch("INSERT INTO pair VALUES (3)", "SELECT 1/0", "SELECT 1")
    assert bad["Status"] == "FAILED" and bad["Error"].startswith("Query #2 failed with ERROR: ")
    assert [part["Status"] for part in bad["SubStatements"]] == ["FINISHED", "FAILED", "ABORTED"]
    assert data.rows("SELECT count(*) FROM pair") == [[2]]


def test_a_session_keeps_temporary_tables(data):
    begun = data.client.execute_statement(Sql="CREATE TEMP TABLE mine AS SELECT 7 AS i", SessionKeepAliveSeconds=60, **data.where)
    data.end(begun["Id"])
    assert data.rows("SELECT i FROM mine", SessionId=begun["SessionId"]) == [[7]]
    assert data.run("SELECT i FROM mine")["Status"] == "FAILED"


def test_what_is_in_the_database(data):
    made = data.batch(
        "CREATE SCHEMA IF NOT EXISTS ledger",
        "CREATE TABLE ledger.entry(id bigint NOT NULL, amount numeric(18,4), note varchar)",
        "CREATE TABLE ledger.other(id int)",
        "CREATE VIEW ledger.seen AS SELECT 1 AS one",
    )
    assert made["Status"] == "FINISHED", made
    client, where = data.client, data.where
    assert client.list_databases(**where)["Databases"] == ["dev"]
    assert client.list_schemas(SchemaPattern="led%", **where)["Schemas"] == ["ledger"]
    pages = list(client.get_paginator("list_tables").paginate(SchemaPattern="ledger", PaginationConfig={"PageSize": 2}, **where))
    assert [(table["name"], table["type"]) for page in pages for table in page["Tables"]] == [
        ("entry", "TABLE"), ("other", "TABLE"), ("seen", "VIEW"),
    ]
    assert len(pages) == 2
    columns = client.describe_table(Schema="ledger", Table="entry", **where)["ColumnList"]
    assert [(column["name"], column["typeName"], column["nullable"]) for column in columns] == [
        ("id", "int8", 0), ("amount", "numeric", 1), ("note", "varchar", 1),
    ]
    assert (columns[1]["precision"], columns[1]["scale"]) == (18, 4)
    assert refused(client.list_tables, **{**where, "Database": "nowhere"}) == (
        "ValidationException", 'FATAL: database "nowhere" does not exist',
    )


def test_a_running_statement_is_cancelled(data):
    statement = data.submit(ENDLESS)
    data.until(statement, "STARTED")
    assert data.client.cancel_statement(Id=statement)["Status"] is True
    assert data.end(statement)["Status"] == "ABORTED"
    assert refused(data.client.cancel_statement, Id=statement)[0] == "ValidationException"


def test_what_ran_when_the_control_plane_was_killed_has_failed(own_installation):
    warehouse = Warehouse(own_installation)
    data = DataApi(own_installation, warehouse)
    done = data.run("SELECT 1")
    running = data.submit(ENDLESS)
    data.until(running, "STARTED")
    os.kill(own_installation.status()["pid"], signal.SIGKILL)
    own_installation.up()

    failed = data.end(running)
    assert failed["Status"] == "FAILED" and "The control plane ended" in failed["Error"]
    assert data.client.get_statement_result(Id=done["Id"])["Records"] == [[{"longValue": 1}]]
    assert data.rows("SELECT 2") == [[2]]


def test_callers_are_database_users_and_see_their_own_statements(installation, workgroup, data, cloudtrail):
    everything = allow("redshift-data:*")
    without = DataApi(installation, workgroup, **user(installation, everything)["keys"])
    code, message = refused(without.client.execute_statement, Sql="SELECT 1", **without.where)
    assert code == "AccessDeniedException" and "redshift-serverless:GetCredentials" in message

    own = allow("redshift-data:DescribeStatement", "redshift-data:GetStatementResult",
                Condition={"StringEquals": {"redshift-data:statement-owner-iam-userid": "${aws:userid}"}})
    arn = workgroup.redshift.get_workgroup(workgroupName=workgroup.name)["workgroup"]["workgroupArn"]
    person = user(installation, own, allow("redshift-data:ExecuteStatement", "redshift-serverless:GetCredentials", resource=arn))
    analyst = DataApi(installation, workgroup, **person["keys"])
    secret = f"secret-{uuid.uuid4().hex}"
    done = analyst.run(f"SELECT current_user, '{secret}'")
    assert done["DbUser"] == f"IAM:{person['name']}"
    assert analyst.client.get_statement_result(Id=done["Id"])["Records"][0][1] == {"stringValue": secret}
    assert refused(data.client.describe_statement, Id=done["Id"]) == ("ResourceNotFoundException", "Query does not exist.")
    others = data.run("SELECT 1")["Id"]
    assert refused(analyst.client.describe_statement, Id=others)[0] == "AccessDeniedException"
    assert refused(analyst.client.list_tables, **analyst.where)[0] == "AccessDeniedException"

    def recorded() -> list[dict]:
        found = cloudtrail.lookup_events(LookupAttributes=[{"AttributeKey": "Username", "AttributeValue": person["name"]}])
        events = [json.loads(event["CloudTrailEvent"]) for event in found["Events"]]
        return events if {"GetCredentials", "ExecuteStatement"} <= {event["eventName"] for event in events} else []

    events = eventually(recorded, "both calls are in the trail")
    assert secret not in json.dumps(events)
    (forwarded,) = [event for event in events if event["eventName"] == "GetCredentials"]
    assert forwarded["sourceIPAddress"] == "redshift-data.amazonaws.com"
    assert forwarded["userIdentity"]["arn"] == person["arn"]


def test_a_secret_names_the_database_user(data, secretsmanager):
    name = f"warehouse-{uuid.uuid4().hex[:8]}"
    arn = secretsmanager.create_secret(Name=name, SecretString=json.dumps({"username": "admin", "password": PASSWORD}))["ARN"]
    done = data.run("SELECT 1", SecretArn=arn)
    assert (done["Status"], done["DbUser"], done["SecretArn"]) == ("FINISHED", "admin", arn), done
    secretsmanager.put_secret_value(SecretId=arn, SecretString=json.dumps({"username": "admin", "password": "Wrong1234"}))
    assert 'password authentication failed for user "admin"' in data.run("SELECT 1", SecretArn=arn)["Error"]


def test_the_aws_command(installation, workgroup, data):
    def aws(*words: str) -> dict:
        command = [str(AWS), "redshift-data", *words, "--output", "json"]
        done = subprocess.run(
            command, env=installation.environment(), capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    made = aws("execute-statement", "--workgroup-name", workgroup.name, "--database", "dev", "--sql", "SELECT 42 AS answer",
               "--statement-name", "deep-thought")
    data.end(made["Id"])
    assert aws("describe-statement", "--id", made["Id"])["QueryString"] == "SELECT 42 AS answer"
    assert aws("get-statement-result", "--id", made["Id"])["Records"] == [[{"longValue": 42}]]
    listed = aws("list-statements", "--statement-name", "deep", "--status", "ALL")["Statements"]
    assert [statement["Id"] for statement in listed] == [made["Id"]]


def test_what_is_not_there_is_refused(data):
    execute = data.client.execute_statement
    assert refused(execute, Sql="SELECT 1", ClusterIdentifier="old", Database="dev", DbUser="admin") == (
        "ValidationException", "Redshift endpoint doesn't exist in this region: there is no cluster old.",
    )
    assert "WithEvent is not implemented" in refused(execute, Sql="SELECT 1", WithEvent=True, **data.where)[1]
