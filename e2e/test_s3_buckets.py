"""Buckets through boto3: rules, settings, versions, locks, listings, the audit trail."""

import json

import pytest
from botocore.exceptions import ClientError
from host_tasks import unique
from s3_objects import body, refused
from waiting import eventually


def test_bucket_rules(s3):
    name = unique("rules")
    refused("InvalidBucketName", s3.create_bucket, Bucket="192.168.5.4")
    s3.create_bucket(Bucket=name)
    s3.create_bucket(Bucket=name)  # again: in us-east-1 no error
    assert name in [entry["Name"] for entry in s3.list_buckets()["Buckets"]]
    assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] is None
    s3.put_object(Bucket=name, Key="k", Body=b"x")
    refused("BucketNotEmpty", s3.delete_bucket, Bucket=name)
    s3.delete_object(Bucket=name, Key="k")
    s3.delete_bucket(Bucket=name)
    refused("404", s3.head_bucket, Bucket=name)
    error = refused("NoSuchBucket", s3.list_objects_v2, Bucket=name)["Error"]
    assert (error["Message"], error["BucketName"]) == ("The specified bucket does not exist", name)


def test_a_bucket_elsewhere(s3):
    name = unique("elsewhere")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] == "eu-central-1"


def test_the_location_is_the_region_that_is_called(s3, installation):
    here = {"LocationConstraint": "us-east-1"}
    refused("InvalidLocationConstraint", s3.create_bucket, Bucket=unique("here"), CreateBucketConfiguration=here)
    frankfurt = installation.client("s3", region_name="eu-central-1")
    illegal = "IllegalLocationConstraintException"
    refused(illegal, frankfurt.create_bucket, Bucket=unique("none"))
    london = {"LocationConstraint": "eu-west-2"}
    refused(illegal, frankfurt.create_bucket, Bucket=unique("other"), CreateBucketConfiguration=london)
    name = unique("same")
    frankfurt.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    refused(
        "BucketAlreadyOwnedByYou",
        frankfurt.create_bucket,
        Bucket=name,
        CreateBucketConfiguration={"LocationConstraint": "eu-central-1"},
    )


def test_settings(s3, bucket):
    assert s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]["BlockPublicPolicy"]
    assert (
        s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0][
            "ApplyServerSideEncryptionByDefault"
        ]["SSEAlgorithm"]
        == "AES256"
    )
    kms = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}
    refused("NotImplemented", s3.put_bucket_encryption, Bucket=bucket, ServerSideEncryptionConfiguration=kms)
    refused("NoSuchTagSet", s3.get_bucket_tagging, Bucket=bucket)
    tagged = s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "team", "Value": "risk"}]})
    assert tagged["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == [{"Key": "team", "Value": "risk"}]
    refused("NoSuchLifecycleConfiguration", s3.get_bucket_lifecycle_configuration, Bucket=bucket)
    rule = {"ID": "tmp", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 1}}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == [rule]
    refused("AccessControlListNotSupported", s3.put_bucket_acl, Bucket=bucket, ACL="public-read")
    assert s3.get_bucket_acl(Bucket=bucket)["Grants"][0]["Permission"] == "FULL_CONTROL"


def test_events_go_nowhere_unless_somebody_could_take_them(s3, bucket):
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    bridge = {"EventBridgeConfiguration": {}}
    answer = refused(
        "NotImplemented", s3.put_bucket_notification_configuration, Bucket=bucket, NotificationConfiguration=bridge
    )
    assert "EventBridge" in answer["Error"]["Message"]
    queue = {"QueueArn": "arn:aws:sqs:us-east-1:123456789012:q", "Events": ["s3:ObjectCreated:*"]}
    refused(
        "InvalidArgument",
        s3.put_bucket_notification_configuration,
        Bucket=bucket,
        NotificationConfiguration={"QueueConfigurations": [queue]},
    )
    assert "EventBridgeConfiguration" not in s3.get_bucket_notification_configuration(Bucket=bucket)


def test_policies(s3, bucket):
    refused("NoSuchBucketPolicy", s3.get_bucket_policy, Bucket=bucket)
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    refused("AccessDenied", s3.put_bucket_policy, Bucket=bucket, Policy=json.dumps(policy))
    statement["Principal"] = {"AWS": "arn:aws:iam::123456789012:root"}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    assert json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]) == policy
    unknown = {**statement, "Condition": {"StringAlmostEquals": {"aws:username": "x"}}}
    refused("MalformedPolicy", s3.put_bucket_policy, Bucket=bucket, Policy=json.dumps({**policy, "Statement": [unknown]}))
    statement["Resource"] = "arn:aws:s3:::other/*"
    refused("MalformedPolicy", s3.put_bucket_policy, Bucket=bucket, Policy=json.dumps(policy))
    s3.delete_bucket_policy(Bucket=bucket)


def test_versions(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"0")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=bucket, Key="k", Body=b"1")["VersionId"]
    second = s3.put_object(Bucket=bucket, Key="k", Body=b"2")["VersionId"]
    assert body(s3, bucket, "k", VersionId="null") == b"0"
    assert body(s3, bucket, "k", VersionId=first) == b"1"
    marker = s3.delete_object(Bucket=bucket, Key="k")
    assert marker["DeleteMarker"]
    refused("NoSuchKey", s3.get_object, Bucket=bucket, Key="k")
    listed = s3.list_object_versions(Bucket=bucket)
    assert [version["VersionId"] for version in listed["Versions"]] == [second, first, "null"]
    assert listed["DeleteMarkers"][0]["IsLatest"]
    s3.delete_object(Bucket=bucket, Key="k", VersionId=marker["VersionId"])
    assert body(s3, bucket, "k") == b"2"


def test_locks(s3):
    name = unique("locked")
    s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    version = s3.put_object(Bucket=name, Key="k", Body=b"x", ObjectLockLegalHoldStatus="ON")["VersionId"]
    refused("AccessDenied", s3.delete_object, Bucket=name, Key="k", VersionId=version)
    s3.put_object_legal_hold(Bucket=name, Key="k", LegalHold={"Status": "OFF"})
    s3.delete_object(Bucket=name, Key="k", VersionId=version)


def test_pages(s3, bucket):
    for number in range(25):
        s3.put_object(Bucket=bucket, Key=f"{number % 5}/{number}", Body=b"")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 4})
    assert len([entry for page in pages for entry in page["Contents"]]) == 25
    pages = s3.get_paginator("list_objects").paginate(
        Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": 2}
    )
    assert [p["Prefix"] for page in pages for p in page.get("CommonPrefixes", [])] == ["0/", "1/", "2/", "3/", "4/"]


def test_what_is_not_implemented_says_so(s3, bucket):
    answer = refused("NotImplemented", s3.put_bucket_website, Bucket=bucket, WebsiteConfiguration={})
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501
    with pytest.raises(ClientError, match="GLACIER"):
        s3.put_object(Bucket=bucket, Key="k", Body=b"x", StorageClass="GLACIER")


def test_the_trail_has_buckets_but_not_objects(s3, cloudtrail):
    name = unique("trail")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="k", Body=b"x")
    s3.delete_object(Bucket=name, Key="k")
    s3.delete_bucket(Bucket=name)

    def recorded() -> list[str] | None:
        events = cloudtrail.lookup_events(
            LookupAttributes=[{"AttributeKey": "EventSource", "AttributeValue": "s3.amazonaws.com"}]
        )["Events"]
        names = [event["EventName"] for event in events if name in event["CloudTrailEvent"]]
        return names if "DeleteBucket" in names else None

    assert sorted(eventually(recorded, "the deletion is recorded")) == ["CreateBucket", "DeleteBucket"]
