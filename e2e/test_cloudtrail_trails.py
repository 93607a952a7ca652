"""Trails deliver to S3 what happened, and the unmodified `aws cloudtrail validate-logs` proves it."""

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from host_tasks import unique
from installation import Installation
from needs import require
from waiting import eventually

AWS = str(Path(sys.executable).parent / "aws")


@pytest.fixture(scope="module")
def quick():
    """An installation whose trails deliver every second, and digests every three."""
    own = Installation()
    try:
        own.up("--trail-log-file-every", "1s", "--trail-digest-every", "3s")
        yield own
    finally:
        own.remove()


@pytest.fixture(scope="module")
def s3(quick):
    client = quick.client("s3", config=Config(s3={"addressing_style": "path"}))
    try:
        client.list_buckets()
    except ClientError as refused:
        require(False, f"this release has no S3: {refused}")
    return client


@pytest.fixture
def bucket(quick, s3):
    """A bucket that lets CloudTrail in, with the policy of AWS's documentation."""
    name = unique("trail")
    account = quick.client("sts").get_caller_identity()["Account"]
    s3.create_bucket(Bucket=name)
    service = {"Service": "cloudtrail.amazonaws.com"}
    condition = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": service, "Action": "s3:GetBucketAcl", "Resource": f"arn:aws:s3:::{name}"},
        {"Effect": "Allow", "Principal": service, "Action": "s3:PutObject", "Condition": condition,
         "Resource": f"arn:aws:s3:::{name}/AWSLogs/{account}/*"},
    ]}))
    return name


@pytest.fixture
def trail(quick, bucket):
    """A trail with log file validation that logs."""
    cloudtrail = quick.client("cloudtrail")
    made = cloudtrail.create_trail(Name=unique("trail"), S3BucketName=bucket, EnableLogFileValidation=True)
    cloudtrail.start_logging(Name=made["Name"])
    yield made
    cloudtrail.delete_trail(Name=made["Name"])


def keys(s3, bucket: str, folder: str) -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [item["Key"] for page in pages for item in page.get("Contents", []) if f"/{folder}/" in item["Key"]]


def events(s3, bucket: str) -> list[dict]:
    return [
        record
        for key in keys(s3, bucket, "CloudTrail")
        for record in json.loads(gzip.decompress(s3.get_object(Bucket=bucket, Key=key)["Body"].read()))["Records"]
    ]


def digested(s3, bucket: str) -> list[str]:
    """The log files that a digest vouches for."""
    return [
        file["s3Object"]
        for key in keys(s3, bucket, "CloudTrail-Digest")
        for file in json.loads(gzip.decompress(s3.get_object(Bucket=bucket, Key=key)["Body"].read()))["logFiles"]
    ]


def validate(quick, trail, *options: str) -> subprocess.CompletedProcess:
    start = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return subprocess.run(
        [AWS, "cloudtrail", "validate-logs", "--trail-arn", trail["TrailARN"], "--start-time", start, *options],
        env=quick.environment(), capture_output=True, text=True, timeout=120, check=False,
    )


def test_a_trail_needs_a_bucket_that_is_there(quick):
    cloudtrail = quick.client("cloudtrail")
    with pytest.raises(cloudtrail.exceptions.S3BucketDoesNotExistException):
        cloudtrail.create_trail(Name=unique("trail"), S3BucketName=unique("missing"))


def test_a_bucket_must_let_cloudtrail_in(quick, s3):
    name = unique("closed")
    s3.create_bucket(Bucket=name)
    cloudtrail = quick.client("cloudtrail")
    with pytest.raises(cloudtrail.exceptions.InsufficientS3BucketPolicyException):
        cloudtrail.create_trail(Name=unique("trail"), S3BucketName=name)


def test_every_call_is_delivered_once(quick, s3, bucket, trail):
    cluster = unique("cluster")
    quick.client("ecs").create_cluster(clusterName=cluster)

    def delivered() -> list[dict]:
        return [e for e in events(s3, bucket) if (e.get("requestParameters") or {}).get("clusterName") == cluster]

    (event,) = eventually(delivered, "the call is delivered")
    assert event["eventName"] == "CreateCluster"
    ids = [e["eventID"] for e in events(s3, bucket)]
    assert len(ids) == len(set(ids))


def test_the_aws_cli_says_that_all_is_valid(quick, s3, bucket, trail):
    for _ in range(3):
        quick.client("ecs").create_cluster(clusterName=unique("cluster"))
        before = len(keys(s3, bucket, "CloudTrail-Digest"))
        eventually(lambda: len(keys(s3, bucket, "CloudTrail-Digest")) > before, "another digest")
    quick.client("cloudtrail").stop_logging(Name=trail["Name"])
    eventually(lambda: "digest files valid" in validate(quick, trail).stdout, "the last digest")

    done = validate(quick, trail, "--verbose")
    assert done.returncode == 0, done
    assert "INVALID" not in done.stdout + done.stderr
    assert "digest files valid" in done.stdout and "log files valid" in done.stdout


def test_the_aws_cli_finds_a_changed_log_file(quick, s3, bucket, trail):
    quick.client("ecs").create_cluster(clusterName=unique("cluster"))
    eventually(lambda: "log files valid" in validate(quick, trail).stdout, "a digest with a log file")
    s3.put_object(Bucket=bucket, Key=digested(s3, bucket)[0], Body=gzip.compress(b'{"Records":[]}'))

    done = validate(quick, trail)
    assert done.returncode == 1
    assert "INVALID: hash value doesn't match" in done.stderr
