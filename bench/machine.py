"""What was measured on, so that figures can be judged."""

import os
import platform
import subprocess
from datetime import datetime, UTC
from pathlib import Path

from installation import ROOT


def describe() -> dict:
    """The machine, the software and how busy the machine was just before."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "kernel": platform.release(),
        "java": _java_version(),
        "python": platform.python_version(),
        "commit": _commit(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _java_version() -> str:
    release = Path(os.environ["JAVA_HOME"], "release").read_text(encoding="utf-8")
    (version,) = [line for line in release.splitlines() if line.startswith("JAVA_VERSION=")]
    return version.split("=")[1].strip('"')


def _commit() -> str:
    """The commit that is checked out, with a plus sign when files differ from it."""
    words = ["git", "describe", "--always", "--exclude=*", "--dirty=+"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "no git checkout"
