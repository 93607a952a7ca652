"""Tasks whose containers come from images, run by Podman on the host. Nothing is pulled."""

import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from host_tasks import container, container_of, output, register, start, stop_and_wait, until_running, until_stopped
from installation import Installation
from needs import require
from waiting import eventually

IMAGE = "localhost/groundplane-e2e-busybox"
BUSYBOX = Path("/bin/busybox")


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> str:
    """An image of Debian's busybox-static, imported as a user imports one."""
    present = shutil.which("podman") and shutil.which("runc") and BUSYBOX.exists() and os.geteuid() == 0
    require(bool(present), "needs root, and the packages podman, runc and busybox-static")
    root = tmp_path_factory.mktemp("image")
    for name in ("bin", "dev", "etc", "proc", "sys", "tmp"):
        (root / name).mkdir()
    shutil.copy(BUSYBOX, root / "bin" / "busybox")
    for applet in subprocess.run([BUSYBOX, "--list"], capture_output=True, text=True, check=True).stdout.split():
        if applet != "busybox":
            (root / "bin" / applet).symlink_to("busybox")
    archive = root.with_suffix(".tar")
    subprocess.run(["tar", "-C", root, "-cf", archive, "."], check=True)
    subprocess.run(["podman", "import", "--quiet", archive, IMAGE], check=True, capture_output=True, timeout=300)
    yield IMAGE
    subprocess.run(["podman", "rmi", "--force", IMAGE], check=False, capture_output=True, timeout=300)


def test_two_containers_with_logs_and_exit_codes(ecs, logs, image):
    task = start(
        ecs,
        register(
            ecs,
            container("echo first; exit 3", image=image, name="main"),
            container("echo second >&2; exit 4", image=image, name="side", essential=False),
        ),
    )
    stopped = until_stopped(ecs, task["taskArn"])
    assert container_of(stopped, "main")["exitCode"] == 3
    assert output(logs, stopped, "main") == ["first"]
    assert output(logs, stopped, "side") in ([], ["second"])


def test_a_stop_is_heard(ecs, logs, image):
    script = "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.1; done"
    task = start(ecs, register(ecs, container(script, image=image)))
    until_running(ecs, task["taskArn"])
    stopped = stop_and_wait(ecs, task["taskArn"])
    assert container_of(stopped)["exitCode"] in (0, 143, 137)


def test_more_memory_than_the_limit(ecs, image):
    script = "exec dd if=/dev/zero of=/dev/null bs=512M count=1"
    stopped = until_stopped(ecs, start(ecs, register(ecs, container(script, image=image)))["taskArn"])
    assert container_of(stopped)["exitCode"] == 137
    assert container_of(stopped)["reason"].startswith("OutOfMemoryError")


def test_a_port_of_the_host_leads_to_the_container(ecs, image):
    port = {"containerPort": 8080, "hostPort": 0, "protocol": "tcp"}
    script = "exec nc -ll -p 8080 -e echo hello"
    task = start(ecs, register(ecs, container(script, image=image, portMappings=[port]), networkMode="bridge"))
    try:
        (binding,) = container_of(until_running(ecs, task["taskArn"]))["networkBindings"]
        assert binding["containerPort"] == 8080
        line = eventually(lambda: first_line(binding["hostPort"]), "the program in the container listens")
        assert line == b"hello\n"
    finally:
        stop_and_wait(ecs, task["taskArn"])


def first_line(port: int) -> bytes:
    """What is said first at a port of this machine; nothing as long as nobody listens there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            return connection.makefile("rb").readline()
    except ConnectionError:
        return b""


def test_an_image_that_is_not_there(ecs, image):
    missing = container("true", image="localhost/no-such-image:1")
    stopped = until_stopped(ecs, start(ecs, register(ecs, missing))["taskArn"])
    assert container_of(stopped)["reason"].startswith("CannotPullContainerError: image localhost/no-such-image:1")


def test_an_agent_killed_while_a_container_runs(own_installation, image):
    ecs, logs = own_installation.client("ecs"), own_installation.client("logs")
    script = "echo before; sleep 15; echo after; exit 9"
    task = start(ecs, register(ecs, container(script, image=image)))
    until_running(ecs, task["taskArn"])
    os.kill(own_installation.status()["agentPid"], signal.SIGKILL)
    stopped = until_stopped(ecs, task["taskArn"])
    assert container_of(stopped)["exitCode"] == 9
    assert output(logs, stopped) == ["before", "after"]


def test_without_an_engine_no_image_is_placed(monkeypatch):
    monkeypatch.setenv("GROUNDPLANE_CONTAINER_ENGINE", "none")
    without = Installation()
    try:
        without.up()
        ecs = without.client("ecs")
        definition = register(ecs, container("true", image="registry.example/none:1"))
        answer = ecs.run_task(taskDefinition=definition, launchType="EXTERNAL")
        assert [one["reason"] for one in answer["failures"]] == ["ATTRIBUTE"]
    finally:
        without.remove()
