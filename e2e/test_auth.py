"""Who is let in: each kind of bad request gets AWS's code for its protocol and leaves an audit record."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError
from host_tasks import unique
from signing import get, get_caller_identity, list_clusters, send, sign
from waiting import eventually

HOUR = timedelta(hours=1)
JSON_CODES = {
    "unsigned": "MissingAuthenticationTokenException",
    "unknown key": "UnrecognizedClientException",
    "bad signature": "InvalidSignatureException",
}
QUERY_CODES = {
    "unsigned": "MissingAuthenticationToken",
    "unknown key": "InvalidClientTokenId",
    "bad signature": "SignatureDoesNotMatch",
}


def unsigned(request, sign_with):
    return request


def unknown_key(request, sign_with):
    return sign_with(request, key="AKIAUNKNOWNUNKNOWN00")


def wrong_secret(request, sign_with):
    return sign_with(request, secret="not/the/secret")


def clock_behind(request, sign_with):
    return sign_with(request, when=datetime.now(UTC) - HOUR)


def clock_ahead(request, sign_with):
    return sign_with(request, when=datetime.now(UTC) + HOUR)


def tampered_body(request, sign_with):
    signed = sign_with(request)
    return type(signed)(signed.service, signed.body + b" ", signed.headers)


def tampered_header(request, sign_with):
    return sign_with(request.with_headers(x_amz_meta="before")).with_headers(x_amz_meta="after")


def tampered_signature(request, sign_with):
    signed = sign_with(request)
    last = signed.headers["authorization"][-1]
    return signed.with_headers(authorization=signed.headers["authorization"][:-1] + ("0" if last != "0" else "1"))


def another_service(request, sign_with):
    signed = sign_with(request)
    other = {"ecs": "logs", "sts": "iam"}[request.service]  # of the same protocol
    scope = signed.headers["authorization"].replace(f"/{request.service}/", f"/{other}/")
    return signed.with_headers(authorization=scope)


def another_region(request, sign_with):
    signed = sign_with(request)
    return signed.with_headers(authorization=signed.headers["authorization"].replace("us-east-1", "eu-west-1"))


REFUSED = [
    (unsigned, "unsigned"),
    (unknown_key, "unknown key"),
    (wrong_secret, "bad signature"),
    (clock_behind, "bad signature"),
    (clock_ahead, "bad signature"),
    (tampered_body, "bad signature"),
    (tampered_header, "bad signature"),
    (tampered_signature, "bad signature"),
    (another_service, "bad signature"),
    (another_region, "bad signature"),
]


@pytest.fixture(scope="module")
def sign_with(installation):
    """Signs with the right credentials, except for what is given."""
    exported = installation.exported

    def signer(request, key=exported["AWS_ACCESS_KEY_ID"], secret=exported["AWS_SECRET_ACCESS_KEY"], when=None):
        return sign(request, installation.endpoint, key, secret, when)

    return signer


def audit_record(cloudtrail, name: str, agent: str) -> dict:
    """The one record of the request with this user agent, of the last calls of the operation."""
    of_operation = [{"AttributeKey": "EventName", "AttributeValue": name}]  # not also of these looks themselves

    def look() -> list[dict]:
        recent = cloudtrail.lookup_events(
            StartTime=datetime.now(UTC) - HOUR, LookupAttributes=of_operation, MaxResults=50
        )["Events"]
        records = [json.loads(event["CloudTrailEvent"]) for event in recent]
        return [record for record in records if record.get("userAgent") == agent]

    (record,) = eventually(look, f"the audit record of {agent}")
    return record


@pytest.mark.parametrize("request_of", [list_clusters, get_caller_identity])
def test_a_good_signature_by_hand_is_accepted(installation, sign_with, request_of):
    assert send(sign_with(request_of()), installation.endpoint).status == 200


@pytest.mark.parametrize(("spoil", "kind"), REFUSED, ids=[spoil.__name__ for spoil, _ in REFUSED])
@pytest.mark.parametrize("protocol", ["json", "query"])
def test_refused_with_the_code_of_the_protocol_and_recorded(
    installation, cloudtrail, sign_with, protocol, spoil, kind
):
    agent = unique("e2e")
    request, codes, status, name = {
        "json": (list_clusters(), JSON_CODES, 400, "ListClusters"),
        "query": (get_caller_identity(), QUERY_CODES, 403, "GetCallerIdentity"),
    }[protocol]
    answer = send(spoil(request.with_headers(user_agent=agent), sign_with), installation.endpoint)
    assert (answer.status, answer.code) == (status, codes[kind])
    record = audit_record(cloudtrail, name, agent)
    assert (record["eventName"], record["errorCode"]) == (name, codes[kind])
    assert record["sourceIPAddress"] == "127.0.0.1"


@pytest.mark.parametrize("minutes", [-4, 4])
def test_a_clock_that_is_a_little_off_does_not_matter(installation, sign_with, minutes):
    when = datetime.now(UTC) + timedelta(minutes=minutes)
    assert send(sign_with(list_clusters(), when=when), installation.endpoint).status == 200


def test_a_clock_that_is_off_is_told_so(installation, sign_with):
    answer = send(clock_behind(list_clusters(), sign_with), installation.endpoint)
    assert b"Signature expired" in answer.body


@pytest.mark.parametrize("authorization", [
    "", "Basic YTpi", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=", "AWS4-HMAC-SHA256 Credential=a/b/c",
    "AWS4-HMAC-SHA256 Credential=a/20200101/us-east-1/ecs/aws4_request, SignedHeaders=, Signature=",
    "AWS4-HMAC-SHA256 " + "x" * 5000,
])
def test_a_broken_authorization_header(installation, sign_with, authorization):
    answer = send(sign_with(list_clusters()).with_headers(authorization=authorization), installation.endpoint)
    assert 400 <= answer.status < 500 and answer.code


def test_presigned_caller_identity(sts):
    answer = get(sts.generate_presigned_url("get_caller_identity", HttpMethod="GET", ExpiresIn=60))
    assert answer.status == 200
    assert sts.get_caller_identity()["Arn"].encode() in answer.body


def test_presigned_and_expired(sts):
    url = sts.generate_presigned_url("get_caller_identity", HttpMethod="GET", ExpiresIn=1)
    time.sleep(3)
    answer = get(url)
    assert (answer.status, answer.code) == (403, "SignatureDoesNotMatch") and b"expired" in answer.body


def test_presigned_and_tampered(sts):
    url = sts.generate_presigned_url("get_caller_identity", HttpMethod="GET", ExpiresIn=60)
    answer = get(url.replace("X-Amz-Expires=60", "X-Amz-Expires=6000"))
    assert (answer.status, answer.code) == (403, "SignatureDoesNotMatch")


def test_boto3_sees_the_code(installation):
    for service, call, code in [
        ("ecs", "list_clusters", "InvalidSignatureException"),
        ("logs", "describe_log_groups", "InvalidSignatureException"),
        ("cloudtrail", "lookup_events", "InvalidSignatureException"),
        ("sts", "get_caller_identity", "SignatureDoesNotMatch"),
    ]:
        client = installation.client(service, aws_secret_access_key="not/the/secret")
        with pytest.raises(ClientError) as caught:
            getattr(client, call)()
        assert caught.value.response["Error"]["Code"] == code


def test_a_refused_caller_changes_nothing(installation, ecs):
    name = unique("cluster")
    with pytest.raises(ClientError):
        installation.client("ecs", aws_secret_access_key="not/the/secret").create_cluster(clusterName=name)
    assert ecs.describe_clusters(clusters=[name])["clusters"] == []


def test_health_needs_no_signature(installation):
    assert get(f"{installation.endpoint}/health").status == 200
