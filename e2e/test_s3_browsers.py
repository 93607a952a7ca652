"""What browsers do with buckets: questions before a script's request, and forms with a file."""

import http.client
import json
import urllib.parse

import boto3
import pytest
from botocore.config import Config
from host_tasks import unique
from s3_objects import body, pattern, refused
from waiting import eventually

PAGE = "https://console.bank.example"
RULES = {
    "CORSRules": [
        {
            "ID": "console",
            "AllowedOrigins": ["https://*.bank.example"],
            "AllowedMethods": ["GET", "PUT", "POST"],
            "AllowedHeaders": ["content-*", "x-amz-meta-source"],
            "ExposeHeaders": ["ETag"],
            "MaxAgeSeconds": 3000,
        },
        {"AllowedOrigins": ["*"], "AllowedMethods": ["HEAD"]},
    ]
}


class Answer:
    """An HTTP answer that has been read."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.content = response.read()


def ask(installation, method: str, path: str, headers: dict[str, str] | None = None, content: bytes = b"") -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", installation.port, timeout=30)
    try:
        connection.request(method, path, content or None, headers or {})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def preflight(installation, path: str, method: str, origin: str = PAGE, headers: str | None = None) -> Answer:
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    if headers:
        asked["Access-Control-Request-Headers"] = headers
    return ask(installation, "OPTIONS", path, asked)


@pytest.fixture
def shared(s3, bucket) -> str:
    """A bucket that the bank's console may use."""
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration=RULES)
    return bucket


def test_rules_are_kept(s3, bucket):
    refused("NoSuchCORSConfiguration", s3.get_bucket_cors, Bucket=bucket)
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration=RULES)
    assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"] == RULES["CORSRules"]
    wrong = {"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["PATCH"]}]}
    refused("InvalidRequest", s3.put_bucket_cors, Bucket=bucket, CORSConfiguration=wrong)
    refused("MalformedXML", s3.put_bucket_cors, Bucket=bucket, CORSConfiguration={"CORSRules": []})
    s3.delete_bucket_cors(Bucket=bucket)
    refused("NoSuchCORSConfiguration", s3.get_bucket_cors, Bucket=bucket)


def test_a_browser_asks_before(installation, shared):
    answer = preflight(installation, f"/{shared}/k", "PUT", headers="Content-Type, x-amz-meta-source")
    assert answer.status == 200, answer.content
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, PUT, POST"
    assert answer.headers["Access-Control-Allow-Headers"] == "content-type, x-amz-meta-source"
    assert answer.headers["Access-Control-Max-Age"] == "3000"
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Origin" in answer.headers["Vary"]
    anybody = preflight(installation, f"/{shared}/k", "HEAD", origin="https://elsewhere.example")
    assert (anybody.status, anybody.headers["Access-Control-Allow-Origin"]) == (200, "*")


@pytest.mark.parametrize(
    ("method", "origin", "headers"),
    [
        ("DELETE", PAGE, None),
        ("GET", "https://bank.example.elsewhere.example", None),
        ("GET", PAGE, "authorization"),
    ],
)
def test_a_browser_is_told_no(installation, shared, method, origin, headers):
    answer = preflight(installation, f"/{shared}/k", method, origin, headers)
    assert answer.status == 403
    assert b"<Code>AccessForbidden</Code>" in answer.content
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_bucket_without_rules_shares_nothing(installation, s3, bucket):
    assert preflight(installation, f"/{bucket}/k", "GET").status == 403
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    url = urllib.parse.urlsplit(s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"}))
    answer = ask(installation, "GET", f"{url.path}?{url.query}", {"Origin": PAGE})
    assert (answer.status, answer.content) == (200, b"x")
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_answers_say_who_may_read_them(installation, s3, shared):
    s3.put_object(Bucket=shared, Key="k", Body=b"x")
    url = urllib.parse.urlsplit(s3.generate_presigned_url("get_object", Params={"Bucket": shared, "Key": "k"}))
    path = f"{url.path}?{url.query}"
    answer = ask(installation, "GET", path, {"Origin": PAGE})
    assert (answer.status, answer.content) == (200, b"x")
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    assert answer.headers["Access-Control-Expose-Headers"] == "ETag"
    refusal = ask(installation, "GET", f"/{shared}/k", {"Origin": PAGE})  # scripts see also why not
    assert (refusal.status, refusal.headers["Access-Control-Allow-Origin"]) == (403, PAGE)
    other = ask(installation, "GET", path, {"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in other.headers


def client(installation, version: str):
    exported = installation.exported
    return boto3.session.Session().client(
        "s3",
        endpoint_url=exported["AWS_ENDPOINT_URL"],
        region_name=exported["AWS_DEFAULT_REGION"],
        aws_access_key_id=exported["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=exported["AWS_SECRET_ACCESS_KEY"],
        config=Config(signature_version=version, s3={"addressing_style": "path"}),
    )


def form(fields: dict[str, str], content: bytes, file_name: str = "prices.csv") -> tuple[dict[str, str], bytes]:
    """Header and body of a form as browsers send it."""
    boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file_name}"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    )
    sent = "".join([*parts, head]).encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return {"Content-Type": f"multipart/form-data; boundary={boundary}"}, sent


def post(installation, signed: dict, content: bytes, **more) -> Answer:
    headers, sent = form(signed["fields"], content, **more)
    return ask(installation, "POST", urllib.parse.urlsplit(signed["url"]).path, headers, sent)


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_form_is_stored(installation, s3, bucket, version):
    content = pattern(300_000) + b"\r\n--not the boundary\r\n"
    fields = {"Content-Type": "text/csv", "x-amz-meta-source": "browser"}
    signed = client(installation, version).generate_presigned_post(
        bucket, "in/${filename}", Fields=fields, Conditions=[{"Content-Type": "text/csv"}, {"x-amz-meta-source": "browser"}]
    )
    answer = post(installation, signed, content)
    assert (answer.status, answer.content) == (204, b""), answer.content
    got = s3.get_object(Bucket=bucket, Key="in/prices.csv")
    assert got["Body"].read() == content
    assert (got["ContentType"], got["Metadata"]) == ("text/csv", {"source": "browser"})
    assert answer.headers["ETag"] == got["ETag"]
    assert answer.headers["Location"].endswith(f"/{bucket}/in/prices.csv")


def test_a_large_form_streams(installation, s3, bucket):
    content = pattern(1024 * 1024) * 30
    signed = client(installation, "s3v4").generate_presigned_post(bucket, "large")
    assert post(installation, signed, content).status == 204
    assert body(s3, bucket, "large") == content


def test_what_a_browser_sees_after_success(installation, bucket):
    signer = client(installation, "s3v4")

    def answer(name: str, value: str) -> Answer:
        signed = signer.generate_presigned_post(bucket, "a b", Fields={name: value}, Conditions=[{name: value}])
        return post(installation, signed, b"x")

    created = answer("success_action_status", "201")
    assert created.status == 201
    assert f"<Bucket>{bucket}</Bucket><Key>a b</Key>".encode() in created.content
    assert answer("success_action_status", "200").status == 200
    redirect = answer("success_action_redirect", "https://console.bank.example/done?from=form")
    assert redirect.status == 303
    target = urllib.parse.urlsplit(redirect.headers["Location"])
    query = urllib.parse.parse_qs(target.query)
    assert (query["from"], query["bucket"], query["key"]) == (["form"], [bucket], ["a b"])


def test_a_policy_binds_the_form(installation, s3, bucket):
    signer = client(installation, "s3v4")

    def refusal(signed: dict, content: bytes = b"x", code: str = "AccessDenied") -> bytes:
        answer = post(installation, signed, content)
        assert f"<Code>{code}</Code>".encode() in answer.content, answer.content
        return answer.content

    signed = signer.generate_presigned_post(bucket, "in/${filename}")
    signed["fields"]["key"] = "elsewhere"
    assert b"Policy Condition failed" in refusal(signed)
    signed = signer.generate_presigned_post(bucket, "k")
    signed["fields"]["x-amz-meta-more"] = "y"
    assert b"Extra input fields: x-amz-meta-more" in refusal(signed)
    signed = signer.generate_presigned_post(bucket, "k", ExpiresIn=-1)
    assert b"Policy expired" in refusal(signed)
    signed = signer.generate_presigned_post(bucket, "k", Conditions=[["content-length-range", 2, 4]])
    refusal(signed, b"x", "EntityTooSmall")
    refusal(signed, b"12345", "EntityTooLarge")
    assert post(installation, signed, b"1234").status == 204
    signed = signer.generate_presigned_post(bucket, "k")
    signed["fields"]["x-amz-signature"] = "0" * 64
    refusal(signed, code="SignatureDoesNotMatch")
    assert body(s3, bucket, "k") == b"1234"
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["k"]


def test_forms_without_a_signature_or_a_file_are_refused(installation, bucket):
    headers, sent = form({"key": "k"}, b"x")
    answer = ask(installation, "POST", f"/{bucket}", headers, sent)
    assert answer.status == 403
    assert b"<Code>AccessDenied</Code>" in answer.content
    headers, sent = form({"key": "k"}, b"x")
    answer = ask(installation, "POST", f"/{bucket}", headers, sent.replace(b'name="file"', b'name="other"'))
    assert b"<Code>InvalidArgument</Code>" in answer.content
    answer = ask(installation, "POST", f"/{bucket}", headers, sent[:-20])
    assert answer.status in (400, 403)


def test_the_trail_names_bucket_and_key(s3, cloudtrail):
    name = unique("named")
    s3.create_bucket(Bucket=name)
    s3.delete_bucket(Bucket=name)

    def recorded() -> list[dict]:
        found = cloudtrail.lookup_events(
            LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": f"arn:aws:s3:::{name}"}]
        )["Events"]
        return found if len(found) == 2 else []

    for event in eventually(recorded, "both calls are recorded"):
        record = json.loads(event["CloudTrailEvent"])
        assert record["requestParameters"]["bucketName"] == name
        assert record["resources"] == [{"type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{name}"}]
        assert event["Resources"][0]["ResourceType"] == "AWS::S3::Bucket"
