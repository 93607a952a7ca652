"""Hosts that are cut off, killed or full, with real tasks on them: nothing is lost, nothing runs twice.

Each test does its fault GROUNDPLANE_FAULT_ROUNDS times (2 unless set); `./groundplane bench soak` sets 100.
"""

import os
import signal
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from host_agent import HostAgent
from host_network import HostNetwork
from host_tasks import container, describe, output, register, start, unique, until_running, until_stopped
from installation import Installation
from log_outage import LogOutage
from needs import require
from processes import kill
from waiting import eventually
from workload import Workload

ROUNDS = int(os.environ.get("GROUNDPLANE_FAULT_ROUNDS", "2"))

pytestmark = pytest.mark.usefixtures("as_root")


class Ground:
    """An installation and a further host behind a cable of its own."""

    def __init__(self, host_lost_after: str = "5m") -> None:
        self.host_lost_after = host_lost_after
        self.network = HostNetwork()
        self.installation = Installation()
        self.host: HostAgent | None = None
        self.options = ["--listen", self.network.address]
        try:
            self._begin()
        except BaseException:
            self.remove()
            raise

    def _begin(self) -> None:
        self.up()
        self.ecs = self.installation.client("ecs")
        self.logs = self.installation.client("logs")
        self.host = self.further_host("far", f"http://{self.network.address}:{self.installation.port}")
        self.host.prefix = self.network.prefix
        self.join(self.host)

    def up(self) -> None:
        self.installation.up("--host-lost-after", self.host_lost_after, *self.options)

    def further_host(self, name: str, endpoint: str) -> HostAgent:
        return HostAgent(self.installation.directory, endpoint, name)

    def join(self, host: HostAgent, **fields) -> None:
        host.join(self.installation, **fields)

    def until_connected(self, host: HostAgent) -> None:
        host.until_connected(self.ecs)

    def workload(self, count: int = 10, lines: int = 20, pause: float = 0.1, host: str | None = "far") -> Workload:
        return Workload(self.ecs, self.logs, self.installation.scratch, count, lines, pause, host)

    def remove(self) -> None:
        try:
            if self.host is not None:
                self.host.remove()
            self.installation.remove()
        finally:
            self.network.remove()


@pytest.fixture(scope="module")
def ground():
    require(os.geteuid() == 0, "needs root: hosts get networks of their own")
    own = Ground()
    try:
        yield own
    finally:
        own.remove()


@pytest.fixture
def impatient_ground():
    """One that takes a host for lost after some seconds."""
    own = Ground(host_lost_after="10s")
    try:
        yield own
    finally:
        own.remove()


@pytest.fixture(params=range(ROUNDS), ids=lambda number: f"round-{number + 1}")
def round_number(request) -> int:
    """One of the rounds that each fault is tried for."""
    return request.param


def test_agent_killed_while_tasks_run_and_end(ground, round_number):
    running = ground.workload(lines=60)
    ending = ground.workload(lines=10)
    for workload in (running, ending):
        workload.run().until_begun()
    ground.host.end(signal.SIGKILL)
    ending.until_ended_on_host()
    ground.host.start()
    ground.until_connected(ground.host)
    ending.verify()
    running.verify()


def test_control_plane_killed_with_200_tasks_in_flight(ground, round_number):
    workload = ground.workload(count=200, lines=5, pause=2, host=None).run()
    kill(ground.installation.status()["pid"])
    ground.up()
    workload.run()
    workload.verify()
    ground.until_connected(ground.host)


def test_both_ends_restarted_at_once(ground, round_number):
    workload = ground.workload().run()
    kill(ground.installation.status()["pid"])
    ground.host.end(signal.SIGKILL)
    ground.host.start()
    ground.up()
    ground.until_connected(ground.host)
    workload.verify()


def test_cut_off_for_a_minute_a_host_keeps_its_service_and_its_tasks(ground, round_number):
    """The service's container fails while nobody can be told, and is started again on the host."""
    place = ground.installation.scratch / unique("kept")
    place.mkdir()
    place.chmod(0o777)  # without the sticky bit: the task's user removes what the test leaves there
    trace, fail = place / "trace", place / "fail"
    script = f"echo run >> {trace}; echo up; while ! [ -e {fail} ]; do sleep 0.2; done; rm {fail}; echo down; exit 1"
    service = unique("service")
    ground.ecs.create_service(
        serviceName=service,
        taskDefinition=register(ground.ecs, container(script)),
        desiredCount=1,
        launchType="EXTERNAL",
        placementConstraints=[{"type": "memberOf", "expression": "attribute:groundplane.name == far"}],
    )
    (before,) = eventually(lambda: running_tasks(ground, service), "the service's task runs")
    ended, kept = ground.workload(lines=10).run(), ground.workload(lines=70, pause=1).run()
    kept.until_begun()
    ended.until_begun()
    eventually(lambda: runs(trace) == 1, "the service's container has begun")

    ground.network.cut()
    try:
        for failure in range(2, 5):
            fail.touch()
            eventually(lambda: runs(trace) == failure, f"run {failure} on the host that is cut off")
        ended.until_ended_on_host()
        eventually(lambda: not ground.host.connected(ground.ecs), "the control plane misses the host")
    finally:
        ground.network.mend()
    ground.until_connected(ground.host)
    ended.verify()
    kept.verify()

    after = eventually(lambda: running_tasks(ground, service), "the service's task runs")
    assert after == [before], "the same task, which nobody had to replace"
    ground.ecs.delete_service(service=service, force=True)


def runs(trace) -> int:
    return len(trace.read_text().split()) if trace.exists() else 0


def running_tasks(ground, service: str) -> list[str]:
    """The service's tasks, once all that should run do."""
    arns = ground.ecs.list_tasks(serviceName=service)["taskArns"]
    if not arns:
        return []
    tasks = ground.ecs.describe_tasks(tasks=arns)["tasks"]
    return [task["taskArn"] for task in tasks if task["lastStatus"] == "RUNNING"]


def test_a_lost_hosts_service_moves_and_its_stale_copies_stop(impatient_ground, round_number):
    ground = impatient_ground
    service = unique("service")
    traces = ground.installation.scratch / unique("moved")
    traces.mkdir(mode=0o777)
    traces.chmod(0o777)
    script = f"trap 'echo stopped >> {traces}/$$-stopped; exit 0' TERM; touch {traces}/$$; while :; do sleep 0.2; done"
    ground.ecs.create_service(
        serviceName=service,
        taskDefinition=register(ground.ecs, container(script, stopTimeout=5)),
        desiredCount=2,
        launchType="EXTERNAL",
        placementStrategy=[{"type": "spread", "field": "instanceId"}],
    )
    before = eventually(lambda: len(found := running_tasks(ground, service)) == 2 and found, "two tasks run")
    hosts = {task["containerInstanceArn"]: task["taskArn"] for task in ground.ecs.describe_tasks(tasks=before)["tasks"]}
    assert len(hosts) == 2, "spread over both hosts"
    far = ground.ecs.list_container_instances(filter="attribute:groundplane.name == far")["containerInstanceArns"][0]
    lost = hosts[far]

    ground.network.cut()
    try:
        moved = eventually(
            lambda: len(found := running_tasks(ground, service)) == 2 and lost not in found and found,
            "the lost host's task runs elsewhere",
        )
        assert describe(ground.ecs, lost)["lastStatus"] == "STOPPED"
        assert list(traces.glob("*-stopped")) == []
    finally:
        ground.network.mend()
    ground.until_connected(ground.host)
    eventually(lambda: len(list(traces.glob("*-stopped"))) == 1, "the stale copy on the host is stopped")
    assert sorted(running_tasks(ground, service)) == sorted(moved)
    ground.ecs.delete_service(service=service, force=True)


def test_the_log_service_is_away_while_tasks_start(ground, round_number):
    gateway = LogOutage("127.0.0.1", ground.installation.port)
    host = ground.further_host(unique("quiet"), gateway.endpoint)
    try:
        ground.join(host)
        gateway.away.set()
        workload = ground.workload(host=host.name).run()
        workload.until_ended_on_host()
        assert gateway.refused > 0
        gateway.away.clear()
        workload.verify()
    finally:
        host.remove()
        gateway.close()


def test_the_agents_disk_is_full(ground, round_number):
    host = ground.further_host(unique("full"), f"http://127.0.0.1:{ground.installation.port}")
    host.data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=711", "tmpfs", str(host.data)], check=True)
    try:
        ground.join(host)
        before = ground.workload(count=3, host=host.name).run()
        before.until_begun()
        before.until_ended_on_host()
        with no_space_in(host.data):
            during = ground.workload(count=3, lines=3, host=host.name).run()
            before.verify()
            host.until_said("No space left on device")
        for arn, trace in zip(during.arns, during.traces):
            ends_cleanly(ground, arn, trace)
        ground.workload(count=3, lines=3, host=host.name).run().verify()
    finally:
        host.remove()
        subprocess.run(["umount", "--lazy", str(host.data)], check=True)


@contextmanager
def no_space_in(directory: Path):
    """Fills a small file system and takes what comes free, such as by a task that has ended, as long as the block runs."""
    over = threading.Event()
    full = threading.Event()

    def fill() -> None:
        while not over.wait(0.001):
            try:
                while ballast.write(b"x" * 4096):
                    pass
            except OSError:
                full.set()

    with (directory / "ballast").open("wb", buffering=0) as ballast:
        filler = threading.Thread(target=fill)
        filler.start()
        try:
            assert full.wait(60)
            yield
        finally:
            over.set()
            filler.join()
            ballast.truncate(0)


def ends_cleanly(ground, arn: str, trace) -> None:
    """A task that came while there was no space runs once, or does not run and says why."""
    task = until_stopped(ground.ecs, arn)
    if trace.exists():
        assert trace.read_text().split() == ["start", "end"]
    else:
        assert task["stopCode"] == "TaskFailedToStart"
        assert "No space left on device" in task["stoppedReason"]


def test_a_hosts_clock_is_an_hour_off(ground, round_number):
    host = ground.further_host(unique("late"), f"http://127.0.0.1:{ground.installation.port}")
    try:
        ground.join(host, extra={"JDK_JAVA_OPTIONS": "-Dgroundplane.agent.clock-offset=PT-1H"})
        ground.workload(count=3, host=host.name).run().verify()
    finally:
        host.remove()


def test_what_a_stopped_agent_left_goes_on_without_it(ground, round_number):
    go = ground.installation.scratch / unique("go")
    task = start(
        ground.ecs,
        register(ground.ecs, container(f"echo one; until [ -e {go} ]; do sleep 0.2; done; echo two; exit 9")),
        placementConstraints=[{"type": "memberOf", "expression": "attribute:groundplane.name == far"}],
    )
    until_running(ground.ecs, task["taskArn"])
    ground.host.end(signal.SIGTERM)
    go.touch()
    ground.host.start()
    stopped = until_stopped(ground.ecs, task["taskArn"])
    assert stopped["containers"][0]["exitCode"] == 9
    assert output(ground.logs, stopped) == ["one", "two"]
