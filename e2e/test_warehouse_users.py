"""Users of the warehouse: who may log in is known while the worker sleeps, what they may do is granted."""

import json

from host_tasks import unique
from waiting import eventually
from warehouses import CLUSTER

USER_PASSWORD = "Password1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
CREDENTIALS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "redshift-serverless:GetCredentials", "Resource": "*"}],
}


def changes_of(installation, user: str) -> list[dict]:
    """What the audit trail has of statements of a database user about users."""
    events = installation.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "ChangeDatabasePrincipals"}]
    )["Events"]
    asked = [json.loads(event["CloudTrailEvent"])["requestParameters"] for event in events]
    return [one for one in asked if one["dbUser"] == user]


def put_to_sleep(warehouse) -> None:
    for task in warehouse.workers():
        warehouse.ecs.stop_task(cluster=CLUSTER, task=task)
    eventually(lambda: warehouse.workers() == [], "the worker was stopped")


def test_a_user_made_by_psql_logs_in_while_the_worker_sleeps(installation, warehouse):
    made = warehouse.psql(f"CREATE USER bob PASSWORD '{USER_PASSWORD}'")
    assert made.stderr == ""
    warehouse.psql("CREATE TABLE trade AS SELECT 7 AS amount")
    put_to_sleep(warehouse)

    wrong = warehouse.psql("SELECT 1", "bob", "Password2")
    assert 'password authentication failed for user "bob"' in wrong.stderr
    assert warehouse.workers() == [], "nobody wakes a worker who has not shown a password"
    for sslmode in ("require", "disable"):
        assert warehouse.psql("SELECT current_user", "bob", USER_PASSWORD, sslmode).stdout == "bob\n"
    assert "permission denied for relation trade" in warehouse.psql("SELECT * FROM trade", "bob", USER_PASSWORD).stderr
    assert warehouse.psql("GRANT SELECT ON trade TO bob").stderr == ""
    put_to_sleep(warehouse)
    assert warehouse.psql("SELECT amount FROM trade", "bob", USER_PASSWORD).stdout == "7\n"
    assert warehouse.psql("ALTER USER bob PASSWORD DISABLE").stderr == ""
    assert "password authentication failed" in warehouse.psql("SELECT 1", "bob", USER_PASSWORD).stderr
    recorded = [one for one in changes_of(installation, "admin") if one["workgroupName"] == warehouse.name]
    assert [one["statement"] for one in recorded] == ["ALTER USER", "CREATE USER"]
    assert USER_PASSWORD not in str(recorded) and "SCRAM" not in str(recorded)


def test_what_policies_hide_stays_hidden_when_the_worker_is_another_one(warehouse):
    for sql in (
        f"CREATE USER clerk PASSWORD '{USER_PASSWORD}'",
        "CREATE TABLE deal AS SELECT 1 AS id, 'EU' AS region, '4532' AS card UNION ALL SELECT 2, 'US', '9999'",
        "GRANT SELECT ON deal TO clerk",
        "CREATE RLS POLICY eu WITH (region varchar(8)) USING (region = 'EU')",
        "ATTACH RLS POLICY eu ON deal TO clerk",
        "ALTER TABLE deal ROW LEVEL SECURITY ON",
        "CREATE MASKING POLICY hide WITH (card varchar(8)) USING ('****'::varchar(8))",
        "ATTACH MASKING POLICY hide ON deal(card) TO PUBLIC",
    ):
        assert warehouse.psql(sql).stderr == "", sql
    shown = "SELECT id || card FROM deal"
    assert warehouse.psql(shown, "clerk", USER_PASSWORD).stdout == "1****\n"
    put_to_sleep(warehouse)
    assert warehouse.psql(shown, "clerk", USER_PASSWORD).stdout == "1****\n"
    assert warehouse.psql("SELECT id || card FROM deal ORDER BY 1").stdout == "14532\n29999\n"


def test_a_role_of_iam_has_what_its_user_is_granted(installation, warehouse):
    iam, role = installation.client("iam"), unique("analyst")
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName=role, PolicyName="in", PolicyDocument=json.dumps(CREDENTIALS))
    try:
        given = installation.client("sts").assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"]
        caller = installation.client(
            "redshift-serverless",
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )
        login = caller.get_credentials(workgroupName=warehouse.name, dbName="dev")
        assert login["dbUser"] == f"IAMR:{role}"
        warehouse.psql("CREATE TABLE trade AS SELECT 7 AS amount")

        def asks() -> str:
            ran = warehouse.psql("SELECT amount FROM trade", login["dbUser"], login["dbPassword"])
            return ran.stdout + ran.stderr

        assert "permission denied for relation trade" in asks()
        assert warehouse.psql(f'GRANT SELECT ON trade TO "IAMR:{role}"').stderr == ""
        assert asks() == "7\n"
    finally:
        iam.delete_role_policy(RoleName=role, PolicyName="in")
        iam.delete_role(RoleName=role)
