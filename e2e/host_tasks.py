"""Short ways to run tasks on the registered host and to see what became of them."""

import uuid

from waiting import eventually

LOG_GROUP = "/e2e/tasks"
STREAM_PREFIX = "e2e"


def unique(prefix: str) -> str:
    """A name that no other test uses."""
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def container(script: str, **fields) -> dict:
    """A container definition: a shell script as a process on the host, its output in CloudWatch Logs."""
    return {
        "name": "main",
        "image": "host",
        "cpu": 16,
        "memory": 64,
        "entryPoint": ["/bin/sh", "-c"],
        "command": [script],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": LOG_GROUP,
                "awslogs-region": "us-east-1",
                "awslogs-stream-prefix": STREAM_PREFIX,
                "awslogs-create-group": "true",
            },
        },
        **fields,
    }


def register(ecs, *containers: dict, **fields) -> str:
    """Registers a task definition in a family of its own and returns its ARN."""
    answer = ecs.register_task_definition(
        family=fields.pop("family", None) or unique("family"),
        requiresCompatibilities=["EXTERNAL"],
        containerDefinitions=list(containers),
        **fields,
    )
    return answer["taskDefinition"]["taskDefinitionArn"]


def start(ecs, task_definition: str, **fields) -> dict:
    """Runs one task, which must be placed, and returns it as RunTask does."""
    answer = ecs.run_task(taskDefinition=task_definition, launchType="EXTERNAL", **fields)
    assert answer["failures"] == []
    (task,) = answer["tasks"]
    return task


def start_script(ecs, script: str, **fields) -> dict:
    """Registers and runs a script; fields go into its container definition."""
    return start(ecs, register(ecs, container(script, **fields)))


def describe(ecs, task_arn: str) -> dict:
    """The one task of that ARN."""
    answer = ecs.describe_tasks(tasks=[task_arn], include=["TAGS"])
    assert answer["failures"] == []
    (task,) = answer["tasks"]
    return task


def until_running(ecs, task_arn: str) -> dict:
    """Waits with AWS's own waiter until the task runs."""
    ecs.get_waiter("tasks_running").wait(tasks=[task_arn], WaiterConfig={"Delay": 0.1, "MaxAttempts": 1200})
    return describe(ecs, task_arn)


def until_stopped(ecs, task_arn: str, seconds: float = 120) -> dict:
    """Waits with AWS's own waiter until the task has stopped."""
    ecs.get_waiter("tasks_stopped").wait(
        tasks=[task_arn], WaiterConfig={"Delay": 0.1, "MaxAttempts": int(seconds * 10)}
    )
    return describe(ecs, task_arn)


def finish(ecs, script: str, **fields) -> dict:
    """Runs a script to its end and returns the stopped task."""
    return until_stopped(ecs, start_script(ecs, script, **fields)["taskArn"])


def container_of(task: dict, name: str = "main") -> dict:
    """The container of that name."""
    (found,) = [one for one in task["containers"] if one["name"] == name]
    return found


def output(logs, task: dict, name: str = "main") -> list[str]:
    """Every line that a container of a stopped task wrote, in order."""
    stream = f"{STREAM_PREFIX}/{name}/{task['taskArn'].rsplit('/', 1)[-1]}"
    lines, token = [], None
    while True:
        page = logs.get_log_events(
            logGroupName=LOG_GROUP,
            logStreamName=stream,
            startFromHead=True,
            **({"nextToken": token} if token else {}),
        )
        lines += [event["message"] for event in page["events"]]
        if page["nextForwardToken"] == token:
            return lines
        token = page["nextForwardToken"]


def stop_and_wait(ecs, task_arn: str) -> dict:
    """Stops a task that a test no longer needs."""
    ecs.stop_task(task=task_arn, reason="the test is over")
    return until_stopped(ecs, task_arn)


def until_file(path, text: str, seconds: float = 120) -> None:
    """Waits until a file that a task writes contains the text."""
    eventually(lambda: path.exists() and text in path.read_text(), f"{text!r} in {path}", seconds)
