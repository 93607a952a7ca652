"""Tasks as the benchmarks launch them."""

import time

DESCRIBED_AT_ONCE = 100  # AWS's limit


def register(ecs, family: str, command: list[str]) -> str:
    """Registers a host process without logs and returns the task definition's ARN; 300 fit on a small machine."""
    answer = ecs.register_task_definition(
        family=family,
        requiresCompatibilities=["EXTERNAL"],
        containerDefinitions=[{"name": "main", "image": "host", "cpu": 1, "memory": 8, "command": command}],
    )
    return answer["taskDefinition"]["taskDefinitionArn"]


def until_stopped(ecs, arns: list[str], seconds: float, pause_seconds: float) -> None:
    """Waits until all tasks have stopped. Raises RuntimeError when one failed or they take longer than `seconds`."""
    deadline = time.monotonic() + seconds
    waiting = list(arns)
    while waiting:
        tasks = ecs.describe_tasks(tasks=waiting[:DESCRIBED_AT_ONCE])["tasks"]
        stopped = [task for task in tasks if task["lastStatus"] == "STOPPED"]
        for task in stopped:
            if task["containers"][0].get("exitCode") != 0:
                raise RuntimeError(f"{task['taskArn']} failed: {task.get('stoppedReason')} {task['containers']}")
        ended = {task["taskArn"] for task in stopped}
        waiting = [arn for arn in waiting if arn not in ended]
        if waiting and time.monotonic() > deadline:
            raise RuntimeError(f"{len(waiting)} tasks had not stopped after {seconds} s, such as {waiting[0]}")
        if len(stopped) < len(tasks):
            time.sleep(pause_seconds)
