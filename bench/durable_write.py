"""The limit of every call that stores something: one small write that is on disk when it returns."""

import os
import time
from pathlib import Path

PAGE = b"\0" * 4096


def seconds(file: Path) -> float:
    """How long it takes to append 4 KiB to a file and to flush it."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        begun = time.perf_counter()
        os.write(descriptor, PAGE)
        os.fdatasync(descriptor)
        return time.perf_counter() - begun
    finally:
        os.close(descriptor)
