"""Ten thousand broken requests of every operation: an answer that AWS might give, at once, and never of the 500s."""

import http.client
import json
import random
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import every_operation
import pytest
from every_operation import Signer, damaged, mutated, operations, parameters, sent
from installation import Installation

REQUESTS = 10_000
SEED = 20221128
AT_ONCE = 4
TIMEOUT_SECONDS = 60
ALLOW_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
TRUST = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}'


@pytest.fixture(scope="module")
def broken():
    """An installation that may be filled with anything."""
    own = Installation()
    try:
        own.up()
        yield own
    finally:
        own.remove()


@pytest.fixture(scope="module")
def known(broken) -> dict[str, str]:
    """Things that exist, by the names of members that mean them."""
    s3, iam, logs = (broken.client(service) for service in ("s3", "iam", "logs"))
    s3.create_bucket(Bucket="broken-bucket")
    s3.put_object(Bucket="broken-bucket", Key="key", Body=b"content")
    upload = s3.create_multipart_upload(Bucket="broken-bucket", Key="key")["UploadId"]
    iam.create_user(UserName="broken-user")
    iam.create_group(GroupName="broken-group")
    iam.create_role(RoleName="broken-role", AssumeRolePolicyDocument=TRUST)
    policy = iam.create_policy(PolicyName="broken-policy", PolicyDocument=ALLOW_ALL)["Policy"]["Arn"]
    logs.create_log_group(logGroupName="/broken")
    logs.create_log_stream(logGroupName="/broken", logStreamName="stream")
    broken.client("secretsmanager").create_secret(Name="broken-secret", SecretString="x")
    broken.client("ssm").put_parameter(Name="/broken/parameter", Value="x", Type="String")
    organizations = broken.client("organizations")
    organizations.create_organization()
    root = organizations.list_roots()["Roots"][0]["Id"]
    unit = organizations.create_organizational_unit(ParentId=root, Name="unit")["OrganizationalUnit"]["Id"]
    rds = broken.client("rds")
    group = {"DBClusterParameterGroupName": "broken"}
    rds.create_db_cluster_parameter_group(**group, DBParameterGroupFamily="aurora-postgresql17", Description="x")
    rds.create_db_cluster(
        DBClusterIdentifier="broken", Engine="aurora-postgresql", MasterUsername="boss", MasterUserPassword="Secret1234"
    )
    return {
        "dbclusteridentifier": "broken", "dbclusterparametergroupname": "broken", "engine": "aurora-postgresql",
        "bucket": "broken-bucket", "key": "key", "uploadid": upload, "copysource": "broken-bucket/key",
        "username": "broken-user", "groupname": "broken-group", "rolename": "broken-role", "policyarn": policy,
        "policyname": "broken-policy", "policydocument": ALLOW_ALL, "assumerolepolicydocument": TRUST, "policy": ALLOW_ALL,
        "loggroupname": "/broken", "logstreamname": "stream", "secretid": "broken-secret", "cluster": "default",
        "parentid": root, "rootid": root, "organizationalunitid": unit, "targetid": unit, "content": ALLOW_ALL,
    }


def shaped(method: str, status: int, body: bytes) -> bool:
    """Whether an answer is a success or an error as AWS forms them; 501 names a member that is not implemented."""
    if status < 400:
        return True
    if method == "HEAD":
        return status < 500 or status == 501
    if body.lstrip().startswith(b"{"):
        code = json.loads(body).get("__type", "")
    else:
        code = body.decode("utf-8", "replace").partition("<Code>")[2].partition("</Code>")[0]
    return bool(code) and (status < 500 or (status == 501 and code.startswith("NotImplemented")))


def exchange(endpoint: str, signed: tuple[str, str, dict[str, str], bytes]) -> tuple[int, bytes]:
    method, target, headers, body = signed
    connection = http.client.HTTPConnection(urlsplit(endpoint).netloc, timeout=TIMEOUT_SECONDS)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        sized = {name: value for name, value in headers.items() if name.lower() != "content-length"}
        for name, value in {**sized, "content-length": str(len(body))}.items():
            connection.putheader(name, value.encode("utf-8", "replace"))
        connection.endheaders(body)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def attempts(source: random.Random, service: str, operation, known: dict[str, str], count: int):
    """So many broken requests of an operation; what botocore cannot write down is tried in another way."""
    made = 0
    while made < count:
        given = parameters(operation, known, everything=source.random() < 0.7)
        try:
            if given and source.random() < 0.8:
                request = sent(service, operation, mutated(source, given))
            else:
                request = damaged(source, sent(service, operation, given))
        except (TypeError, ValueError, AttributeError, KeyError, OverflowError, RuntimeError, IndexError):
            continue
        if not all(isinstance(value, str) and value.isprintable() and value.isascii() for value in request.headers.values()):
            continue  # no HTTP library sends that
        made += 1
        yield request


def test_every_operation_answers_whatever_it_is_asked(broken, known):
    exported = broken.exported
    signer = Signer(
        broken.endpoint, exported["AWS_DEFAULT_REGION"], exported["AWS_ACCESS_KEY_ID"], exported["AWS_SECRET_ACCESS_KEY"]
    )
    everything = operations()
    share = -(-REQUESTS // len(everything))
    wrong, count = [], 0

    def answered(request: every_operation.Sent) -> None:
        signed = signer.sign(request)
        try:
            status, body = exchange(broken.endpoint, signed)
        except BrokenPipeError:  # closed while we were still sending what is too long, which is an answer as well
            return
        except (ConnectionError, http.client.HTTPException) as lost:
            wrong.append((request.operation, repr(lost), signed[1][:200], request.body[:300]))
            return
        if not shaped(request.method, status, body):
            wrong.append((request.operation, status, body[:300], signed[1][:200], request.body[:300]))

    with ThreadPoolExecutor(AT_ONCE) as threads:
        for service, operation in everything:
            requests = list(attempts(random.Random(f"{SEED} {operation.name}"), service, operation, known, share))
            count += len(requests)
            list(threads.map(answered, requests))

    assert wrong == []
    assert count >= REQUESTS
    assert broken.client("sts").get_caller_identity()["Account"]  # it still answers
