"""What the control plane spends processor time on while it answers calls.

Linux counts each thread's time exactly. The time of the threads that answer calls is then divided as the flight
recorder's samples of them are (`jdk.CPUTimeSample`, which sees native code too, but long system calls too seldom).
"""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import usage

SETTINGS = Path(__file__).with_name("cpu.jfc")
FRAME = re.compile(r"^\s+([\w.$/]+)\(", re.M)
SAMPLE = "jdk.CPUTimeSample {"

# The one thread that writes the store; while calls only read, all it writes is their audit records.
WRITER = "store-writer"
WRITER_FRAME = "dev.groundplane.platform.store.GroupCommit."
STORING = "audit: storing the record"

JVM_THREADS = ("VM ", "C1 ", "C2 ", "GC ", "JFR ")
JVM = "the JVM's compiler and collector"

# A sample counts for the first part of which its stack has a frame.
PARTS = {
    "signature": ("dev.groundplane.wire.sigv4.",),
    "policy: key lookup, decision": ("dev.groundplane.services.iam.",),
    "the service, its reads of the store": ("dev.groundplane.services.",),
    "audit: making the record": (
        "dev.groundplane.server.http.AuditEntry.",
        "dev.groundplane.server.http.AuditedCall.",
        "dev.groundplane.wire.WireForm.json",
    ),
    "decoding and encoding": ("dev.groundplane.wire.",),
}
REST = "HTTP, and what is named nowhere above"


def sample(pid: int, work: Callable[[], None]) -> dict[str, float]:
    """Seconds of processor time spent on each part during `work`, which only reads."""
    with TemporaryDirectory(prefix="groundplane-bench-") as directory:
        recording = Path(directory, "cpu.jfr")
        _jdk("jcmd", str(pid), "JFR.start", "name=bench", f"settings={SETTINGS}")
        try:
            before = usage.cpu_seconds(pid)
            if WRITER not in before:
                raise RuntimeError(f"no thread is called {WRITER}; there are {', '.join(before)}")
            work()
            spent = usage.cpu_seconds(pid) - before
        finally:
            _jdk("jcmd", str(pid), "JFR.stop", "name=bench", f"filename={recording}")
        printed = _jdk("jfr", "print", "--events", SAMPLE.split()[0], "--stack-depth", "64", str(recording))
    stacks = [FRAME.findall(event) for event in printed.split(SAMPLE)[1:]]
    return _divide(spent, Counter(_part(stack) for stack in stacks if not _has(stack, (WRITER_FRAME,))))


def _divide(spent: Counter[str], samples: Counter[str]) -> dict[str, float]:
    jvm = sum(seconds for name, seconds in spent.items() if name.startswith(JVM_THREADS))
    answering = spent.total() - spent[WRITER] - jvm
    parts = {part: answering * samples[part] / samples.total() for part in [*PARTS, REST]}
    return {**parts, STORING: spent[WRITER], JVM: jvm}


def _part(stack: list[str]) -> str:
    return next((part for part, prefixes in PARTS.items() if _has(stack, prefixes)), REST)


def _has(stack: list[str], prefixes: tuple[str, ...]) -> bool:
    return any(frame.startswith(prefixes) for frame in stack)


def _jdk(tool: str, *arguments: str) -> str:
    words = [str(Path(os.environ["JAVA_HOME"], "bin", tool)), *arguments]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout
