"""What the tests of S3 share."""

import hashlib

import pytest
from botocore.exceptions import ClientError


def refused(code: str, call, **arguments) -> dict:
    """Makes a call that must be refused with that code; returns the answer."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    assert caught.value.response["Error"]["Code"] == code, caught.value
    return caught.value.response


def body(s3, bucket: str, key: str, **arguments) -> bytes:
    """An object's content."""
    return s3.get_object(Bucket=bucket, Key=key, **arguments)["Body"].read()


def pattern(size: int) -> bytes:
    """Content in which no two places are alike."""
    return b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(size // 32 + 1))[:size]
