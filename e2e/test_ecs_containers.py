"""What the containers of a task see and how they end, on the `host` driver."""

from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from host_tasks import container, container_of, finish, output, register, start, start_script, until_stopped
from waiting import eventually


def run(ecs, *containers: dict, **fields) -> dict:
    """Runs a task of several containers to its end."""
    return until_stopped(ecs, start(ecs, register(ecs, *containers, **fields))["taskArn"])


def after(name: str, condition: str) -> list[dict]:
    return [{"containerName": name, "condition": condition}]


def test_arguments_reach_the_program_untouched(ecs, logs):
    words = ["a b", "", "c'd\"e", "$HOME", "ü", "*"]
    task = finish(ecs, "", entryPoint=["/usr/bin/printf", "[%s]\\n"], command=words)
    assert output(logs, task) == [f"[{word}]" for word in words]


def test_environment_is_what_was_asked_for_and_holds_no_secret_of_ours(ecs, logs, installation):
    task = finish(ecs, "env", environment=[{"name": "DESK", "value": "rates and more"}, {"name": "EMPTY", "value": ""}])
    lines = output(logs, task)
    assert "DESK=rates and more" in lines and "EMPTY=" in lines
    text = "\n".join(lines)
    assert installation.exported["AWS_SECRET_ACCESS_KEY"] not in text
    assert installation.exported["AWS_ACCESS_KEY_ID"] not in text


def test_working_directory(ecs, logs, scratch):
    assert output(logs, finish(ecs, "pwd", workingDirectory=str(scratch))) == [str(scratch)]


def test_both_streams_and_a_last_line_without_end(ecs, logs):
    task = finish(ecs, "echo out; sleep 0.2; echo err >&2; sleep 0.2; printf last")
    assert output(logs, task) == ["out", "err", "last"]


def test_many_lines_at_once(ecs, logs):
    assert output(logs, finish(ecs, "seq 1 20000")) == [str(number) for number in range(1, 20001)]


def test_odd_bytes_do_no_harm(ecs, logs):
    task = finish(ecs, r"printf 'gr\303\274n\n\377\376 raw\nend\n'")
    lines = output(logs, task)
    assert lines[0] == "grün" and lines[1].endswith(" raw") and lines[2:] == ["end"]


def test_the_task_runs_as_an_unprivileged_user(ecs, logs, as_root):
    assert output(logs, finish(ecs, "id -un")) == ["groundplane"]


def test_the_task_cannot_read_what_the_platform_keeps(ecs, logs, installation, as_root):
    files = "-type f \\( -name '*.db*' -o -name '*credential*' \\)"
    script = f"find {installation.data} -readable {files} 2>/dev/null; echo done"
    assert output(logs, finish(ecs, script)) == ["done"]


def test_another_user_is_not_had_for_the_asking(ecs, as_root):
    try:
        task = finish(ecs, "id -u", user="root")
    except ClientError as refused:
        assert "user" in str(refused)
    else:
        assert task["stopCode"] == "TaskFailedToStart"


def test_too_much_memory_ends_the_task(ecs, as_root):
    eat = "exec awk 'BEGIN { text = \"x\"; while (length(text) < 400000000) text = text text }'"
    task = finish(ecs, eat, memory=64)
    assert container_of(task)["exitCode"] == 137
    assert container_of(task)["reason"].startswith("OutOfMemoryError")
    assert task["stopCode"] == "EssentialContainerExited"


def test_a_host_volume(ecs, logs, scratch, as_root):
    outside, inside = scratch / "outside", scratch / "inside"
    for directory in (outside, inside):
        directory.mkdir()
        directory.chmod(0o1777)
    (outside / "input").write_text("from the host\n")
    definition = register(
        ecs,
        container(
            f"cat {inside}/input; echo from the task > {inside}/output",
            mountPoints=[{"sourceVolume": "data", "containerPath": str(inside)}],
        ),
        volumes=[{"name": "data", "host": {"sourcePath": str(outside)}}],
    )
    task = until_stopped(ecs, start(ecs, definition)["taskArn"])
    assert container_of(task).get("exitCode") == 0
    assert output(logs, task) == ["from the host"]
    assert (outside / "output").read_text() == "from the task\n"


def test_a_read_only_volume(ecs, logs, scratch, as_root):
    outside, inside = scratch / "outside", scratch / "inside"
    for directory in (outside, inside):
        directory.mkdir()
        directory.chmod(0o1777)
    definition = register(
        ecs,
        container(
            f"echo no > {inside}/output || echo refused",
            mountPoints=[{"sourceVolume": "data", "containerPath": str(inside), "readOnly": True}],
        ),
        volumes=[{"name": "data", "host": {"sourcePath": str(outside)}}],
    )
    task = until_stopped(ecs, start(ecs, definition)["taskArn"])
    assert output(logs, task)[-1] == "refused"
    assert list(outside.iterdir()) == []


def test_a_container_that_is_not_essential_may_end(ecs, logs, scratch):
    ending = scratch / "ending"
    task = run(
        ecs,
        container(f"touch {ending}; exit 4", name="side", essential=False),
        container(f"until [ -e {ending} ]; do sleep 0.05; done; sleep 1; echo still here", name="main"),
    )
    assert container_of(task, "side")["exitCode"] == 4 and container_of(task, "main")["exitCode"] == 0
    assert output(logs, task, "main") == ["still here"]


def test_an_essential_container_takes_the_others_along(ecs):
    task = run(
        ecs,
        container("exit 6", name="main"),
        container("sleep 300", name="other", stopTimeout=5),
    )
    assert task["stopCode"] == "EssentialContainerExited"
    assert container_of(task, "main")["exitCode"] == 6
    assert container_of(task, "other")["exitCode"] in (137, 143)


def test_start_waits_for_the_start_only(ecs, scratch):
    flag = scratch / "flag"
    task = run(
        ecs,
        container(f"until [ -e {flag} ]; do sleep 0.05; done", name="first"),
        container(f"touch {flag}; sleep 300", name="second", dependsOn=after("first", "START"), essential=False,
                  stopTimeout=2),
    )
    assert container_of(task, "first")["exitCode"] == 0


@pytest.mark.parametrize(("condition", "code"), [("COMPLETE", 0), ("COMPLETE", 5), ("SUCCESS", 0)])
def test_waiting_for_the_end_of_another(ecs, scratch, condition, code):
    trace = scratch / "trace"
    task = run(
        ecs,
        container(f"sleep 0.5; echo first >> {trace}; exit {code}", name="first", essential=False),
        container(f"echo second >> {trace}", name="second", dependsOn=after("first", condition)),
    )
    assert container_of(task, "first")["exitCode"] == code and container_of(task, "second")["exitCode"] == 0
    assert trace.read_text().split() == ["first", "second"]


def test_success_is_not_had_by_failing(ecs, scratch):
    task = run(
        ecs,
        container("exit 5", name="first", essential=False),
        container(f"touch {scratch}/ran", name="second", dependsOn=after("first", "SUCCESS")),
    )
    assert container_of(task, "first")["exitCode"] == 5
    assert "exitCode" not in container_of(task, "second")
    assert not (scratch / "ran").exists()


def test_start_timeout_gives_up(ecs, scratch):
    task = run(
        ecs,
        container("sleep 300", name="first", essential=False, startTimeout=2, stopTimeout=2),
        container(f"touch {scratch}/ran", name="second", dependsOn=after("first", "COMPLETE")),
    )
    assert task["lastStatus"] == "STOPPED"
    assert not (scratch / "ran").exists() and "exitCode" not in container_of(task, "second")


@pytest.mark.parametrize("condition", ["COMPLETE", "SUCCESS"])
def test_the_end_of_an_essential_container_is_nothing_to_wait_for(ecs, condition):
    with pytest.raises(ClientError) as caught:
        register(
            ecs,
            container("true", name="first"),
            container("true", name="second", dependsOn=after("first", condition)),
        )
    assert caught.value.response["Error"]["Code"] in ("ClientException", "InvalidParameterException")


def test_nothing_of_a_task_is_left_running(ecs, scratch, as_root):
    # the grandchild ignores SIGTERM and has a session of its own; only a process namespace or cgroup ends it
    loop = f"trap '' TERM; touch {scratch}/up; while :; do sleep 0.1; done"
    script = f'setsid sh -c "{loop}" & until [ -e {scratch}/up ]; do sleep 0.05; done'
    until_stopped(ecs, start_script(ecs, script, stopTimeout=2)["taskArn"])
    assert (scratch / "up").exists()
    eventually(lambda: not processes_mentioning(f"{scratch}/up"), "the grandchild is gone")


def processes_mentioning(text: str) -> list[str]:
    """The processes of this machine that have the text in their command line."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if text in (process / "cmdline").read_text(errors="replace"):
                found.append(process.name)
        except OSError:
            continue  # it ended meanwhile
    return found
