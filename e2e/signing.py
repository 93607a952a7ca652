"""Signature Version 4 written out after AWS's description, and requests sent as they are.

Independent of botocore and of the platform, so that each part of a request can be made wrong on its
own: the clock, the secret, and what is changed after signing.
"""

import hashlib
import hmac
import http.client
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

REGION = "us-east-1"
TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Request:
    """A POST to the platform; `replace` makes a changed copy."""

    service: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def with_headers(self, **changes: str) -> "Request":
        """A copy with some headers changed; an underscore in a name stands for a hyphen."""
        named = {name.replace("_", "-"): value for name, value in changes.items()}
        return replace(self, headers={**self.headers, **named})


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """AWS's error code, from JSON or from the Query protocol's XML."""
        if self.body.lstrip().startswith(b"{"):
            return json.loads(self.body).get("__type", "").rsplit("#", 1)[-1]
        _, _, rest = self.body.decode("utf-8", "replace").partition("<Code>")
        return rest.partition("</Code>")[0]


def list_clusters(body: bytes = b"{}") -> Request:
    """ECS ListClusters, JSON 1.1."""
    return Request("ecs", body, {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AmazonEC2ContainerServiceV20141113.ListClusters",
    })


def get_caller_identity(body: bytes = b"Action=GetCallerIdentity&Version=2011-06-15") -> Request:
    """STS GetCallerIdentity, Query."""
    return Request("sts", body, {"content-type": "application/x-www-form-urlencoded; charset=utf-8"})


def sign(request: Request, endpoint: str, key: str, secret: str, when: datetime | None = None) -> Request:
    """A copy with x-amz-date and Authorization; every header that it has is signed, and the host."""
    stamp = (when or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    signed = {**request.headers, "host": urlsplit(endpoint).netloc, "x-amz-date": stamp}
    names = ";".join(sorted(signed))
    canonical = "\n".join([
        "POST", "/", "",
        *(f"{name}:{' '.join(signed[name].split())}" for name in sorted(signed)), "",
        names, hashlib.sha256(request.body).hexdigest(),
    ])
    scope = f"{stamp[:8]}/{REGION}/{request.service}/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    signing_key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        signing_key = hmac.digest(signing_key, part.encode(), "sha256")
    signature = hmac.digest(signing_key, to_sign.encode(), "sha256").hex()
    authorization = f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return replace(request, headers={**signed, "authorization": authorization})


def send(request: Request, endpoint: str) -> Answer:
    """Sends the request as it is; a platform that does not answer in time fails the test."""
    return exchange(endpoint, "POST", "/", request.headers, request.body)


def get(url: str) -> Answer:
    """Fetches a URL, such as a presigned one."""
    parts = urlsplit(url)
    return exchange(f"{parts.scheme}://{parts.netloc}", "GET", f"{parts.path or '/'}?{parts.query}", {}, b"")


def exchange(endpoint: str, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
    """One HTTP exchange on a connection of its own."""
    connection = http.client.HTTPConnection(urlsplit(endpoint).netloc, timeout=TIMEOUT_SECONDS)
    try:
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in {"host": urlsplit(endpoint).netloc, "content-length": str(len(body)), **headers}.items():
            connection.putheader(name, value.encode("utf-8"))
        connection.endheaders(body)
        response = connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    finally:
        connection.close()
