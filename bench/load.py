"""Load by wrk: one request, replayed over kept-alive connections."""

import json
import shutil
import subprocess
from pathlib import Path

from signed import Request

REPLAY = Path(__file__).with_name("replay.lua")


def require_wrk() -> None:
    """Ends the program when wrk is missing."""
    if not shutil.which("wrk"):
        raise SystemExit("wrk is missing, which makes the load; Debian, Ubuntu: apt-get install wrk")


def replay(request: Request, connections: int, seconds: int) -> dict:
    """Runs wrk with one thread and returns what replay.lua prints, and `rate`, requests answered per second.

    Raises RuntimeError when any request failed or was answered with another status than 2xx or 3xx.
    """
    words = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s"]
    words += ["--timeout", "10s", "--script", str(REPLAY), request.url, "--", request.method, request.body]
    for header in request.headers.items():
        words += header
    done = subprocess.run(words, capture_output=True, text=True, timeout=seconds + 60, check=True)
    result = json.loads(done.stdout.splitlines()[-1])
    if result["failed"]:
        raise RuntimeError(f"{result['failed']} of {result['requests']} requests to {request.url} failed")
    return {**result, "rate": result["requests"] / result["seconds"]}
