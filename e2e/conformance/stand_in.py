"""Stands where moto's server would, and passes what moto's tests ask on to Groundplane.

moto's tests call http://localhost:5000 with keys that are nobody's, as account 123456789012, and post to
/moto-api/reset between tests. Here each reset means a new, empty installation; each request is signed again
with its root's key, or with the key that a test was given; and the account's number is exchanged both ways. Two
things are added that AWS demands and moto does not, since nothing could be tried without: a trail's bucket gets the policy
that CloudTrail needs, and CreateAccount answers when the account is there.
"""

import http.client
import json
import re
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import boto3
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ROOT = Path(__file__).resolve().parents[2]
PORT = 5000
TESTS_ACCOUNT = b"123456789012"
TIMEOUT_SECONDS = 30
SIGNED_ANEW = {
    "authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256", "host", "content-length",
    "connection", "expect", "transfer-encoding", "user-agent",
}
OF_SIGNATURES = {
    "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature",
    "X-Amz-Security-Token", "AWSAccessKeyId", "Signature", "Expires",
}
ISSUED = re.compile(
    rb"<AccessKeyId>(?P<key>[^<]+)</AccessKeyId>.*?<SecretAccessKey>(?P<secret>[^<]+)</SecretAccessKey>"
    rb"(?:\s*<SessionToken>(?P<token>[^<]+)</SessionToken>)?", re.S
)


XML_PARTS = {"acl", "tagging", "retention", "legal-hold", "uploads", "uploadId", "attributes", "torrent", "select"}


def client(connection: dict, service: str):
    """A client of the installation's root."""
    return boto3.session.Session().client(
        service,
        endpoint_url=connection["endpoint"],
        region_name=connection["region"],
        aws_access_key_id=connection["accessKeyId"],
        aws_secret_access_key=connection["secretAccessKey"],
    )


def let_trails_in(connection: dict, bucket: str) -> None:
    """Gives a bucket the policy that CloudTrail's User Guide has."""
    statements = [
        {"Action": "s3:GetBucketAcl", "Resource": f"arn:aws:s3:::{bucket}"},
        {"Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/*"},
    ]
    who = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    document = {"Version": "2012-10-17", "Statement": [{**who, **statement} for statement in statements]}
    client(connection, "s3").put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))


def awaited(connection: dict, answered: bytes) -> bytes:
    """CreateAccount's answer once the account is there."""
    known = json.loads(answered)["CreateAccountStatus"]
    organizations = client(connection, "organizations")
    for _ in range(100):
        request = {"CreateAccountRequestId": known["Id"]}
        status = organizations.describe_create_account_status(**request)["CreateAccountStatus"]
        if status["State"] != "IN_PROGRESS":
            break
        time.sleep(0.02)
    times = {name: value.timestamp() for name, value in status.items() if name.endswith("Timestamp")}
    return json.dumps({"CreateAccountStatus": {**status, **times}}).encode()


class Installations:
    """The installation of the running test. Thread-safe."""

    def __init__(self, jar: Path) -> None:
        program = Path(__file__).with_name("FreshInstallations.java")
        command = ["java", "--enable-native-access=ALL-UNNAMED", "-cp", str(jar), str(program)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._lock = threading.Lock()
        self._connection: dict | None = None
        self.issued: dict[str, Credentials] = {}

    def forget(self) -> None:
        """The next call is answered by a new one."""
        with self._lock:
            self._connection = None

    def connection(self) -> dict:
        """How the root calls the present one."""
        with self._lock:
            if self._connection is None:
                self._process.stdin.write("\n")
                self._process.stdin.flush()
                self._connection = json.loads(self._process.stdout.readline())
                self.issued.clear()
            return self._connection


class StandIn(BaseHTTPRequestHandler):
    """One connection of a test."""

    protocol_version = "HTTP/1.1"
    installations: Installations

    def answer(self) -> None:
        body = self._body()
        if self.path.startswith("/moto-api/"):
            if self.path.startswith("/moto-api/reset"):
                self.installations.forget()
            self._send(200, [], b'{"status": "ok"}')
            return
        connection = self.installations.connection()
        ours = connection["account"].encode()
        status, fields, answered = self._passed_on(connection, ours, body)
        if b"InsufficientS3BucketPolicyException" in answered:
            let_trails_in(connection, json.loads(body)["S3BucketName"])
            status, fields, answered = self._passed_on(connection, ours, body)
        elif status == 200 and self.headers.get("x-amz-target", "").endswith(".CreateAccount"):
            answered = awaited(connection, answered)
        for match in ISSUED.finditer(answered):
            parts = {name: value.decode() for name, value in match.groupdict().items() if value}
            self.installations.issued[parts["key"]] = Credentials(parts["key"], parts["secret"], parts.get("token"))
        self._send(status, fields, answered if self._is_object() else answered.replace(ours, TESTS_ACCOUNT))

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do_OPTIONS = answer  # noqa: N815 (http.server's names)

    def _is_object(self) -> bool:
        """Whether bodies are an object's content, which nobody may change."""
        path, _, query = self.path.partition("?")
        named = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
        is_s3 = "/s3/aws4_request" in unquote(self.headers.get("authorization", "") + query)
        return is_s3 and self.command in ("GET", "PUT") and path.count("/") > 1 and not named & XML_PARTS

    def _passed_on(self, connection: dict, ours: bytes, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and body of Groundplane's answer."""
        method, target, headers, body = self._signed(connection, ours, body)
        backend = http.client.HTTPConnection(urlsplit(connection["endpoint"]).netloc, timeout=TIMEOUT_SECONDS)
        try:
            backend.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in headers:
                backend.putheader(name, value.encode("latin-1", "replace"))
            backend.endheaders(body)
            response = backend.getresponse()
            fields = [(name, value.replace(ours.decode(), TESTS_ACCOUNT.decode())) for name, value in response.getheaders()]
            return response.status, fields, response.read()
        finally:
            backend.close()

    def _signed(self, connection: dict, ours: bytes, body: bytes):
        """The request as it goes on: for our account, with a bucket in its path, signed with a key that is real."""
        path, _, query = self.path.partition("?")
        bucket = re.fullmatch(r"(.+?)\.(?:s3[.-].*|s3|localhost(?::\d+)?)", self.headers.get("host", ""))
        if bucket and not re.match(r"s3\b", self.headers["host"]):
            path = f"/{bucket[1]}{path}"
        path = path.replace(TESTS_ACCOUNT.decode(), ours.decode())
        body = body if self._is_object() else body.replace(TESTS_ACCOUNT, ours)
        changed = body.count(ours) > 0
        parameters = parse_qsl(query.replace(TESTS_ACCOUNT.decode(), ours.decode()), keep_blank_values=True)
        key, service, region = self._scope(dict(parameters))
        if service:
            parameters = [(name, value) for name, value in parameters if name not in OF_SIGNATURES]
        query = urlencode(parameters, quote_via=quote, safe="-_.~")
        headers = {
            name: value.replace(TESTS_ACCOUNT.decode(), ours.decode())
            for name, value in self.headers.items()
            if name.lower() not in SIGNED_ANEW and not (changed and name.lower() == "content-md5")
        }
        host = f"localhost:{PORT}"
        if service:
            credentials = self.installations.issued.get(key) or Credentials(
                connection["accessKeyId"], connection["secretAccessKey"]
            )
            request = AWSRequest(self.command, f"http://{host}{path}" + (f"?{query}" if query else ""), headers, body)
            signer = S3SigV4Auth if service == "s3" else SigV4Auth
            signer(credentials, service, region).add_auth(request)
            headers = dict(request.headers.items())
        else:
            headers = {**headers, **{n: v for n, v in self.headers.items() if n.lower().startswith("x-amz-")}}
        sent = [(name, value) for name, value in headers.items() if name.lower() != "host"]
        length = [("content-length", str(len(body)))] if body or self.command in ("POST", "PUT") else []
        return self.command, path + (f"?{query}" if query else ""), [("host", host), *sent, *length], body

    def _scope(self, parameters: dict[str, str]) -> tuple[str, str, str]:
        """Key, service and region that the request was signed for; empty for one without a signature."""
        named = re.search(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/", self.headers.get("authorization", ""))
        named = named or re.match(r"([^/]+)/\d+/([^/]+)/([^/]+)/", unquote(parameters.get("X-Amz-Credential", "")))
        if named:
            return named[1], named[3], named[2]
        old = parameters.get("AWSAccessKeyId")
        return (old, "s3", "us-east-1") if old else ("", "", "")

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("transfer-encoding", ""):
            read = bytearray()
            while size := int(self.rfile.readline().split(b";")[0], 16):
                read += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return bytes(read)
        return self.rfile.read(int(self.headers.get("content-length") or 0))

    def _send(self, status: int, fields: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        length = None
        for name, value in fields:
            if name.lower() == "content-length":
                length = value
            elif name.lower() not in ("transfer-encoding", "connection"):
                self.send_header(name, value)
        head = self.command == "HEAD"
        self.send_header("content-length", (length or "0") if head else str(len(body)))
        self.end_headers()
        if not head and status not in (204, 304):
            self.wfile.write(body)

    def log_message(self, *_) -> None:
        """Nothing: pytest tells what went wrong."""


def main() -> None:
    """Serves until standard input ends. Takes the control plane's jar; else it is the one that was built here."""
    jar = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "server" / "target" / "dist" / "groundplane-server.jar"
    StandIn.installations = Installations(jar)
    server = ThreadingHTTPServer(("127.0.0.1", PORT), StandIn)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
