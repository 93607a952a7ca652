"""Requests of S3 that are complete, signature included, before any clock runs."""

from urllib.parse import quote, urlencode, urlsplit

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


class _UnsignedContent(S3SigV4Auth):
    """What a client does that trusts its network: the content's hash is not part of the signature."""

    def _should_sha256_sign_payload(self, request: AWSRequest) -> bool:
        return False


class S3Requests:
    """Makes requests for one endpoint with the variables that `groundplane env` exports."""

    def __init__(self, endpoint: str, exported: dict[str, str]) -> None:
        self.endpoint = endpoint
        credentials = Credentials(exported["AWS_ACCESS_KEY_ID"], exported["AWS_SECRET_ACCESS_KEY"])
        self._auth = _UnsignedContent(credentials, "s3", exported["AWS_DEFAULT_REGION"])

    def head(self, method: str, path: str, length: int = 0, **query: str) -> bytes:
        """All of a request but its content."""
        target = quote(path) + (f"?{urlencode(query, quote_via=quote)}" if query else "")
        request = AWSRequest(method, self.endpoint + target, headers={"Content-Length": str(length)})
        self._auth.add_auth(request)
        headers = {"Host": urlsplit(self.endpoint).netloc, **dict(request.headers.items())}
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode()
