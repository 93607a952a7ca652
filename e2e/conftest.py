"""Fixtures that every test shares: the installation under test and clients for it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.register_assert_rewrite("host_tasks", "workload")  # so that their assertions say what they found

from halves import Parts, turn  # noqa: E402
from host_tasks import unique  # noqa: E402
from installation import ROOT, Installation  # noqa: E402
from needs import require  # noqa: E402
from waiting import eventually  # noqa: E402
from warehouses import Warehouse  # noqa: E402


def pytest_collection_modifyitems(items) -> None:
    """What takes longest begins first."""
    items.sort(key=lambda item: turn(item.nodeid))


def pytest_xdist_make_scheduler(config, log):
    """For `--dist loadfile`: a directory counts as one file."""
    return Parts(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def installation():
    """The installation that most tests share, as a fresh `up` leaves it."""
    shared = Installation()
    try:
        shared.up()
        yield shared
    finally:
        shared.remove()


@pytest.fixture
def own_installation():
    """An installation for one test alone, which may kill, deregister or otherwise break it."""
    own = Installation()
    try:
        own.up()
        yield own
    finally:
        own.remove()


@pytest.fixture(scope="session")
def ecs(installation):
    return installation.client("ecs")


@pytest.fixture(scope="session")
def logs(installation):
    return installation.client("logs")


@pytest.fixture(scope="session")
def sts(installation):
    return installation.client("sts")


@pytest.fixture(scope="session")
def s3(installation):
    return installation.client("s3")


@pytest.fixture
def bucket(s3) -> str:
    """A bucket that no other test uses."""
    name = unique("bucket")
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture(scope="session")
def secretsmanager(installation):
    return installation.client("secretsmanager")


@pytest.fixture(scope="session")
def ssm(installation):
    return installation.client("ssm")


@pytest.fixture(scope="session")
def cloudtrail(installation):
    return installation.client("cloudtrail")


@pytest.fixture
def warehouse(installation) -> Warehouse:
    """A namespace and workgroup that no other test uses."""
    own = Warehouse(installation)
    try:
        yield own
    finally:
        own.remove()


@pytest.fixture
def scratch(installation, request) -> Path:
    """A directory that the test and its tasks both may write to."""
    directory = installation.scratch / request.node.name.replace("/", "_")[:80]
    directory.mkdir()
    directory.chmod(0o1777)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def as_root() -> None:
    """For what only an agent that is root can do: other users, memory limits."""
    require(os.geteuid() == 0, "needs root: the agent changes users and sets limits only then")


@pytest.fixture(scope="session")
def market_data(tmp_path_factory) -> Path:
    """Real index history, fetched as a user fetches it."""
    directory = tmp_path_factory.mktemp("market-data")
    program = ROOT / "examples" / "airflow" / "fetch_market_data.py"
    subprocess.run([sys.executable, str(program), "--to", str(directory)], check=True, timeout=600)
    return directory


@pytest.fixture
def idle(ecs) -> None:
    """For tests that count: no task of an earlier test is left on the host."""
    for page in ecs.get_paginator("list_tasks").paginate():
        for arn in page["taskArns"]:
            ecs.stop_task(task=arn, reason="left over")
    (instance,) = ecs.list_container_instances()["containerInstanceArns"]

    def nothing_runs() -> bool:
        (machine,) = ecs.describe_container_instances(containerInstances=[instance])["containerInstances"]
        return machine["runningTasksCount"] + machine["pendingTasksCount"] == 0

    eventually(nothing_runs, "the host is idle")
