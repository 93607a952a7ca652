"""Processes of this machine, as its own numbers them: what runs in a namespace knows others."""

import os
import signal
import subprocess
from pathlib import Path

from waiting import eventually


def running(program: str, words: str) -> list[int]:
    """The processes of a program, whose command lines begin with its path and match further on.

    Not those of whatever started it, which has the same words in its own command line.
    """
    found = subprocess.run(
        ["pgrep", "-f", f"^[^ ]*/{program} .*{words}"], capture_output=True, text=True, check=False,
    )
    return [int(pid) for pid in found.stdout.split()]


def only(program: str, words: str) -> int:
    """The one process of `running`.

    Waits while there are others: an earlier one that is about to be gone, or a child that has its parent's command line until it
    has set one of its own.
    """

    def alone() -> list[int]:
        found = running(program, words)
        return found if len(found) == 1 else []

    (pid,) = eventually(alone, f"one process of {program} with {words}")
    return pid


def kill(pid: int) -> None:
    """Kills the process and waits until it is gone."""
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not alive(pid), f"process {pid} is gone")


def alive(pid: int) -> bool:
    """Whether the process runs; one that only waits to be reaped does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
