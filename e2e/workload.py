"""Tasks whose output and traces show whether any was lost, run twice, or had a log line lost, doubled or moved."""

from pathlib import Path

from host_tasks import container, container_of, output, register, start, unique, until_stopped
from waiting import eventually

SCRIPT = """
echo start >> "$TRACE"
line=1
while [ $line -le "$LINES" ]; do
  echo "line $line"
  line=$((line + 1))
  sleep "$PAUSE"
done
echo end >> "$TRACE"
exit "$CODE"
"""


class Workload:
    """So many tasks, each of which writes lines with pauses between them and ends with an exit code of its own."""

    def __init__(self, ecs, logs, directory: Path, count: int, lines: int, pause: float, host: str | None = None):
        self.ecs, self.logs, self.lines, self.pause = ecs, logs, lines, pause
        self.definition = register(ecs, container(SCRIPT, cpu=0, memory=6))
        self.token = unique("token")
        self.traces = [directory / f"{self.token}-{number}" for number in range(1, count + 1)]
        self.placement = (
            [{"type": "memberOf", "expression": f"attribute:groundplane.name == {host}"}] if host else []
        )
        self.arns: list[str] = []

    def run(self) -> "Workload":
        """Runs the tasks; run again, it gets the same ones."""
        arns = [self._run(number, trace) for number, trace in enumerate(self.traces, 1)]
        assert self.arns in ([], arns), "whoever asks again for what was accepted gets the same tasks"
        self.arns = arns
        return self

    def _run(self, number: int, trace: Path) -> str:
        environment = {"TRACE": trace, "CODE": number % 100, "LINES": self.lines, "PAUSE": self.pause}
        pairs = [{"name": name, "value": str(value)} for name, value in environment.items()]
        return start(
            self.ecs,
            self.definition,
            overrides={"containerOverrides": [{"name": "main", "environment": pairs}]},
            placementConstraints=self.placement,
            clientToken=f"{self.token}-{number}",
        )["taskArn"]

    def until_begun(self) -> None:
        """Waits until every task has started."""
        eventually(lambda: all(trace.exists() for trace in self.traces), "every task has started")

    def until_ended_on_host(self) -> None:
        """Waits until every task has ended, whether anybody has been told or not."""
        eventually(
            lambda: all(trace.exists() and "end" in trace.read_text() for trace in self.traces),
            "every task has ended",
        )

    def verify(self) -> None:
        """Every task ran once, ended with its code, and all its lines are there, once and in order."""
        for number, (arn, trace) in enumerate(zip(self.arns, self.traces), 1):
            task = until_stopped(self.ecs, arn)
            assert trace.read_text().split() == ["start", "end"], (arn, trace.read_text())
            assert container_of(task)["exitCode"] == number % 100, task
            assert task["stopCode"] == "EssentialContainerExited"
            assert output(self.logs, task) == [f"line {line}" for line in range(1, self.lines + 1)], arn
