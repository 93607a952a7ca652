"""A plugin of pytest for moto's tests: host names that they count on, a limit for each, and their outcomes as JSON lines.

The file that MOTO_OUTCOMES names gets a line for each test: its id, how it ended, and the last line of why.
"""

import json
import os
import signal
import socket

import pytest

LIMIT_SECONDS = 40
_asked = socket.getaddrinfo


def _loopback(host, *rest, **more):
    """Buckets in the host's name: not every C library knows that everything below localhost is here."""
    name = host.decode() if isinstance(host, bytes) else host
    return _asked("localhost" if name and name.endswith(".localhost") else host, *rest, **more)


def pytest_configure():
    socket.getaddrinfo = _loopback


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol():
    def too_long(*_):
        raise TimeoutError(f"longer than {LIMIT_SECONDS} s")

    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(LIMIT_SECONDS)
    yield
    signal.alarm(0)


def pytest_runtest_logreport(report):
    if report.when == "call" or report.outcome != "passed":
        why = ""
        if report.skipped:
            why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        elif report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            why = crash.message if crash else str(report.longrepr)
        with open(os.environ["MOTO_OUTCOMES"], "a", encoding="utf-8") as outcomes:
            line = {"test": report.nodeid, "phase": report.when, "outcome": report.outcome, "why": why}
            outcomes.write(json.dumps(line) + "\n")
