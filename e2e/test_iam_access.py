"""Who may do what: least privilege on single resources, conditions, boundaries, resource policies."""

import json
import subprocess

import pytest
from botocore.exceptions import ClientError
from identities import allow, deny, policy, temporary, trust, unique, user
from waiting import eventually


def refused(call, code: str = "AccessDeniedException") -> str:
    """The message with which a call is refused."""
    with pytest.raises(ClientError) as refusal:
        call()
    assert refusal.value.response["Error"]["Code"] == code
    return refusal.value.response["Error"]["Message"]


def secret(installation, value: str = "s3cret", **members) -> str:
    """A new secret's ARN."""
    name = unique("secret")
    return installation.client("secretsmanager").create_secret(Name=name, SecretString=value, **members)["ARN"]


def test_a_user_reads_one_secret_and_no_other(installation):
    mine, other = secret(installation, "mine"), secret(installation, "other")
    reader = user(installation, allow("secretsmanager:GetSecretValue", resource=mine))
    secrets = installation.client("secretsmanager", **reader["keys"])

    assert secrets.get_secret_value(SecretId=mine)["SecretString"] == "mine"
    message = refused(lambda: secrets.get_secret_value(SecretId=other))
    assert message == (
        f"User: {reader['arn']} is not authorized to perform: secretsmanager:GetSecretValue on resource: {other}"
        " because no identity-based policy allows the secretsmanager:GetSecretValue action"
    )
    refused(lambda: secrets.describe_secret(SecretId=mine))

    batch = secrets.batch_get_secret_value
    refused(lambda: batch(SecretIdList=[mine]))
    installation.client("iam").put_user_policy(
        UserName=reader["name"], PolicyName="batch", PolicyDocument=policy(allow("secretsmanager:BatchGetSecretValue"))
    )
    answer = batch(SecretIdList=[mine, other])
    assert [one["SecretString"] for one in answer["SecretValues"]] == ["mine"]
    assert [one["ErrorCode"] for one in answer["Errors"]] == ["AccessDeniedException"]


def test_a_refusal_is_recorded(installation, cloudtrail):
    nobody = user(installation)
    refused(lambda: installation.client("ecs", **nobody["keys"]).list_clusters())

    def record():
        events = cloudtrail.lookup_events(
            LookupAttributes=[{"AttributeKey": "Username", "AttributeValue": nobody["name"]}]
        )["Events"]
        return json.loads(events[0]["CloudTrailEvent"]) if events else None

    found = eventually(record, "the refusal is in the trail")
    assert found["errorCode"] == "AccessDeniedException"
    assert found["userIdentity"]["type"] == "IAMUser"
    assert found["userIdentity"]["userName"] == nobody["name"]


def test_users_reach_what_is_named_after_them(installation):
    ssm = installation.client("ssm")
    ann = user(installation, allow("ssm:PutParameter", resource="arn:aws:ssm:*:*:parameter/home/${aws:username}/*"))
    as_ann = installation.client("ssm", **ann["keys"])

    as_ann.put_parameter(Name=f"/home/{ann['name']}/x", Value="1", Type="String")
    refused(lambda: as_ann.put_parameter(Name="/home/bob/x", Value="1", Type="String"))
    refused(lambda: as_ann.get_parameter(Name=f"/home/{ann['name']}/x"))
    assert ssm.get_parameter(Name=f"/home/{ann['name']}/x")["Parameter"]["Value"] == "1"


def test_tags_of_the_caller_and_of_the_resource_decide(installation):
    red = secret(installation, "red", Tags=[{"Key": "team", "Value": "red"}])
    blue = secret(installation, "blue", Tags=[{"Key": "team", "Value": "blue"}])
    same = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
    member = user(
        installation,
        allow("secretsmanager:GetSecretValue", Condition=same),
        Tags=[{"Key": "team", "Value": "red"}],
    )
    secrets = installation.client("secretsmanager", **member["keys"])

    assert secrets.get_secret_value(SecretId=red)["SecretString"] == "red"
    refused(lambda: secrets.get_secret_value(SecretId=blue))


def test_where_a_call_comes_from_decides(installation):
    here = user(installation, allow("ecs:ListClusters", Condition={"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}))
    away = user(installation, allow("ecs:*"), deny("*", Condition={"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}))

    installation.client("ecs", **here["keys"]).list_clusters()
    message = refused(lambda: installation.client("ecs", **away["keys"]).list_clusters())
    assert message.endswith("with an explicit deny in an identity-based policy")


def test_a_boundary_bounds(installation):
    iam = installation.client("iam")
    boundary = iam.create_policy(PolicyName=unique("boundary"), PolicyDocument=policy(allow("ecs:List*")))["Policy"]
    bounded = user(installation, allow("*"), PermissionsBoundary=boundary["Arn"])
    ecs = installation.client("ecs", **bounded["keys"])

    ecs.list_clusters()
    message = refused(lambda: ecs.create_cluster(clusterName="x"))
    assert message.endswith("because no permissions boundary allows the ecs:CreateCluster action")
    iam.delete_user_permissions_boundary(UserName=bounded["name"])
    ecs.create_cluster(clusterName=unique("cluster"))


def test_groups_and_managed_policies_hold_at_once(installation):
    iam = installation.client("iam")
    member = user(installation)
    ecs = installation.client("ecs", **member["keys"])
    group = unique("group")
    iam.create_group(GroupName=group)
    iam.attach_group_policy(GroupName=group, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")

    refused(ecs.list_clusters)
    iam.add_user_to_group(GroupName=group, UserName=member["name"])
    ecs.list_clusters()
    refused(lambda: ecs.create_cluster(clusterName="x"))

    arn = iam.create_policy(PolicyName=unique("own"), PolicyDocument=policy(allow("ecs:CreateCluster")))["Policy"]["Arn"]
    iam.attach_user_policy(UserName=member["name"], PolicyArn=arn)
    ecs.create_cluster(clusterName=unique("cluster"))
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(deny("ecs:*")), SetAsDefault=True)
    assert refused(ecs.list_clusters).endswith("with an explicit deny in an identity-based policy")
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    ecs.list_clusters()
    iam.remove_user_from_group(GroupName=group, UserName=member["name"])
    refused(ecs.list_clusters)


def test_a_key_that_is_inactive_or_deleted_opens_nothing(installation):
    iam = installation.client("iam")
    someone = user(installation, allow("ecs:ListClusters"))
    ecs = installation.client("ecs", **someone["keys"])
    key = {"UserName": someone["name"], "AccessKeyId": someone["keys"]["aws_access_key_id"]}
    ecs.list_clusters()
    used = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
    assert used["UserName"] == someone["name"]
    assert used["AccessKeyLastUsed"]["ServiceName"] == "ecs"

    iam.update_access_key(**key, Status="Inactive")
    refused(ecs.list_clusters, "UnrecognizedClientException")
    iam.update_access_key(**key, Status="Active")
    ecs.list_clusters()
    iam.delete_access_key(**key)
    refused(ecs.list_clusters, "UnrecognizedClientException")


def test_a_secrets_policy_gives_and_takes(installation):
    iam, secrets = installation.client("iam"), installation.client("secretsmanager")
    arn = secret(installation, "shared")
    someone = user(installation)
    as_someone = installation.client("secretsmanager", **someone["keys"])
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": someone["arn"]},
        "Action": "secretsmanager:GetSecretValue",
        "Resource": "*",
    }
    refused(lambda: as_someone.get_secret_value(SecretId=arn))

    secrets.put_resource_policy(SecretId=arn, ResourcePolicy=policy(statement))
    assert as_someone.get_secret_value(SecretId=arn)["SecretString"] == "shared"
    assert json.loads(secrets.get_resource_policy(SecretId=arn)["ResourcePolicy"])["Statement"] == [statement]

    iam.put_user_policy(UserName=someone["name"], PolicyName="all", PolicyDocument=policy(allow("secretsmanager:*")))
    secrets.put_resource_policy(SecretId=arn, ResourcePolicy=policy({**statement, "Effect": "Deny"}))
    message = refused(lambda: as_someone.get_secret_value(SecretId=arn))
    assert message.endswith("with an explicit deny in a resource-based policy")
    secrets.delete_resource_policy(SecretId=arn)
    assert as_someone.get_secret_value(SecretId=arn)["SecretString"] == "shared"

    everyone = policy({**statement, "Principal": "*"})
    with pytest.raises(secrets.exceptions.PublicPolicyException):
        secrets.put_resource_policy(SecretId=arn, ResourcePolicy=everyone, BlockPublicPolicy=True)
    assert secrets.validate_resource_policy(ResourcePolicy=everyone)["PolicyValidationPassed"] is False


def test_a_role_is_passed_to_the_service_it_may_be_passed_to(installation):
    iam = installation.client("iam")
    role = unique("tasks")
    document = trust({"Service": "ecs-tasks.amazonaws.com"})
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    to_tasks = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
    register = allow("ecs:RegisterTaskDefinition")
    may = user(installation, register, allow("iam:PassRole", resource=arn, Condition=to_tasks))
    may_not = user(installation, register, allow("iam:PassRole", resource=arn + "x"))
    definition = {
        "family": unique("family"),
        "taskRoleArn": arn,
        "containerDefinitions": [{"name": "main", "image": "host", "memory": 64, "command": ["true"]}],
    }

    installation.client("ecs", **may["keys"]).register_task_definition(**definition)
    refused(lambda: installation.client("ecs", **may_not["keys"]).register_task_definition(**definition))


def test_ecs_decides_on_clusters_and_task_definitions(installation, ecs):
    cluster = ecs.create_cluster(clusterName=unique("cluster"))["cluster"]
    account = cluster["clusterArn"].split(":")[4]
    family = unique("family")
    ecs.register_task_definition(
        family=family, containerDefinitions=[{"name": "main", "image": "host", "memory": 64, "command": ["true"]}]
    )
    runner = user(
        installation,
        allow(
            "ecs:RunTask",
            resource=f"arn:aws:ecs:*:{account}:task-definition/{family}:*",
            Condition={"ArnEquals": {"ecs:cluster": cluster["clusterArn"]}},
        ),
        allow("ecs:DescribeClusters", resource=cluster["clusterArn"]),
    )
    as_runner = installation.client("ecs", **runner["keys"])

    # The cluster has no host, so the task is not started; but the caller may.
    refused(
        lambda: as_runner.run_task(cluster=cluster["clusterName"], taskDefinition=family), "InvalidParameterException"
    )
    refused(lambda: as_runner.run_task(taskDefinition=family))
    refused(lambda: as_runner.run_task(cluster=cluster["clusterName"], taskDefinition="other"))
    assert as_runner.describe_clusters(clusters=[cluster["clusterName"]])["clusters"]
    refused(lambda: as_runner.describe_clusters(clusters=["default"]))


def test_logs_decide_on_groups(installation, logs):
    mine, other = unique("mine"), unique("other")
    logs.create_log_group(logGroupName=mine)
    logs.create_log_group(logGroupName=other)
    writer = user(
        installation,
        allow("logs:CreateLogStream", "logs:PutLogEvents", resource=f"arn:aws:logs:*:*:log-group:{mine}:*"),
    )
    as_writer = installation.client("logs", **writer["keys"])
    event = [{"timestamp": 1_700_000_000_000, "message": "x"}]

    as_writer.create_log_stream(logGroupName=mine, logStreamName="s")
    as_writer.put_log_events(logGroupName=mine, logStreamName="s", logEvents=event)
    refused(lambda: as_writer.create_log_stream(logGroupName=other, logStreamName="s"))


def test_the_aws_command_acts_as_a_user(installation):
    someone = user(installation, allow("iam:GetUser", resource="arn:aws:iam::*:user/${aws:username}"))
    environment = {
        **installation.environment(),
        "AWS_ACCESS_KEY_ID": someone["keys"]["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": someone["keys"]["aws_secret_access_key"],
    }

    def aws(*words: str) -> subprocess.CompletedProcess:
        return subprocess.run(["aws", *words], env=environment, capture_output=True, text=True, timeout=120, check=False)

    assert json.loads(aws("sts", "get-caller-identity").stdout)["Arn"] == someone["arn"]
    assert json.loads(aws("iam", "get-user").stdout)["User"]["UserName"] == someone["name"]
    denied = aws("iam", "list-users")
    assert denied.returncode != 0
    assert "AccessDenied" in denied.stderr
    assert "because no identity-based policy allows the iam:ListUsers action" in denied.stderr


def test_policies_are_simulated_as_they_decide(installation):
    iam = installation.client("iam")
    someone = user(installation, allow("s3:Get*", resource="arn:aws:s3:::data/*"), deny("s3:GetObjectAcl"))
    results = iam.simulate_principal_policy(
        PolicySourceArn=someone["arn"],
        ActionNames=["s3:GetObject", "s3:GetObjectAcl", "s3:PutObject"],
        ResourceArns=["arn:aws:s3:::data/x"],
    )["EvaluationResults"]
    assert [one["EvalDecision"] for one in results] == ["allowed", "explicitDeny", "implicitDeny"]
    assert results[0]["MatchedStatements"][0]["SourcePolicyId"] == f"user_{someone['name']}_may"

    conditional = policy(allow("s3:GetObject", Condition={"Bool": {"aws:SecureTransport": "true"}}))
    (custom,) = iam.simulate_custom_policy(PolicyInputList=[conditional], ActionNames=["s3:GetObject"])[
        "EvaluationResults"
    ]
    assert custom["EvalDecision"] == "implicitDeny"
    assert custom["MissingContextValues"] == ["aws:securetransport"]


def test_another_accounts_role_and_secret_need_both_sides(own_installation):
    # Accounts of one installation: made by Organizations, entered by the role that trusts the management account.
    organizations = own_installation.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    made = organizations.create_account(Email="a@example.com", AccountName="other")["CreateAccountStatus"]["Id"]

    def account():
        status = organizations.describe_create_account_status(CreateAccountRequestId=made)["CreateAccountStatus"]
        return status["AccountId"] if status["State"] == "SUCCEEDED" else None

    other = eventually(account, "the account is there")
    role = f"arn:aws:iam::{other}:role/OrganizationAccountAccessRole"
    entered = temporary(
        own_installation.client("sts").assume_role(RoleArn=role, RoleSessionName="admin")["Credentials"]
    )
    theirs = own_installation.client("secretsmanager", **entered)
    arn = theirs.create_secret(Name="theirs", SecretString="x")["ARN"]
    assert arn.split(":")[4] == other
    reader = user(own_installation, allow("secretsmanager:GetSecretValue"))
    secrets = own_installation.client("secretsmanager", **reader["keys"])

    message = refused(lambda: secrets.get_secret_value(SecretId=arn))
    assert message.endswith("because no resource-based policy allows the secretsmanager:GetSecretValue action")
    statement = {"Effect": "Allow", "Principal": {"AWS": reader["arn"]}, "Action": "*", "Resource": "*"}
    theirs.put_resource_policy(SecretId=arn, ResourcePolicy=policy(statement))
    assert secrets.get_secret_value(SecretId=arn)["SecretString"] == "x"
    iam = own_installation.client("iam")
    iam.delete_user_policy(UserName=reader["name"], PolicyName="may")
    message = refused(lambda: secrets.get_secret_value(SecretId=arn))
    assert message.endswith("because no identity-based policy allows the secretsmanager:GetSecretValue action")
    stranger = user(own_installation, allow("sts:AssumeRole"))
    their_iam = own_installation.client("iam", **entered)
    closed = their_iam.create_role(RoleName="closed", AssumeRolePolicyDocument=trust({"AWS": other}))["Role"]["Arn"]
    refused(
        lambda: own_installation.client("sts", **stranger["keys"]).assume_role(RoleArn=closed, RoleSessionName="no"),
        "AccessDenied",
    )
