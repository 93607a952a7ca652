"""What a test needs of the machine."""

import os

import pytest


def require(present: bool, reason: str) -> None:
    """Skips visibly when something is missing; in CI, where nothing may skip, fails instead."""
    if present:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"in CI nothing may be missing: {reason}")
    pytest.skip(reason)
