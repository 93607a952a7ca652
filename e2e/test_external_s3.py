"""An installation whose objects another S3 keeps: tools use ours, and what others put there directly is loaded, too."""

import concurrent.futures
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from botocore.exceptions import ClientError
from host_tasks import unique
from identities import allow, user
from installation import Installation, free_port
from outside_s3 import OutsideS3
from waiting import eventually
from warehouses import Warehouse, loader

AWS = Path(sys.executable).with_name("aws")
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def outside():
    with OutsideS3() as server:
        yield server


@pytest.fixture(scope="module")
def house(outside):
    own = Installation()
    try:
        outside.client().create_bucket(Bucket="there-before")
        credentials = outside.credentials(own.directory)
        own.up(
            "--s3-endpoint", outside.endpoint, "--s3-credentials", str(credentials),
            "--s3-list-every", "1s", "--warehouse-sleeps-after", "4s",
        )
        yield own
    finally:
        own.remove()


@pytest.fixture(scope="module")
def s3(house):
    return house.client("s3")


@pytest.fixture
def bucket(s3) -> str:
    name = unique("market").lower()
    s3.create_bucket(Bucket=name)
    return name


def is_unavailable(s3, bucket: str) -> bool:
    """Whether callers are told that the objects cannot be had now."""
    try:
        s3.list_objects_v2(Bucket=bucket)
    except ClientError as refused:
        return refused.response["Error"]["Code"] == "ServiceUnavailable"
    return False


def code(call, **arguments) -> tuple[int, str]:
    """Status and code of the error that a call ends with."""
    with pytest.raises(ClientError) as failed:
        call(**arguments)
    response = failed.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


def test_objects_are_there_and_not_here(house, outside, s3, bucket):
    put = s3.put_object(Bucket=bucket, Key="a/b c+d.txt", Body=b"hello", Metadata={"desk": "rates"}, Tagging="k=v")
    directly = outside.client()
    assert directly.get_object(Bucket=bucket, Key="a/b c+d.txt")["Body"].read() == b"hello"
    got = s3.get_object(Bucket=bucket, Key="a/b c+d.txt")
    assert (got["Body"].read(), got["Metadata"], got["ETag"]) == (b"hello", {"desk": "rates"}, put["ETag"])
    part = s3.get_object(Bucket=bucket, Key="a/b c+d.txt", Range="bytes=1-3")
    assert (part["Body"].read(), part["ResponseMetadata"]["HTTPStatusCode"]) == (b"ell", 206)
    directly.put_object(Bucket=bucket, Key="z", Body=b"")
    assert s3.get_object(Bucket=bucket, Key="z")["Body"].read() == b""
    assert [one["Key"] for one in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["a/b c+d.txt", "z"]
    assert s3.list_objects_v2(Bucket=bucket, Delimiter="/")["CommonPrefixes"] == [{"Prefix": "a/"}]
    assert s3.get_object_tagging(Bucket=bucket, Key="a/b c+d.txt")["TagSet"] == [{"Key": "k", "Value": "v"}]
    s3.delete_object(Bucket=bucket, Key="z")
    assert code(directly.head_object, Bucket=bucket, Key="z")[0] == 404
    assert list((house.data / "s3").rglob("*.content")) == []


def test_parts_copies_presigned_urls_and_deletions(house, outside, s3, bucket, tmp_path):
    file = tmp_path / "large"
    file.write_bytes(os.urandom(17 * MIB))
    words = [str(AWS), "s3", "cp", str(file), f"s3://{bucket}/large"]
    subprocess.run(words, env=house.environment(), capture_output=True, check=True)
    assert outside.client().head_object(Bucket=bucket, Key="large")["ContentLength"] == 17 * MIB
    again = tmp_path / "again"
    subprocess.run([*words[:3], words[4], str(again)], env=house.environment(), capture_output=True, check=True)
    assert again.read_bytes() == file.read_bytes()

    upload = s3.create_multipart_upload(Bucket=bucket, Key="parts")["UploadId"]
    assert s3.list_multipart_uploads(Bucket=bucket)["Uploads"][0]["UploadId"] == upload
    first = s3.upload_part(Bucket=bucket, Key="parts", UploadId=upload, PartNumber=1, Body=b"x" * (5 * MIB))
    source = {"Bucket": bucket, "Key": "large"}
    second = s3.upload_part_copy(
        Bucket=bucket, Key="parts", UploadId=upload, PartNumber=2, CopySource=source, CopySourceRange="bytes=0-9"
    )
    assert len(s3.list_parts(Bucket=bucket, Key="parts", UploadId=upload)["Parts"]) == 2
    parts = [
        {"PartNumber": 1, "ETag": first["ETag"]},
        {"PartNumber": 2, "ETag": second["CopyPartResult"]["ETag"]},
    ]
    s3.complete_multipart_upload(Bucket=bucket, Key="parts", UploadId=upload, MultipartUpload={"Parts": parts})
    assert s3.head_object(Bucket=bucket, Key="parts")["ContentLength"] == 5 * MIB + 10

    s3.copy_object(Bucket=bucket, Key="copy ä", CopySource=source)
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "copy ä"}, ExpiresIn=60)
    assert requests.get(url, timeout=60).content == file.read_bytes()
    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "presigned"}, ExpiresIn=60)
    assert requests.put(url, data=b"by url", timeout=60).status_code == 200
    assert outside.client().get_object(Bucket=bucket, Key="presigned")["Body"].read() == b"by url"

    deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "copy ä"}, {"Key": "parts"}]})
    assert sorted(one["Key"] for one in deleted["Deleted"]) == ["copy ä", "parts"]
    assert code(s3.delete_bucket, Bucket=bucket) == (409, "BucketNotEmpty")
    words = [str(AWS), "s3", "rb", "--force", f"s3://{bucket}"]
    subprocess.run(words, env=house.environment(), capture_output=True, check=True)
    assert code(s3.head_bucket, Bucket=bucket)[0] == 404
    assert code(outside.client().head_bucket, Bucket=bucket)[0] == 404


def test_versions_conditions_and_errors_are_those_of_the_other_s3(s3, bucket):
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    first = s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    s3.put_object(Bucket=bucket, Key="k", Body=b"2")
    assert s3.get_object(Bucket=bucket, Key="k", VersionId=first["VersionId"])["Body"].read() == b"1"
    marker = s3.delete_object(Bucket=bucket, Key="k")
    assert marker["DeleteMarker"] is True
    assert code(s3.get_object, Bucket=bucket, Key="k") == (404, "NoSuchKey")
    listed = s3.list_object_versions(Bucket=bucket)
    assert (len(listed["Versions"]), len(listed["DeleteMarkers"])) == (2, 1)
    s3.delete_object(Bucket=bucket, Key="k", VersionId=marker["VersionId"])
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"2"

    etag = s3.head_object(Bucket=bucket, Key="k")["ETag"]
    assert code(s3.get_object, Bucket=bucket, Key="k", IfNoneMatch=etag) == (304, "304")
    assert code(s3.get_object, Bucket=bucket, Key="k", IfMatch='"other"') == (412, "PreconditionFailed")
    assert code(s3.get_object, Bucket=bucket, Key="k", Range="bytes=5-9") == (416, "InvalidRange")
    assert code(s3.head_object, Bucket=bucket, Key="none")[0] == 404
    assert code(s3.get_object, Bucket=unique("nowhere"), Key="k") == (404, "NoSuchBucket")
    assert code(s3.put_object, Bucket=bucket, Key="k", Body=b"", ACL="public-read")[1] == "AccessControlListNotSupported"
    assert code(s3.put_object, Bucket=bucket, Key="k", Body=b"x", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")[1] == "BadDigest"
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"2"


def test_policies_are_ours_and_the_trail_has_it(house, outside, s3, bucket):
    s3.put_object(Bucket=bucket, Key="in/a", Body=b"a", Tagging="desk=rates")
    s3.put_object(Bucket=bucket, Key="in/b", Body=b"b", Tagging="desk=credit")
    tagged = {"StringEquals": {"s3:ExistingObjectTag/desk": "rates"}}
    reader = user(house, allow("s3:GetObject", resource=f"arn:aws:s3:::{bucket}/in/*", Condition=tagged))
    theirs = house.client("s3", **reader["keys"])
    assert theirs.get_object(Bucket=bucket, Key="in/a")["Body"].read() == b"a"
    assert code(theirs.get_object, Bucket=bucket, Key="in/b") == (403, "AccessDenied")
    assert code(theirs.put_object, Bucket=bucket, Key="in/a", Body=b"") == (403, "AccessDenied")
    outside.client().delete_object(Bucket=bucket, Key="in/b")

    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    assert code(theirs.get_object, Bucket=bucket, Key="in/a") == (403, "AccessDenied")
    assert code(outside.client().get_bucket_policy, Bucket=bucket)[1] == "NoSuchBucketPolicy"

    trail = house.client("cloudtrail")
    found = trail.lookup_events(LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": f"arn:aws:s3:::{bucket}"}])
    assert "CreateBucket" in [event["EventName"] for event in found["Events"]]


def test_buckets_that_others_made_are_the_installations(house, outside, s3):
    assert "there-before" in [one["Name"] for one in s3.list_buckets()["Buckets"]]
    name = unique("later").lower()
    outside.client().create_bucket(Bucket=name)
    outside.client().put_object(Bucket=name, Key="k", Body=b"v")
    nobody = user(house)
    assert code(house.client("s3", **nobody["keys"]).get_object, Bucket=name, Key="k") == (403, "AccessDenied")
    assert s3.get_object(Bucket=name, Key="k")["Body"].read() == b"v"


def count(warehouse) -> tuple[int, int]:
    with warehouse.connect(autocommit=True) as connection:
        return connection.execute("SELECT count(*), count(DISTINCT id) FROM price").fetchone()


def test_files_are_loaded_whoever_put_them(house, outside, s3, bucket):
    warehouse = Warehouse(house)
    role = loader(house.client("iam"), bucket)
    warehouse.redshift.update_namespace(namespaceName=warehouse.name, iamRoles=[role])
    outside.client().put_object(Bucket=bucket, Key="in/before", Body=b"0,2026-01-02\n")
    for script in (
        "CREATE TABLE price(id INTEGER, day DATE)",
        f"COPY price FROM 's3://{bucket}/in/' IAM_ROLE '{role}' CSV JOB CREATE prices AUTO ON",
    ):
        made = warehouse.psql(script)
        assert made.returncode == 0, made.stderr

    s3.put_object(Bucket=bucket, Key="in/ours", Body=b"1,2026-01-02\n")
    eventually(lambda: count(warehouse) == (1, 1), "what was put through the installation is loaded")
    outside.client().put_object(Bucket=bucket, Key="in/theirs", Body=b"2,2026-01-02\n")
    eventually(lambda: count(warehouse) == (2, 2), "what was put directly is loaded")

    eventually(lambda: warehouse.workers() == [], "the warehouse sleeps")
    outside.client().put_object(Bucket=bucket, Key="in/asleep", Body=b"3,2026-01-02\n")
    eventually(lambda: warehouse.workers() != [], "the file wakes it")
    eventually(lambda: count(warehouse) == (3, 3), "it is loaded")

    def put(number: int) -> bool:
        """Whether it was answered; what was not may have been stored nevertheless."""
        try:
            s3.put_object(Bucket=bucket, Key=f"in/many/{number}", Body=f"{number},2026-01-02\n".encode())
            return True
        except Exception:  # of the connection
            return False

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        puts = [pool.submit(put, number) for number in range(1000, 1200)]
        eventually(lambda: sum(one.done() for one in puts) > 50, "some are stored")
        os.kill(house.status()["pid"], signal.SIGKILL)
        outside.client().put_object(Bucket=bucket, Key="in/while-down", Body=b"4,2026-01-02\n")
        answered = sum(one.result() for one in puts)
    house.up("--s3-list-every", "1s", "--warehouse-sleeps-after", "4s")  # the S3 is remembered
    there = [
        one["Key"]
        for page in outside.client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="in/")
        for one in page.get("Contents", [])
    ]
    assert len(there) >= answered + 5
    rows = len(there) - 1  # without the file that was there before the job
    eventually(lambda: count(warehouse) == (rows, rows), f"{rows} files are loaded, each once", seconds=240)
    house.run("audit", "verify")
    warehouse.remove()


def up_fails(own, *options: str) -> str:
    with pytest.raises(AssertionError) as failed:
        own.up(*options)
    return str(failed.value)


def test_what_is_wrong_is_said_when_it_is_given(house, outside, tmp_path):
    own = Installation()
    try:
        right = str(outside.credentials(own.directory))
        nowhere = f"http://127.0.0.1:{free_port()}"
        assert nowhere in up_fails(own, "--s3-endpoint", nowhere, "--s3-credentials", right)
        assert "--s3-credentials" in up_fails(own, "--s3-endpoint", outside.endpoint)
        assert "bucket or path" in up_fails(own, "--s3-endpoint", outside.endpoint + "/b", "--s3-credentials", right)
        # An S3 that checks signatures: the other installation.
        wrong = tmp_path / "wrong"
        key = house.exported["AWS_ACCESS_KEY_ID"]
        wrong.write_text(f"[default]\naws_access_key_id = {key}\naws_secret_access_key = no\n")
        said = up_fails(own, "--s3-endpoint", house.endpoint, "--s3-credentials", str(wrong))
        assert "secret access key" in said and str(wrong) in said
        wrong.write_text("[default]\naws_access_key_id = AKIANOBODY\naws_secret_access_key = no\n")
        said = up_fails(own, "--s3-endpoint", house.endpoint, "--s3-credentials", str(wrong))
        assert "does not know the access key id" in said and str(wrong) in said

        keys = {name: house.exported[name.upper()] for name in ("aws_access_key_id", "aws_secret_access_key")}
        wrong.write_text("[default]\n" + "".join(f"{name} = {value}\n" for name, value in keys.items()))
        own.up("--s3-endpoint", house.endpoint, "--s3-credentials", str(wrong))
        through = own.client("s3")
        through.create_bucket(Bucket="through-two")
        file = tmp_path / "large"
        file.write_bytes(os.urandom(17 * MIB))
        through.upload_file(str(file), "through-two", "large")
        through.put_object(Bucket="through-two", Key="small", Body=b"signed in chunks", ChecksumAlgorithm="SHA256")
        assert outside.client().get_object(Bucket="through-two", Key="large")["Body"].read() == file.read_bytes()
        assert through.get_object(Bucket="through-two", Key="small")["Body"].read() == b"signed in chunks"
        # Keys that the other S3 does not take any more are the operator's affair, not the caller's.
        wrong.write_text("[default]\naws_access_key_id = AKIANOBODY\naws_secret_access_key = no\n")
        eventually(lambda: is_unavailable(through, "through-two"), "the file of credentials is read again")
        assert any(house.endpoint in problem["what"] for problem in own.status()["problems"])
    finally:
        own.remove()
