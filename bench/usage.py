"""What Linux tells of a process."""

import os
from collections import Counter
from pathlib import Path


def memory(pid: int) -> dict[str, float]:
    """Resident memory in MB (1,000,000 bytes): `rss` as VmRSS; `pss`, in which shared pages count in parts."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return {"rss": _kibibytes(status, "VmRSS"), "pss": _kibibytes(rollup, "Pss")}


def peak(pid: int) -> float:
    """The most resident memory that it has had so far, in MB."""
    return _kibibytes(Path(f"/proc/{pid}/status").read_text(encoding="utf-8"), "VmHWM")


def _kibibytes(text: str, name: str) -> float:
    (line,) = [line for line in text.splitlines() if line.startswith(f"{name}:")]
    return int(line.split()[1]) * 1024 / 1e6


def cpu_seconds(pid: int) -> Counter[str]:
    """Processor time so far, in user and kernel mode, by thread name (of which Linux keeps 15 characters)."""
    seconds = Counter()
    for thread in Path(f"/proc/{pid}/task").iterdir():
        try:
            before, _, after = (thread / "stat").read_text(encoding="utf-8").rpartition(")")
        except FileNotFoundError:
            continue  # it has ended since
        fields = after.split()
        seconds[before.partition("(")[2]] += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def command_line(pid: int) -> list[str]:
    """The words that the process was started with."""
    return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").rstrip("\0").split("\0")


def environment(pid: int) -> dict[str, str]:
    """The variables that the process was started with."""
    variables = Path(f"/proc/{pid}/environ").read_text(encoding="utf-8").rstrip("\0").split("\0")
    return dict(variable.split("=", 1) for variable in variables)


def own_seconds(pid: int) -> float:
    """Processor time of the process itself so far, in user and kernel mode."""
    return sum(_times(pid)[:2])


def tree_seconds(pid: int) -> float:
    """Processor time of the process, of what descends from it, and of what descended from it and was waited for."""
    return sum(_times(pid)) + sum(tree_seconds(child) for child in _children(pid))


def _times(pid: int) -> list[float]:
    """The fields utime, stime, cutime and cstime of proc(5)'s stat in seconds; zeros when the process has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return [0.0] * 4
    return [int(field) / os.sysconf("SC_CLK_TCK") for field in fields[11:15]]


def _children(pid: int) -> list[int]:
    children = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children += [int(word) for word in thread.read_text(encoding="ascii").split()]
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended since
    return children
