"""Every operation that names something, asked by another account's administrator: refused, without effect, and recorded."""

import json
import sqlite3

import pytest
from botocore.model import OperationModel
from every_operation import Signer, operations, parameters, sent
from identities import policy, temporary, trust
from installation import Installation
from test_every_operation import ALLOW_ALL, exchange
from waiting import eventually

# A name of one's own account is meant: what they make is the caller's, whatever others have of that name.
MAKES_ITS_OWN = {
    "CreateCluster", "CreateGroup", "CreateInstanceProfile", "CreateLogGroup", "CreateOpenIDConnectProvider", "CreatePolicy",
    "CreateRole", "CreateSecret", "CreateTrail", "CreateUser", "PutParameter", "RegisterTaskDefinition", "CreateAccountAlias",
    "CreateActivation",
}
# They say nothing about who has what: as on AWS, anybody may ask whose key it is, or try what a text of his own would allow.
TELLS_NOTHING = {"GetAccessKeyInfo", "SimulateCustomPolicy"}
# Lists that name by ARN, and what stands in them.
LISTS = {"clusters": "cluster", "trailNameList": "trailarn", "ResourceIdList": "trailarn", "SecretIdList": "secretid"}
# What an answer has that names what was not found.
NOT_FOUND = ("failures", "InvalidParameters", "Errors")


@pytest.fixture(scope="module")
def house():
    own = Installation()
    try:
        own.up()
        yield own
    finally:
        own.remove()


@pytest.fixture(scope="module")
def theirs(house) -> dict[str, str]:
    """What the first account has, by the names of members that mean it: by its ARN where there is one."""
    s3, iam, logs, ecs = (house.client(service) for service in ("s3", "iam", "logs", "ecs"))
    s3.create_bucket(Bucket="their-bucket")
    s3.put_object(Bucket="their-bucket", Key="their-key", Body=b"content")
    upload = s3.create_multipart_upload(Bucket="their-bucket", Key="their-key")["UploadId"]
    iam.create_user(UserName="their-user")
    key = iam.create_access_key(UserName="their-user")["AccessKey"]["AccessKeyId"]
    iam.create_group(GroupName="their-group")
    role = iam.create_role(RoleName="their-role", AssumeRolePolicyDocument=trust({"Service": "ec2.amazonaws.com"}))["Role"]["Arn"]
    iam.create_instance_profile(InstanceProfileName="their-profile")
    managed = iam.create_policy(PolicyName="their-policy", PolicyDocument=ALLOW_ALL)["Policy"]["Arn"]
    issuer = iam.create_open_id_connect_provider(Url="https://issuer.invalid", ClientIDList=["x"])["OpenIDConnectProviderArn"]
    logs.create_log_group(logGroupName="/theirs")
    logs.create_log_stream(logGroupName="/theirs", logStreamName="their-stream")
    group = logs.describe_log_groups(logGroupNamePrefix="/theirs")["logGroups"][0]["logGroupArn"]
    cluster = ecs.create_cluster(clusterName="theirs")["cluster"]["clusterArn"]
    family = ecs.register_task_definition(
        family="theirs", containerDefinitions=[{"name": "main", "image": "host", "memory": 64, "command": ["true"]}]
    )["taskDefinition"]["taskDefinitionArn"]
    secret = house.client("secretsmanager").create_secret(Name="their-secret", SecretString="x")["ARN"]
    house.client("ssm").put_parameter(Name="/their/parameter", Value="x", Type="String")
    parameter = house.client("ssm").get_parameter(Name="/their/parameter")["Parameter"]["ARN"]
    s3.create_bucket(Bucket="their-trail")
    account = managed.split(":")[4]
    s3.put_bucket_policy(Bucket="their-trail", Policy=policy(
        {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:GetBucketAcl",
         "Resource": "arn:aws:s3:::their-trail"},
        {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject",
         "Resource": f"arn:aws:s3:::their-trail/AWSLogs/{account}/*"},
    ))
    trail = house.client("cloudtrail").create_trail(Name="theirs", S3BucketName="their-trail")["TrailARN"]
    rds = house.client("rds")
    database = rds.create_db_cluster(
        DBClusterIdentifier="theirs", Engine="aurora-postgresql", MasterUsername="boss", MasterUserPassword="Secret1234"
    )["DBCluster"]["DBClusterArn"]
    rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier="theirs", WaiterConfig={"Delay": 1, "MaxAttempts": 300})
    organizations = house.client("organizations")
    organizations.create_organization()
    root = organizations.list_roots()["Roots"][0]["Id"]
    unit = organizations.create_organizational_unit(ParentId=root, Name="unit")["OrganizationalUnit"]["Id"]
    control = organizations.create_policy(
        Name="theirs", Description="", Type="SERVICE_CONTROL_POLICY", Content=ALLOW_ALL
    )["Policy"]["PolicySummary"]["Id"]
    return {
        "account": account, "bucket": "their-bucket", "key": "their-key", "uploadid": upload,
        "copysource": "their-bucket/their-key", "username": "their-user", "groupname": "their-group", "rolename": "their-role",
        "rolearn": role, "instanceprofilename": "their-profile", "accesskeyid": key, "policyarn": managed,
        "policysourcearn": role, "openidconnectproviderarn": issuer, "loggroupname": "/theirs", "loggroupidentifier": group,
        "logstreamname": "their-stream", "resourcearn": cluster, "cluster": cluster, "taskdefinition": family, "secretid": secret,
        "name": parameter, "trailname": trail, "trailarn": trail, "accountid": account, "parentid": root, "rootid": root,
        "organizationalunitid": unit, "targetid": unit, "policyid": control, "childid": unit, "sourceparentid": root,
        "destinationparentid": unit, "arn": role, "policyname": "their-policy", "policydocument": ALLOW_ALL,
        "dbclusteridentifier": database, "resourcename": database, "versionid": "v1", "permissionsboundary": managed,
    }


@pytest.fixture(scope="module")
def stranger(house, theirs) -> dict:
    """Another account, and the keys of its administrator."""
    organizations = house.client("organizations")
    made = organizations.create_account(Email="stranger@example.com", AccountName="stranger")["CreateAccountStatus"]["Id"]

    def there():
        status = organizations.describe_create_account_status(CreateAccountRequestId=made)["CreateAccountStatus"]
        return status.get("AccountId") if status["State"] == "SUCCEEDED" else None

    account = eventually(there, "the account is there")
    arn = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    assumed = house.client("sts").assume_role(RoleArn=arn, RoleSessionName="admin")
    return {"account": account, **temporary(assumed["Credentials"])}


def naming(service: str, operation: OperationModel, theirs: dict[str, str]) -> dict | None:
    """A request that names what they have; None when the operation names nothing."""
    known = dict(theirs)
    if service == "cloudtrail":
        known |= {"name": theirs["trailarn"], "resourceid": theirs["trailarn"]}
    elif service == "ssm":
        known |= {"resourceid": theirs["name"]}
    elif service == "secretsmanager":
        known |= {"resourcearn": theirs["secretid"]}
    elif service == "logs":
        known |= {"resourcearn": theirs["loggroupidentifier"]}
    shape = operation.input_shape
    if shape is None:
        return None
    meant = {name for name in shape.members if name.lower() in known and shape.members[name].type_name == "string"}
    for one, other in (("logGroupName", "logGroupIdentifier"), ("logGroupName", "resourceArn")):
        if {one, other} <= meant:
            meant.discard(one)
    lists = {name: [known[LISTS[name]]] for name in shape.members if name in LISTS}
    given = {**{name: known[name.lower()] for name in meant}, **parameters(operation, known), **lists}
    text = json.dumps(given, default=str)
    return given if any(str(known[key]) in text for key in known if key not in ("policydocument", "key", "versionid", "account")) else None


def refused(method: str, status: int, body: bytes, account: str) -> bool:
    """Whether an answer is a refusal, tells that nothing was found, or tells nothing of the other account."""
    if status >= 400:
        return status < 500 or status == 501
    if method == "HEAD":
        return False
    if account.encode() not in body and b"their" not in body:
        return True
    if b"<DeleteResult" in body:  # each object has an answer of its own
        return b"<Code>AccessDenied</Code>" in body and b"<Deleted>" not in body
    found = json.loads(body) if body.startswith(b"{") else {}
    return any(found.get(name) for name in NOT_FOUND)


def state(house, theirs: dict[str, str]) -> dict:
    """What the first account has, as its own root sees it."""
    iam, s3, ecs = house.client("iam"), house.client("s3"), house.client("ecs")
    details = iam.get_account_authorization_details(Filter=["User", "Group", "Role", "LocalManagedPolicy"])
    organizations = house.client("organizations")
    seen = {
        "iam": {name: details[name] for name in ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")},
        "profile": iam.get_instance_profile(InstanceProfileName="their-profile")["InstanceProfile"],
        "issuer": iam.get_open_id_connect_provider(OpenIDConnectProviderArn=theirs["openidconnectproviderarn"])["ClientIDList"],
        "keys": iam.list_access_keys(UserName="their-user")["AccessKeyMetadata"],
        "buckets": [one["Name"] for one in s3.list_buckets()["Buckets"]],
        "objects": [one["ETag"] for one in s3.list_objects_v2(Bucket="their-bucket")["Contents"]],
        "uploads": [one["UploadId"] for one in s3.list_multipart_uploads(Bucket="their-bucket")["Uploads"]],
        "database": house.client("rds").describe_db_clusters(DBClusterIdentifier="theirs")["DBClusters"],
        "cluster": ecs.describe_clusters(clusters=[theirs["cluster"]], include=["TAGS", "SETTINGS"])["clusters"],
        "definition": ecs.describe_task_definition(taskDefinition="theirs")["taskDefinition"]["status"],
        "logs": house.client("logs").describe_log_streams(logGroupName="/theirs")["logStreams"],
        "secret": house.client("secretsmanager").get_secret_value(SecretId="their-secret")["SecretString"],
        "parameter": house.client("ssm").get_parameter(Name="/their/parameter")["Parameter"]["Version"],
        "trail": house.client("cloudtrail").get_trail(Name="theirs")["Trail"],
        "unit": organizations.describe_organizational_unit(OrganizationalUnitId=theirs["organizationalunitid"])["OrganizationalUnit"],
        "control": organizations.describe_policy(PolicyId=theirs["policyid"])["Policy"],
    }
    return json.loads(json.dumps(seen, default=str))


def recorded(house, account: str) -> dict[str, list[dict]]:
    """All records of an account, by event name; also those that LookupEvents does not show."""
    records: dict[str, list[dict]] = {}
    with sqlite3.connect(f"file:{house.data}/groundplane.db?mode=ro", uri=True) as database:
        for name, body in database.execute("SELECT event_name, body FROM audit WHERE account = ?", (account,)):
            records.setdefault(name, []).append(json.loads(body))
    return records


def test_nothing_of_another_account_is_told_or_changed(house, theirs, stranger):
    signer = Signer(
        house.endpoint, house.exported["AWS_DEFAULT_REGION"],
        stranger["aws_access_key_id"], stranger["aws_secret_access_key"], stranger["aws_session_token"],
    )
    before = state(house, theirs)
    wrong, asked = [], {}
    for service, operation in operations():
        given = naming(service, operation, theirs)
        if given is None or operation.name in MAKES_ITS_OWN | TELLS_NOTHING:
            continue
        signed = signer.sign(sent(service, operation, given))
        status, body = exchange(house.endpoint, signed)
        asked[operation.name] = status
        if not refused(signed[0], status, body, theirs["account"]):
            wrong.append((service, operation.name, status, given, body[:300]))

    assert wrong == []
    assert len(asked) > 150
    assert state(house, theirs) == before

    def all_recorded():
        records = recorded(house, stranger["account"])
        return asked.keys() <= records.keys() and records

    records = eventually(all_recorded, f"records of {asked.keys() - recorded(house, stranger['account']).keys()}")
    unmarked = [name for name, status in asked.items() if status >= 400 and not any("errorCode" in one for one in records[name])]
    assert unmarked == []
