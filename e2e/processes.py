"""Processes of this machine, as its own numbers them: what runs in a namespace knows others."""

import subprocess

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
