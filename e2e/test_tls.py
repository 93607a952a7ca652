"""TLS everywhere: unmodified tools verify the control plane's certificate, and who does not trust it gets nothing."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import botocore.exceptions
import pytest
from host_agent import HostAgent
from host_tasks import container, output, register, start, until_stopped
from installation import ROOT, START_SECONDS, Installation
from waiting import eventually

AWS = str(Path(sys.executable).parent / "aws")


@pytest.fixture(scope="module")
def own():
    """An installation with a certificate of its own authority."""
    own = Installation()
    try:
        own.up("--listen", "127.0.0.2", "--tls-self-signed", "--tls-name", "platform.bank.example")
        yield own
    finally:
        own.remove()


def client(installation, service: str, **changes):
    return installation.client(service, verify=installation.exported["AWS_CA_BUNDLE"], **changes)


def up(installation, *options: str) -> subprocess.CompletedProcess:
    words = [str(ROOT / "groundplane"), "up", "--detach", "--data", str(installation.data)]
    return subprocess.run(
        [*words, "--port", str(installation.port), *options], capture_output=True, text=True, timeout=START_SECONDS, check=False
    )


def test_the_exported_variables_are_all_that_tools_need(own):
    assert own.exported["AWS_ENDPOINT_URL"] == f"https://127.0.0.1:{own.port}"
    environment = own.environment()
    printed = subprocess.run([AWS, "sts", "get-caller-identity"], env=environment, capture_output=True, check=True)
    assert json.loads(printed.stdout)["Arn"].endswith(":root")
    program = "import boto3; print(len(boto3.client('ecs').list_container_instances()['containerInstanceArns']))"
    printed = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    assert printed.stdout == b"1\n"
    assert own.status()["health"] == "ok"


def test_strict_clients_are_content_with_every_name(own):
    context = ssl.create_default_context(cafile=own.exported["AWS_CA_BUNDLE"])
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    for address, name in [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "localhost"),
        ("127.0.0.2", "127.0.0.2"),
        ("127.0.0.1", "platform.bank.example"),
        ("127.0.0.1", os.uname().nodename),
    ]:
        with (
            socket.create_connection((address, own.port), timeout=60) as plain,
            context.wrap_socket(plain, server_hostname=name) as encrypted,
        ):
            assert encrypted.version() == "TLSv1.3"


def test_who_does_not_trust_the_authority_is_refused(own):
    distrusting = own.client("sts", verify=True)
    with pytest.raises(botocore.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        distrusting.get_caller_identity()


def test_there_is_no_plain_http(own):
    plain = own.client("sts", endpoint_url=f"http://127.0.0.1:{own.port}")
    with pytest.raises(botocore.exceptions.BotoCoreError):
        plain.get_caller_identity()


def test_tasks_with_a_role_are_told_whom_to_trust(own):
    """What SDKs read from the environment suffices, also for the user that host tasks run as."""
    iam, ecs = client(own, "iam"), client(own, "ecs")
    trust = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="caller", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    script = 'curl --silent --show-error --cacert "$AWS_CA_BUNDLE" "$AWS_ENDPOINT_URL/health" 2>&1'
    task = until_stopped(ecs, start(ecs, register(ecs, container(script), taskRoleArn=role))["taskArn"])
    assert output(client(own, "logs"), task) == ['{"status":"ok"}']


def test_a_further_host_joins_with_the_authority_and_not_without(own):
    activation = client(own, "ssm").create_activation(IamRole="GroundplaneInstance")
    host = HostAgent(own.directory, f"https://127.0.0.2:{own.port}", "floor2")
    try:
        host.start(activation=activation)
        host.until_said("cannot reach a control plane")
        host.until_said("unable to find valid certification path")
        host.end()
        host.start("--ca-file", own.exported["AWS_CA_BUNDLE"], activation=activation)
        assert host.until_connected(client(own, "ecs"))
    finally:
        host.remove()


def test_the_agent_follows_when_tls_is_turned_on():
    own = Installation()
    try:
        own.up()
        task = start(own.client("ecs"), register(own.client("ecs"), container("exec sleep 600")))["taskArn"]
        os.kill(own.status()["pid"], signal.SIGTERM)
        eventually(lambda: own.status()["pid"] is None, "the control plane is gone, the agent and the task go on")
        own.up("--tls-self-signed")
        del own.exported  # they are others now
        ecs = client(own, "ecs")
        eventually(
            lambda: ecs.describe_tasks(tasks=[task])["tasks"][0]["lastStatus"] == "RUNNING", "the task goes on"
        )
        assert own.status()["health"] == "ok"
    finally:
        own.remove()


@pytest.fixture
def bank(tmp_path):
    """An organisation's authority, and a function that has it issue certificates."""
    run(tmp_path, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9", "-subj", "/CN=Bank",
        "-keyout", "ca.key", "-out", "ca.pem")

    def issue(days: int = 5, names: str = "IP:127.0.0.1,DNS:localhost") -> None:
        run(tmp_path, "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=platform", "-keyout", "new.key",
            "-out", "new.csr")
        (tmp_path / "extensions").write_text(f"subjectAltName={names}\n")
        run(tmp_path, "x509", "-req", "-in", "new.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", str(days), "-extfile", "extensions", "-out", "new.pem")
        (tmp_path / "new.key").rename(tmp_path / "server.key")
        (tmp_path / "new.pem").rename(tmp_path / "server.pem")

    issue()
    return issue


def run(directory: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=directory, check=True, capture_output=True)


def test_the_organisations_certificate_is_used_and_renewed_without_a_restart(bank, tmp_path):
    own = Installation()
    try:
        files = ["--tls-certificate", str(tmp_path / "server.pem"), "--tls-key", str(tmp_path / "server.key")]
        own.up(*files, "--tls-ca", str(tmp_path / "ca.pem"))
        assert own.exported["AWS_CA_BUNDLE"] == str(tmp_path / "ca.pem")
        assert client(own, "sts").get_caller_identity()["Arn"].endswith(":root")
        first = ssl.get_server_certificate(("127.0.0.1", own.port))
        assert first.strip() == (tmp_path / "server.pem").read_text().strip()
        pid = own.status()["pid"]
        bank()
        eventually(
            lambda: ssl.get_server_certificate(("127.0.0.1", own.port)) != first, "the new one is used", pause=0.5
        )
        assert client(own, "sts").get_caller_identity()["Arn"].endswith(":root")
        assert own.status()["pid"] == pid
    finally:
        own.remove()


@pytest.mark.parametrize(
    ("spoil", "options", "complaint"),
    [
        ("expired", ["--tls-ca", "ca.pem"], "it expired on"),
        ("key", ["--tls-ca", "ca.pem"], "it is the key of another certificate"),
        ("nothing", [], "--tls-ca names the authorities"),
        ("names", ["--tls-ca", "ca.pem"], "this machine reaches itself by none of them"),
    ],
)
def test_what_cannot_work_is_said_at_the_start(bank, tmp_path, spoil, options, complaint):
    if spoil == "expired":
        bank(days=-1)
    if spoil == "key":
        run(tmp_path, "genpkey", "-algorithm", "RSA", "-out", "server.key")
    if spoil == "names":
        bank(names="IP:192.0.2.7")
    own = Installation()
    try:
        words = [str(tmp_path / word) if word.endswith(".pem") else word for word in options]
        files = ["--tls-certificate", str(tmp_path / "server.pem"), "--tls-key", str(tmp_path / "server.key")]
        refused = up(own, *files, *words)
        assert refused.returncode == 1
        assert complaint in refused.stderr
        assert str(tmp_path) in refused.stderr
    finally:
        own.remove()


def test_options_that_contradict_each_other_are_refused(own):
    for options in (["--tls-name", "a"], ["--tls-certificate", "a"], ["--tls-ca", "a"]):
        refused = up(own, *options)
        assert refused.returncode == 1
        assert options[0] in refused.stderr
