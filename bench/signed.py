"""HTTP requests that are complete, signature included, before any clock runs."""

import http.client
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ECS_TARGET = "AmazonEC2ContainerServiceV20141113"
TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Request:
    """One request as it is sent."""

    method: str
    url: str
    headers: dict[str, str]
    body: str


class Signer:
    """Signs ECS calls for one endpoint with the variables that `groundplane env` exports."""

    def __init__(self, endpoint: str, exported: dict[str, str]) -> None:
        self.endpoint = endpoint
        credentials = Credentials(exported["AWS_ACCESS_KEY_ID"], exported["AWS_SECRET_ACCESS_KEY"])
        self._auth = SigV4Auth(credentials, "ecs", exported["AWS_DEFAULT_REGION"])

    def ecs(self, operation: str, parameters: dict) -> Request:
        """A signed call, valid for five minutes."""
        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"{ECS_TARGET}.{operation}"}
        request = AWSRequest("POST", f"{self.endpoint}/", headers=headers, data=json.dumps(parameters))
        self._auth.add_auth(request)
        return Request("POST", request.url, dict(request.headers.items()), request.data)


def health(endpoint: str) -> Request:
    """The smallest request that Groundplane answers: unsigned, unaudited, without a service behind it."""
    return Request("GET", f"{endpoint}/health", {}, "")


class Connection:
    """A kept-alive connection to one endpoint, for one thread."""

    def __init__(self, endpoint: str) -> None:
        self._http = http.client.HTTPConnection(urlsplit(endpoint).netloc, timeout=TIMEOUT_SECONDS)

    def answer(self, request: Request) -> dict:
        """The JSON answer. Raises RuntimeError when the status is not 200."""
        self._http.request(request.method, urlsplit(request.url).path, request.body or None, request.headers)
        response = self._http.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{request.method} {request.url} answered {response.status}: {body[:500]!r}")
        return json.loads(body)

    def close(self) -> None:
        """Closes it; the next answer would open it again."""
        self._http.close()
