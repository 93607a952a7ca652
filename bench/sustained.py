"""Many launches from several threads at once."""

import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import signed
from ecs_tasks import register, until_stopped
from installation import Installation
from table import Table

COMMAND = ["/bin/true"]
PATIENCE_SECONDS = 120


def measure(installation: Installation, launches: int, threads: int) -> dict[str, float]:
    """Launches per second: `accepted` as answered, `ended` until all tasks have stopped, `direct` without Groundplane.

    `refused` counts the answers that placed nothing because the host was full; those launches were tried again.
    """
    ecs = installation.client("ecs")
    task_definition = register(ecs, "bench-sustained", COMMAND)
    signer = signed.Signer(installation.endpoint, installation.exported)
    parameters = {"taskDefinition": task_definition, "launchType": "EXTERNAL"}
    share = launches // threads
    deadline = time.monotonic() + PATIENCE_SECONDS

    def launch_share() -> tuple[list[str], int]:
        connection, arns, refused = signed.Connection(installation.endpoint), [], 0
        while len(arns) < share:
            answer = connection.answer(signer.ecs("RunTask", parameters))
            if answer["failures"]:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"the host was still full after {PATIENCE_SECONDS} s: {answer['failures']}")
                refused += 1
                time.sleep(0.02)
            arns += [task["taskArn"] for task in answer["tasks"]]
        connection.close()
        return arns, refused

    def spawn_share() -> None:
        for _ in range(share):
            subprocess.run(COMMAND, check=True)

    begun = time.monotonic()
    results = _in_threads(launch_share, threads)
    accepted = time.monotonic() - begun
    arns = [arn for result in results for arn in result[0]]
    until_stopped(ecs, arns, PATIENCE_SECONDS, pause_seconds=0.05)
    ended = time.monotonic() - begun
    begun = time.monotonic()
    _in_threads(spawn_share, threads)
    direct = time.monotonic() - begun
    return {
        "launches": len(arns),
        "threads": threads,
        "accepted": len(arns) / accepted,
        "ended": len(arns) / ended,
        "direct": len(arns) / direct,
        "refused": sum(result[1] for result in results),
    }


def _in_threads(work: Callable, threads: int) -> list:
    with ThreadPoolExecutor(threads) as pool:
        return [future.result() for future in [pool.submit(work) for _ in range(threads)]]


def table(measured: dict[str, float]) -> Table:
    """What is shown of the figures."""
    rows = [
        ("RunTask accepted", f"{measured['accepted']:.0f}"),
        ("task run and reported STOPPED", f"{measured['ended']:.1f}"),
        ("limit: `true` started directly", f"{measured['direct']:.0f}"),
        ("answers that the host was full, tried again", f"{measured['refused']:.0f} in all"),
    ]
    title = f"{measured['launches']} launches of `true` by {measured['threads']} threads"
    return Table(title, ("what", "per second"), rows)
