"""Objects through boto3: content, keys, ranges, conditions, checksums, forms of signing."""

import hashlib
import io
import urllib.error
import urllib.request

import boto3
import pytest
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from s3_objects import body, pattern, refused

MEBIBYTE = 1024 * 1024


@pytest.mark.parametrize("size", [0, 1, 100_000, 3 * MEBIBYTE + 1])
def test_content(s3, bucket, size):
    content = pattern(size)
    put = s3.put_object(Bucket=bucket, Key="k", Body=content)
    assert put["ETag"] == f'"{hashlib.md5(content).hexdigest()}"'
    assert put["ServerSideEncryption"] == "AES256"
    assert body(s3, bucket, "k") == content
    head = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert head["ContentLength"] == size
    assert head["ChecksumCRC32"] == put["ChecksumCRC32"]


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])
def test_checksums(s3, bucket, algorithm):
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"content", ChecksumAlgorithm=algorithm)
    got = s3.get_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert got[f"Checksum{algorithm}"] == put[f"Checksum{algorithm}"]
    assert got["Body"].read() == b"content"
    attributes = s3.get_object_attributes(Bucket=bucket, Key="k", ObjectAttributes=["Checksum", "ObjectSize"])
    assert attributes["Checksum"][f"Checksum{algorithm}"] == put[f"Checksum{algorithm}"]
    assert attributes["ObjectSize"] == 7


def test_wrong_hashes_are_refused(s3, bucket):
    refused("BadDigest", s3.put_object, Bucket=bucket, Key="k", Body=b"x", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")
    refused("BadDigest", s3.put_object, Bucket=bucket, Key="k", Body=b"x", ChecksumCRC32="AAAAAA==")
    refused("404", s3.head_object, Bucket=bucket, Key="k")


def test_keys(s3, bucket):
    keys = ["k", "k/sub", "/lead", "x//y", "a/../b", "é/ü 漢字 😀", "+ %2F?#&=;", "a" * 1024, "trailing/"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    for key in keys:
        assert body(s3, bucket, key) == key.encode()
    listed = [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert listed == sorted(keys, key=lambda key: key.encode())
    deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys]})
    assert sorted(entry["Key"] for entry in deleted["Deleted"]) == sorted(keys)
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_errors_name_what_they_are_about(s3, bucket):
    error = refused("NoSuchKey", s3.get_object, Bucket=bucket, Key="none")["Error"]
    assert (error["Message"], error["Key"]) == ("The specified key does not exist.", "none")
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"x")["ETag"]
    error = refused("PreconditionFailed", s3.get_object, Bucket=bucket, Key="k", IfMatch='"other"')["Error"]
    assert error["Condition"] == "If-Match"
    unchanged = refused("304", s3.get_object, Bucket=bucket, Key="k", IfNoneMatch=etag)
    assert unchanged["ResponseMetadata"]["HTTPHeaders"]["etag"] == etag
    source = {"Bucket": bucket, "Key": "k"}
    refused("PreconditionFailed", s3.copy_object, Bucket=bucket, Key="k", CopySource=source, CopySourceIfNoneMatch=etag)
    tags = {"TagSet": [{"Key": "aws:x", "Value": "y"}]}
    refused("InvalidTag", s3.put_object_tagging, Bucket=bucket, Key="k", Tagging=tags)
    selection = {"Expression": "select 1", "ExpressionType": "SQL"}
    refused(
        "MethodNotAllowed",
        s3.select_object_content,
        Bucket=bucket,
        Key="k",
        InputSerialization={"CSV": {}},
        OutputSerialization={"CSV": {}},
        **selection,
    )


def test_a_deleted_object_says_so(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    marker = s3.delete_object(Bucket=bucket, Key="k")
    assert marker["DeleteMarker"] is True
    headers = refused("NoSuchKey", s3.get_object, Bucket=bucket, Key="k")["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amz-delete-marker"] == "true"
    named = refused("MethodNotAllowed", s3.get_object, Bucket=bucket, Key="k", VersionId=marker["VersionId"])
    assert named["ResponseMetadata"]["HTTPHeaders"]["allow"] == "DELETE"
    removed = s3.delete_object(Bucket=bucket, Key="k", VersionId=marker["VersionId"])
    assert removed["DeleteMarker"] is True
    assert body(s3, bucket, "k") == b"x"


def test_ranges_and_conditions(s3, bucket):
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    part = s3.get_object(Bucket=bucket, Key="k", Range="bytes=2-4")
    assert (part["Body"].read(), part["ContentRange"]) == (b"234", "bytes 2-4/10")
    assert part["ResponseMetadata"]["HTTPStatusCode"] == 206
    refused("InvalidRange", s3.get_object, Bucket=bucket, Key="k", Range="bytes=10-")
    refused("304", s3.get_object, Bucket=bucket, Key="k", IfNoneMatch=put["ETag"])
    refused("PreconditionFailed", s3.get_object, Bucket=bucket, Key="k", IfMatch='"other"')
    refused("PreconditionFailed", s3.put_object, Bucket=bucket, Key="k", Body=b"x", IfNoneMatch="*")
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", IfMatch=put["ETag"])
    assert body(s3, bucket, "k") == b"x"


def test_headers_and_tags(s3, bucket):
    s3.put_object(
        Bucket=bucket, Key="k", Body=b"x", ContentType="text/csv", Metadata={"source": "market"}, Tagging="stage=raw"
    )
    got = s3.get_object(Bucket=bucket, Key="k", ResponseContentDisposition="attachment")
    assert got["ContentType"] == "text/csv"
    assert got["Metadata"] == {"source": "market"}
    assert got["ContentDisposition"] == "attachment"
    assert got["TagCount"] == 1
    s3.put_object_tagging(Bucket=bucket, Key="k", Tagging={"TagSet": [{"Key": "stage", "Value": "clean"}]})
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == [{"Key": "stage", "Value": "clean"}]
    s3.delete_object_tagging(Bucket=bucket, Key="k")
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == []


def test_signed_headers_stay_as_they_were_sent(s3, bucket):
    s3.put_object(Bucket=bucket, Key="text", Body=b"x", ContentType="text/plain; charset=UTF-8")
    assert s3.head_object(Bucket=bucket, Key="text")["ContentType"] == "text/plain; charset=UTF-8"


def test_transfer_in_parts(s3, bucket):
    content = pattern(20 * MEBIBYTE + 12345)
    config = TransferConfig(multipart_threshold=5 * MEBIBYTE, multipart_chunksize=5 * MEBIBYTE)
    s3.upload_fileobj(io.BytesIO(content), bucket, "big", Config=config)
    head = s3.head_object(Bucket=bucket, Key="big", PartNumber=1)
    assert head["PartsCount"] == 5
    assert head["ETag"].endswith('-5"')
    fetched = io.BytesIO()
    s3.download_fileobj(bucket, "big", fetched, Config=config)
    assert fetched.getvalue() == content
    s3.copy({"Bucket": bucket, "Key": "big"}, bucket, "copy", Config=config)
    assert body(s3, bucket, "copy") == content
    assert s3.list_multipart_uploads(Bucket=bucket).get("Uploads", []) == []


def test_copies(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a b/é", Body=b"x", Metadata={"n": "1"})
    s3.copy_object(Bucket=bucket, Key="same", CopySource={"Bucket": bucket, "Key": "a b/é"})
    assert s3.head_object(Bucket=bucket, Key="same")["Metadata"] == {"n": "1"}
    refused("InvalidRequest", s3.copy_object, Bucket=bucket, Key="same", CopySource=f"{bucket}/same")
    s3.copy_object(
        Bucket=bucket, Key="same", CopySource=f"{bucket}/same", MetadataDirective="REPLACE", Metadata={"n": "2"}
    )
    assert s3.head_object(Bucket=bucket, Key="same")["Metadata"] == {"n": "2"}


def test_what_is_signed_is_checked(installation, bucket):
    """Content signed as a whole, and unsigned with a trailer."""
    signed = installation.client("s3", config=Config(s3={"payload_signing_enabled": True}))
    signed.put_object(Bucket=bucket, Key="signed", Body=b"x")
    stream = installation.client("s3", config=Config(s3={"payload_signing_enabled": False}))
    stream.put_object(Bucket=bucket, Key="unsigned", Body=io.BytesIO(b"y"))
    assert body(signed, bucket, "unsigned") == b"y"


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_presigned(installation, bucket, version):
    """By both versions of the signature; boto3 still takes the older one unless it is told."""
    s3 = installation.client("s3", config=Config(signature_version=version))
    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "k é"}, ExpiresIn=60)
    request = urllib.request.Request(url, data=b"z", method="PUT", headers={"Content-Type": ""})
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    parameters = {"Bucket": bucket, "Key": "k é", "ResponseContentType": "text/x-test"}
    url = s3.generate_presigned_url("get_object", Params=parameters, ExpiresIn=60)
    with urllib.request.urlopen(url) as answer:
        assert (answer.read(), answer.headers["Content-Type"]) == (b"z", "text/x-test")
    for changed in [url.replace("/k", "/other", 1), url.replace("x-test", "x-other", 1)]:
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(changed)
        assert caught.value.code == 403
        assert b"<Code>SignatureDoesNotMatch</Code>" in caught.value.read()


def test_unknown_keys_and_unsigned_calls(installation, bucket):
    other = installation.client("s3", aws_secret_access_key="other")
    refused("SignatureDoesNotMatch", other.list_buckets)
    unknown = installation.client("s3", aws_access_key_id="AKIAUNKNOWNUNKNOWN00")
    refused("InvalidAccessKeyId", unknown.list_buckets)
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{installation.endpoint}/{bucket}/k")
    assert caught.value.code in (400, 403)


def test_buckets_named_by_the_host(installation, bucket, s3):
    """A client that puts the bucket's name before the host's; the connection goes to the same address."""
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    session = boto3.session.Session()
    virtual = session.client(
        "s3",
        endpoint_url=f"http://s3.localhost:{installation.port}",
        region_name="us-east-1",
        aws_access_key_id=installation.exported["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=installation.exported["AWS_SECRET_ACCESS_KEY"],
        config=Config(s3={"addressing_style": "virtual"}),
    )
    url = virtual.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"})
    host = f"{bucket}.s3.localhost:{installation.port}"
    assert url.startswith(f"http://{host}/k?")
    request = urllib.request.Request(url.replace(host, f"127.0.0.1:{installation.port}"), headers={"Host": host})
    with urllib.request.urlopen(request) as answer:
        assert answer.read() == b"x"


@pytest.mark.parametrize("key", ["ws", "health"])
def test_keys_that_are_paths_of_the_control_plane(installation, bucket, s3, key):
    """In a bucket that the host names, an object's path may be one that means something else without the bucket."""
    s3.put_object(Bucket=bucket, Key=key, Body=b"an object")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key})
    signed = url.partition("?")[2]
    host = f"{bucket}.localhost:{installation.port}"
    request = urllib.request.Request(f"http://127.0.0.1:{installation.port}/{key}?{signed}", headers={"Host": host})
    with urllib.request.urlopen(request) as answer:
        assert answer.read() == b"an object"
