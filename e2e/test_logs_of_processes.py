"""What control plane and agent log: JSON lines that tell which call they belong to, and no secrets."""

import json
import subprocess
import uuid
from datetime import datetime

import pytest
from botocore.exceptions import ClientError
from host_tasks import container, finish, register, start, unique, until_stopped
from installation import COMMAND_SECONDS, ROOT
from waiting import eventually

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}


def lines(installation, name: str) -> list[dict]:
    text = (installation.data / "logs" / name).read_text()
    whole, _, _ = text.rpartition("\n")  # the last line may be half written
    return [json.loads(line) for line in whole.splitlines()]


def test_every_line_is_an_object_with_time_level_and_message(installation, ecs):
    finish(ecs, "true")
    for name in ("control-plane.log", "agent.log"):
        found = lines(installation, name)
        assert found
        for line in found:
            assert datetime.fromisoformat(line["time"]).utcoffset().total_seconds() == 0
            assert line["level"] in ("INFO", "WARN", "ERROR")
            assert line["logger"]
            assert line["message"]


def test_a_failed_call_is_found_by_the_id_that_the_caller_got(own_installation):
    """Content of an object is damaged on the disk: the read fails and the log says why."""
    s3 = own_installation.client("s3")
    bucket = unique("bucket")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="thing", Body=b"x" * 3_000_000)
    for file in (own_installation.data / "s3").rglob("*"):
        if file.is_file() and file.stat().st_size > 1_000_000:
            file.unlink()
    with pytest.raises(ClientError) as failed:
        s3.get_object(Bucket=bucket, Key="thing")
    request_id = failed.value.response["ResponseMetadata"]["RequestId"]
    assert failed.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    (line,) = [line for line in lines(own_installation, "control-plane.log") if line.get("requestId") == request_id]
    arn = own_installation.client("sts").get_caller_identity()["Arn"]
    assert (line["level"], line["service"], line["operation"]) == ("ERROR", "s3", "GetObject")
    assert line["principal"] == arn
    assert "Exception" in line["error"]


def test_the_ids_of_callers_are_those_of_the_audit_trail(installation, ecs, cloudtrail):
    name = unique("cluster")
    answer = ecs.create_cluster(clusterName=name)
    ecs.delete_cluster(cluster=name)
    attribute = {"AttributeKey": "ResourceName", "AttributeValue": answer["cluster"]["clusterArn"]}
    events = cloudtrail.lookup_events(LookupAttributes=[attribute])["Events"]
    records = [json.loads(event["CloudTrailEvent"]) for event in events]
    assert answer["ResponseMetadata"]["RequestId"] in [record["requestID"] for record in records]


def test_lines_about_tasks_name_them(installation, ecs):
    """The agent says that a container has become healthy, and of which task it is."""
    check = {"command": ["CMD-SHELL", "true"], "interval": 5}
    task = start(ecs, register(ecs, container("exec sleep 600", healthCheck=check)))["taskArn"]

    def told() -> list[dict]:
        return [line for line in lines(installation, "agent.log") if line.get("taskArn") == task]

    (line,) = eventually(told, "the agent tells of the task")
    assert line["message"] == f"container main of {task} is HEALTHY"
    ecs.stop_task(task=task)
    until_stopped(ecs, task)


def test_no_credential_and_no_secret_is_logged(own_installation):
    """Uses every kind of them, also in calls that fail, and looks for their values in all logs."""
    marker = f"marker{uuid.uuid4().hex}"
    secrets, ssm = own_installation.client("secretsmanager"), own_installation.client("ssm")
    ecs, iam, sts = (own_installation.client(name) for name in ("ecs", "iam", "sts"))
    secrets.create_secret(Name="one", SecretString=marker)
    with pytest.raises(ClientError):
        secrets.create_secret(Name="one", SecretString=f"another {marker}")
    ssm.put_parameter(Name="/one", Value=marker, Type="SecureString")
    with pytest.raises(ClientError):
        ssm.put_parameter(Name="/one", Value=f"another {marker}", Type="SecureString")
    iam.create_user(UserName="somebody")
    key = iam.create_access_key(UserName="somebody")["AccessKey"]
    role = iam.create_role(RoleName="part", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    session = sts.assume_role(RoleArn=role, RoleSessionName="short")["Credentials"]
    activation = ssm.create_activation(IamRole="GroundplaneInstance")
    finish(ecs, "true", environment=[{"name": "PASSWORD", "value": marker}])
    finish(ecs, "no-such-command $PASSWORD; exit 1", environment=[{"name": "PASSWORD", "value": marker}])
    with pytest.raises(ClientError):
        own_installation.client("ecs", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=marker).list_tasks()

    hidden = [
        marker,
        key["SecretAccessKey"],
        activation["ActivationCode"],
        own_installation.exported["AWS_SECRET_ACCESS_KEY"],
        (own_installation.data / "operator.token").read_text().strip(),
        session["SecretAccessKey"],
        session["SessionToken"],
    ]
    own_installation.down()
    for file in (own_installation.data / "logs").iterdir():
        text = file.read_text()
        for value in hidden:
            assert value not in text, file


def test_why_it_could_not_start_is_told_and_not_only_logged(own_installation, tmp_path):
    words = [str(ROOT / "groundplane"), "up", "--detach", "--data", str(tmp_path / "data"), "--port"]
    refused = subprocess.run([*words, str(own_installation.port)], capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False)
    assert refused.returncode == 1
    assert "choose another --port" in refused.stderr
