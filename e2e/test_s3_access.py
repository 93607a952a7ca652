"""Who may read and write which objects: users' policies, buckets' policies, other accounts."""

import json

import pytest
from botocore.exceptions import ClientError
from identities import allow, deny, policy, user
from installation import Installation
from test_organizations import account, enter
from waiting import eventually


@pytest.fixture(scope="module")
def house():
    """An installation with a second account."""
    own = Installation()
    try:
        own.up()
        own.client("organizations").create_organization(FeatureSet="ALL")
        yield own
    finally:
        own.remove()


@pytest.fixture(scope="module")
def bucket(house) -> str:
    s3 = house.client("s3")
    s3.create_bucket(Bucket="positions")
    for key in ("rates/today.csv", "credit/today.csv"):
        s3.put_object(Bucket="positions", Key=key, Body=key.encode())
    return "positions"


def denied(call, **members) -> str:
    """The refusal's message."""
    with pytest.raises(ClientError) as refusal:
        call(**members)
    assert refusal.value.response["Error"]["Code"] in ("AccessDenied", "403"), refusal.value.response
    return refusal.value.response["Error"].get("Message", "")


def test_a_user_has_a_folder(house, bucket):
    arn = f"arn:aws:s3:::{bucket}"
    reader = user(
        house,
        allow("s3:GetObject", resource=f"{arn}/rates/*"),
        allow("s3:ListBucket", resource=arn, Condition={"StringLike": {"s3:prefix": "rates/*"}}),
    )
    s3 = house.client("s3", **reader["keys"])
    assert s3.get_object(Bucket=bucket, Key="rates/today.csv")["Body"].read() == b"rates/today.csv"
    assert s3.list_objects_v2(Bucket=bucket, Prefix="rates/")["KeyCount"] == 1
    why = denied(s3.get_object, Bucket=bucket, Key="credit/today.csv")
    assert reader["name"] in why and "s3:GetObject" in why and f"{arn}/credit/today.csv" in why
    denied(s3.list_objects_v2, Bucket=bucket)
    denied(s3.put_object, Bucket=bucket, Key="rates/new.csv", Body=b"x")
    denied(s3.copy_object, Bucket=bucket, Key="rates/new.csv", CopySource=f"{bucket}/rates/today.csv")
    denied(s3.delete_object, Bucket=bucket, Key="rates/today.csv")
    denied(s3.head_object, Bucket=bucket, Key="credit/today.csv")
    denied(s3.get_bucket_policy, Bucket=bucket)
    denied(s3.create_bucket, Bucket="positions-of-mine")


def test_of_several_objects_those_are_deleted_that_may_be(house, bucket):
    cleaner = user(house, allow("s3:DeleteObject", resource=f"arn:aws:s3:::{bucket}/scratch/*"))
    house.client("s3").put_object(Bucket=bucket, Key="scratch/a", Body=b"x")
    s3 = house.client("s3", **cleaner["keys"])
    wanted = {"Objects": [{"Key": "rates/today.csv"}, {"Key": "scratch/a"}]}
    answer = s3.delete_objects(Bucket=bucket, Delete=wanted)
    assert [entry["Key"] for entry in answer["Deleted"]] == ["scratch/a"]
    (error,) = answer["Errors"]
    assert (error["Key"], error["Code"]) == ("rates/today.csv", "AccessDenied")
    assert "s3:DeleteObject" in error["Message"]
    house.client("s3").head_object(Bucket=bucket, Key="rates/today.csv")


def test_what_a_bucket_denies_no_user_may(house, bucket):
    trader = user(house, allow("s3:*"))
    s3 = house.client("s3", **trader["keys"])
    s3.put_object(Bucket=bucket, Key="rates/mine.csv", Body=b"x")
    statement = {**deny("s3:DeleteObject", resource=f"arn:aws:s3:::{bucket}/*"), "Principal": "*"}
    house.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy(statement))
    try:
        assert "explicit deny in a resource-based policy" in denied(s3.delete_object, Bucket=bucket, Key="rates/mine.csv")
    finally:
        house.client("s3").delete_bucket_policy(Bucket=bucket)
    s3.delete_object(Bucket=bucket, Key="rates/mine.csv")


def test_another_account_needs_both_sides(house, bucket):
    other = account(house.client("organizations"), "quants")
    keys = enter(house, other)
    s3 = house.client("s3", **keys)
    denied(s3.get_object, Bucket=bucket, Key="rates/today.csv")
    denied(s3.put_object, Bucket=bucket, Key="rates/theirs.csv", Body=b"x")
    denied(s3.list_objects_v2, Bucket=bucket)
    denied(s3.delete_bucket, Bucket=bucket)

    arn = f"arn:aws:s3:::{bucket}/rates/*"
    statement = {**allow("s3:GetObject", resource=arn), "Principal": {"AWS": f"arn:aws:iam::{other}:root"}}
    house.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy(statement))
    assert s3.get_object(Bucket=bucket, Key="rates/today.csv")["Body"].read() == b"rates/today.csv"
    denied(s3.get_object, Bucket=bucket, Key="credit/today.csv")

    trail = house.client("cloudtrail", **keys)

    def recorded() -> list[dict]:
        found = trail.lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "DeleteBucket"}])
        return [event for event in found["Events"] if json.loads(event["CloudTrailEvent"]).get("errorCode")]

    (event,) = eventually(recorded, "the refusal is recorded where the caller is at home")
    assert json.loads(event["CloudTrailEvent"])["errorCode"] == "AccessDenied"
