"""Two control planes on one PostgreSQL database: any of them serves, and each goes on when the other is gone."""

import json
import os
import threading
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from host_agent import HostAgent
from host_tasks import container, container_of, output, register, unique, until_stopped
from installation import Installation
from needs import require
from postgres import BINARIES, PostgresCluster
from processes import kill
from waiting import eventually

TASKS = 8
LINES = 40
HOST = "floor2"
SCRIPT = f"""
echo start >> "$TRACE"
line=1
while [ $line -le {LINES} ]; do
  echo "line $line"
  line=$((line + 1))
  sleep 0.1
done
echo end >> "$TRACE"
"""


@pytest.fixture(scope="module")
def cluster():
    require(BINARIES is not None, "needs PostgreSQL: sudo apt-get install postgresql")
    made = PostgresCluster()
    yield made
    made.remove()


@pytest.fixture(scope="module")
def replicas(cluster):
    """The first makes the installation and its key, the second is given the key and the directory of objects."""
    first, second = Installation(), Installation()
    try:
        first.up("--database", cluster.url, "--objects", str(first.directory / "objects"))
        second.up("--database", cluster.url, *shared(first))
        yield first, second
    finally:
        second.remove()
        first.remove()


def test_one_is_killed_while_tasks_run_and_calls_go_on(replicas):
    first, second = replicas
    ecs = second.client("ecs")
    definition = register(ecs, container(SCRIPT))
    activation = first.client("ssm").create_activation(IamRole="GroundplaneInstance")
    agent = HostAgent(first.directory, first.endpoint, HOST)
    calls = Calls(second)
    try:
        agent.start("--endpoint", second.endpoint, activation=activation)
        eventually(lambda: connected(ecs), f"{HOST} is connected")
        # asked for at one control plane, run by an agent that is connected to the other
        traces = [first.scratch / f"before-{number}" for number in range(TASKS)]
        arns = [run(ecs, definition, trace) for trace in traces]
        eventually(lambda: all(trace.exists() for trace in traces), "every task has started")
        calls.start()

        kill(first.status()["pid"])
        agent.until_said(f"trying {second.endpoint}")
        traces += [first.scratch / f"after-{number}" for number in range(TASKS)]
        arns += [run(ecs, definition, trace) for trace in traces[TASKS:]]

        logs = second.client("logs")
        for trace, arn in zip(traces, arns):
            task = until_stopped(ecs, arn)
            assert trace.read_text().split() == ["start", "end"]
            assert container_of(task)["exitCode"] == 0
            assert output(logs, task) == [f"line {number}" for number in range(1, LINES + 1)]
        eventually(lambda: calls.answered > 10 or calls.failures, "calls are answered")
        assert calls.stop() == []
        first.up()  # where its state is, its directory knows
        for installation in replicas:
            found = installation.client("ecs").describe_tasks(tasks=arns)["tasks"]
            assert [task["lastStatus"] for task in found] == ["STOPPED"] * len(arns)
    finally:
        calls.stop()
        agent.remove()


def test_what_one_acknowledges_the_other_shows_at_once(replicas):
    writer, reader = (installation.client("ssm") for installation in replicas)
    name = unique("/parameter")
    for value in map(str, range(50)):
        writer.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=value != "0")
        assert reader.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] == value


def test_a_text_that_the_database_cannot_keep_is_refused(replicas):
    with pytest.raises(ClientError) as refused:
        replicas[0].client("secretsmanager").describe_secret(SecretId="before\0after")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert "U+0000" in refused.value.response["Error"]["Message"]


def test_each_control_plane_has_a_chain_of_its_own_and_both_show_all(replicas, cluster):
    name = unique("chained")
    for installation in replicas:
        installation.client("ecs").create_cluster(clusterName=f"{name}-{installation.port}")
    for installation in replicas:
        trail = installation.client("cloudtrail")
        for other in replicas:
            key = {"AttributeKey": "ResourceName", "AttributeValue": arn(other, f"{name}-{other.port}")}
            assert len(trail.lookup_events(LookupAttributes=[key])["Events"]) == 1
    assert len(cluster.rows("SELECT DISTINCT chain FROM audit")) == 2


def test_objects_of_one_are_read_at_the_other(replicas):
    writer, reader = (installation.client("s3") for installation in replicas)
    bucket = unique("shared")
    writer.create_bucket(Bucket=bucket)
    content = os.urandom(6 << 20)
    upload = writer.create_multipart_upload(Bucket=bucket, Key="both", ChecksumAlgorithm="CRC32")["UploadId"]
    parts = []
    for number, (client, part) in enumerate(((writer, content), (reader, b"the end")), start=1):
        stored = client.upload_part(
            Bucket=bucket, Key="both", UploadId=upload, PartNumber=number, Body=part, ChecksumAlgorithm="CRC32"
        )
        parts.append({"PartNumber": number, "ETag": stored["ETag"], "ChecksumCRC32": stored["ChecksumCRC32"]})
    reader.complete_multipart_upload(
        Bucket=bucket, Key="both", UploadId=upload, MultipartUpload={"Parts": parts}
    )
    for client in (writer, reader):
        assert client.get_object(Bucket=bucket, Key="both")["Body"].read() == content + b"the end"
        assert [found["Key"] for found in client.list_objects_v2(Bucket=bucket)["Contents"]] == ["both"]
    writer.delete_object(Bucket=bucket, Key="both")
    assert reader.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_each_verifies_the_whole_trail(replicas):
    for installation in replicas:
        installation.client("ecs").create_cluster(clusterName=unique("verified"))
    for installation in replicas:
        report = json.loads(installation.run("audit", "verify", "--json"))
        assert report["intact"], report
        assert report["chains"] == 2


def test_what_somebody_does_to_another_ones_records_is_found(replicas, cluster):
    first, second = replicas
    second.client("ecs").create_cluster(clusterName=unique("tampered"))
    ((seq, body),) = cluster.rows(
        "SELECT seq, body FROM audit WHERE event_name = 'CreateCluster' ORDER BY seq DESC LIMIT 1"
    )
    try:
        cluster.rows(f"UPDATE audit SET body = replace(body, 'CreateCluster', 'DeleteCluster') WHERE seq = {seq}")
        with pytest.raises(AssertionError, match=f"record {seq} .*the hash does not fit"):
            first.run("audit", "verify")
    finally:
        cluster.rows(f"UPDATE audit SET body = $body${body}$body$ WHERE seq = {seq}")


def test_a_directory_without_the_objects_is_refused(replicas, cluster):
    stranger = Installation()
    try:
        key = ("--secret-key-file", str(replicas[0].data / "secret.key"))
        with pytest.raises(AssertionError, match="name it with --objects"):
            stranger.up("--database", cluster.url, *key)
        stranger.up("--database", cluster.url, *shared(replicas[0]))
    finally:
        stranger.remove()


def test_a_directory_without_the_key_is_refused(replicas, cluster):
    stranger = Installation()
    try:
        with pytest.raises(AssertionError, match="copy it from another control plane"):
            stranger.up("--database", cluster.url)
        with pytest.raises(AssertionError, match="everyone can see command lines"):
            stranger.up("--database", cluster.url + "&password=secret")
    finally:
        stranger.remove()


def test_a_database_that_starts_again_is_found_again(replicas, cluster):
    cluster.stop()
    try:
        for installation in replicas:
            client = installation.client("ecs")
            with pytest.raises(client.exceptions.ClientError, match="ServiceUnavailable"):
                client.list_clusters()
    finally:
        cluster.start()
    for installation in replicas:
        client = installation.client("ecs")
        assert client.list_clusters()["clusterArns"]
        client.create_cluster(clusterName=unique("again"))


def shared(first: Installation) -> tuple[str, ...]:
    """What a further control plane is told of the first one's."""
    return ("--secret-key-file", str(first.data / "secret.key"), "--objects", str(first.directory / "objects"))


class Calls:
    """Calls of a control plane, one after the other, until they are told to stop."""

    def __init__(self, installation: Installation) -> None:
        self.ecs = installation.client("ecs")
        self.answered = 0
        self.failures: list[str] = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._call, daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> list[str]:
        """What failed."""
        self.ended.set()
        if self.thread.is_alive():
            self.thread.join(timeout=60)
        return self.failures

    def _call(self) -> None:
        while not self.ended.is_set():
            try:
                self.ecs.create_cluster(clusterName=f"calls-{self.answered}")
                self.ecs.list_clusters()
                self.answered += 1
            except Exception as failure:  # whatever it is, the test shows it
                self.failures.append(str(failure))


def run(ecs, definition: str, trace: Path) -> str:
    """Runs the task that writes to the trace, on the further host, which takes none between its connections."""
    environment = [{"name": "TRACE", "value": str(trace)}]

    def placed() -> list[dict]:
        return ecs.run_task(
            taskDefinition=definition,
            launchType="EXTERNAL",
            overrides={"containerOverrides": [{"name": "main", "environment": environment}]},
            placementConstraints=[{"type": "memberOf", "expression": f"attribute:groundplane.name == {HOST}"}],
        )["tasks"]

    (task,) = eventually(placed, f"{HOST} takes a task")
    return task["taskArn"]


def connected(ecs) -> list[str]:
    query = f"attribute:groundplane.name == {HOST} and agentConnected == true"
    return ecs.list_container_instances(filter=query)["containerInstanceArns"]


def arn(installation: Installation, cluster: str) -> str:
    account = installation.client("sts").get_caller_identity()["Account"]
    return f"arn:aws:ecs:us-east-1:{account}:cluster/{cluster}"
