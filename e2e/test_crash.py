"""kill -9 with tasks in flight: each runs once, ends once, and no log line is lost, doubled or moved."""

import time
from pathlib import Path

import pytest
from host_tasks import container, container_of, output, register, start, unique, until_stopped
from processes import alive, kill
from waiting import eventually

TASKS = 20
LINES = 50
SCRIPT = f"""
echo start >> "$TRACE"
line=1
while [ $line -le {LINES} ]; do
  echo "line $line"
  line=$((line + 1))
  sleep 0.08
done
echo end >> "$TRACE"
exit "$CODE"
"""


@pytest.mark.parametrize(
    ("victims", "begun", "away_seconds"),
    [
        (["pid"], True, 0),
        (["pid"], True, 8),  # every task ends while nobody is there to be told
        (["pid"], False, 0),  # accepted, but maybe not started yet
        (["agentPid"], True, 0),
        (["pid", "agentPid"], True, 0),
    ],
    ids=["control-plane", "control-plane-for-long", "control-plane-at-once", "agent", "both"],
)
def test_kill(own_installation, victims, begun, away_seconds):
    before = own_installation.status()
    ecs = own_installation.client("ecs")
    token = unique("token")
    definition = register(ecs, container(SCRIPT))
    traces = [own_installation.scratch / str(code) for code in range(1, TASKS + 1)]
    arns = [run(ecs, definition, trace, f"{token}-{trace.name}") for trace in traces]
    if begun:
        eventually(lambda: all(trace.exists() for trace in traces), "every task has started")
    for victim in victims:
        kill(before[victim])
    time.sleep(away_seconds)
    if "pid" in victims:
        own_installation.up()
    after = eventually(lambda: healthy(own_installation), "platform and agent are up again")
    for who in ("pid", "agentPid"):
        assert (after[who] == before[who]) == (who not in victims), f"{who}: {before[who]}, then {after[who]}"
    # whoever asks again for what was accepted gets the same tasks
    assert [run(ecs, definition, trace, f"{token}-{trace.name}") for trace in traces] == arns
    logs = own_installation.client("logs")
    for trace, arn in zip(traces, arns):
        task = until_stopped(ecs, arn)
        assert trace.read_text().split() == ["start", "end"]
        assert container_of(task)["exitCode"] == int(trace.name)
        assert task["stopCode"] == "EssentialContainerExited"
        assert output(logs, task) == [f"line {number}" for number in range(1, LINES + 1)]


def run(ecs, definition: str, trace: Path, token: str) -> str:
    """Runs the task that writes to the trace and exits with the number that is its name."""
    environment = [{"name": "TRACE", "value": str(trace)}, {"name": "CODE", "value": trace.name}]
    overrides = {"containerOverrides": [{"name": "main", "environment": environment}]}
    return start(ecs, definition, overrides=overrides, clientToken=token)["taskArn"]


def healthy(installation) -> dict | None:
    """The status, once control plane and agent run and the agent is connected."""
    status = installation.status()
    if not (status.get("pid") and status.get("agentPid") and alive(status["agentPid"])):
        return None
    ecs = installation.client("ecs")
    machines = ecs.list_container_instances(filter="agentConnected == true")["containerInstanceArns"]
    return status if len(machines) == 1 else None
