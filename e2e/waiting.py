"""Bounded waiting, the only kind the tests use.

The bounds are for what never comes: they are far longer than anything takes on a machine that has other work.
"""

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def eventually(probe: Callable[[], Value], what: str, seconds: float = 120, pause: float = 0.05) -> Value:
    """Calls the probe until it returns something true, and returns that; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        value = probe()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}; last seen: {value!r}")
        time.sleep(pause)
