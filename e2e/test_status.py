"""`status` as a person and as a script read it: what is wrong, and what to do about it."""

import json
import os
import signal
import subprocess
import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest
from host_agent import HostAgent
from host_tasks import container, register
from installation import COMMAND_SECONDS, ROOT
from waiting import eventually


def status(installation) -> tuple[int, str]:
    """The exit status and what a person reads."""
    words = [str(ROOT / "groundplane"), "status", "--data", str(installation.data)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False)
    return done.returncode, done.stdout


def problems(installation) -> list[str]:
    return [problem["what"] for problem in installation.status()["problems"]]


def test_when_all_is_well_it_says_so_and_exits_with_0(own_installation):
    code, text = status(own_installation)
    assert code == 0
    assert "health         ok" in text
    assert "problem" not in text
    facts = own_installation.status()
    assert facts["problems"] == []
    assert facts["databaseBytes"] > 0
    assert facts["freeBytes"] > 0
    (host,) = facts["report"]["hosts"]
    assert (host["cluster"], host["connected"]) == ("default", True)
    assert host["name"] in text
    assert facts["report"]["auditRecords"] > 0


def test_a_host_that_is_away_and_a_service_that_is_short_are_named(own_installation):
    own = own_installation
    ecs = own.client("ecs")
    host = HostAgent(own.directory, own.endpoint, "floor2")
    arn = host.join(own)
    host.end(signal.SIGKILL)
    definition = register(ecs, {**container("exec sleep 600"), "memory": 10_000_000})
    ecs.create_service(serviceName="large", taskDefinition=definition, launchType="EXTERNAL", desiredCount=2)

    eventually(lambda: len(problems(own)) == 2, "both are told", seconds=240, pause=2)
    away, short = own.status()["problems"]
    assert away["what"].startswith("the agent of host floor2 (cluster default) is disconnected since 20")
    assert arn.rsplit("/", 1)[-1] in away["todo"]
    assert short["what"].startswith("service large (cluster default) runs 0 of 2 tasks: (service large) was unable to place")
    code, text = status(own)
    assert code == 1
    assert "health         degraded" in text
    assert away["what"] in text
    assert short["todo"] in text

    words = away["todo"].split("aws ecs ")[1].split()
    assert words[0] == "deregister-container-instance"
    ecs.deregister_container_instance(cluster=words[words.index("--cluster") + 1], force=True,
                                      containerInstance=words[words.index("--container-instance") + 1])  # fmt: skip
    ecs.delete_service(service="large", force=True)
    eventually(lambda: problems(own) == [], "what was told to do helps")


def test_a_trail_that_cannot_deliver_is_told(own_installation):
    own = own_installation
    own.down()
    own.up("--trail-log-file-every", "1s")
    s3, cloudtrail = own.client("s3"), own.client("cloudtrail")
    account = own.client("sts").get_caller_identity()["Account"]
    s3.create_bucket(Bucket="records")
    service = {"Service": "cloudtrail.amazonaws.com"}
    s3.put_bucket_policy(Bucket="records", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": service, "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::records"},
        {"Effect": "Allow", "Principal": service, "Action": "s3:PutObject",
         "Resource": f"arn:aws:s3:::records/AWSLogs/{account}/*"},
    ]}))  # fmt: skip
    cloudtrail.create_trail(Name="all", S3BucketName="records")
    cloudtrail.start_logging(Name="all")
    s3.delete_bucket_policy(Bucket="records")
    own.client("ecs").create_cluster(clusterName="a")
    (told,) = eventually(lambda: problems(own), "the trail is told", pause=1)
    assert "trail/all cannot deliver to the bucket records" in told


def test_a_database_of_before_is_told(own_installation, tmp_path):
    own = own_installation
    own.down()
    kept = (own.data / "groundplane.db").read_bytes()
    own.up()
    own.client("ecs").create_cluster(clusterName="a")
    own.down()
    (own.data / "groundplane.db").write_bytes(kept)
    for name in ("groundplane.db-wal", "groundplane.db-shm"):
        (own.data / name).unlink(missing_ok=True)
    own.up()
    assert any("audit-checkpoint is of another or a later state" in what for what in problems(own))


def test_what_does_not_run_is_told(own_installation):
    own = own_installation
    os.kill(own.status()["pid"], signal.SIGKILL)
    eventually(lambda: own.status()["health"] == "down", "it is down")
    assert "the control plane is not running" in problems(own)
    assert status(own)[0] == 1


def test_a_certificate_that_ends_soon_is_told(own_installation, tmp_path):
    own = own_installation
    own.down()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "5", "-subj", "/CN=platform",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "server.pem"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    server, key = str(tmp_path / "server.pem"), str(tmp_path / "key.pem")
    own.up("--tls-certificate", server, "--tls-key", key, "--tls-ca", server)
    (told,) = problems(own)
    assert told.startswith("the certificate for TLS expires on 20")
    expires = datetime.fromisoformat(own.status()["report"]["certificateExpires"])
    assert 3 < (expires - datetime.now(UTC)).days < 6


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_the_report_is_for_who_has_the_token(installation, headers):
    request = urllib.request.Request(f"{installation.endpoint}/status", headers=headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=60)
    assert refused.value.code == 401
