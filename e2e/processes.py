"""Processes of this machine, as its own numbers them: what runs in a namespace knows others."""

import subprocess


def running(program: str, words: str) -> list[int]:
    """The processes of a program, whose command lines begin with its path and match further on.

    Not those of whatever started it, which has the same words in its own command line.
    """
    found = subprocess.run(
        ["pgrep", "-f", f"^[^ ]*/{program} .*{words}"], capture_output=True, text=True, check=False,
    )
    return [int(pid) for pid in found.stdout.split()]


def only(program: str, words: str) -> int:
    """The one process of `running`."""
    found = running(program, words)
    assert len(found) == 1, f"{len(found)} processes of {program} with {words}"
    return found[0]
