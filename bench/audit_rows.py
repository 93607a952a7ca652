"""Counts what the audit trail holds, from outside and without a call that would itself be recorded."""

import sqlite3
import time
from pathlib import Path

PATIENCE_SECONDS = 120


class AuditRows:
    """The audit records of an installation on this machine."""

    def __init__(self, data: Path) -> None:
        self._database = sqlite3.connect(f"file:{data / 'groundplane.db'}?mode=ro", uri=True)
        self._marked = self.count()

    def count(self) -> int:
        """Records so far: their numbers have no gaps and none is ever deleted."""
        return self._database.execute("SELECT coalesce(max(seq), 0) FROM audit").fetchone()[0]

    def mean_bytes(self) -> float:
        """The mean size of the last thousand records' bodies."""
        newest = "SELECT body FROM audit ORDER BY seq DESC LIMIT 1000"
        return self._database.execute(f"SELECT avg(length(CAST(body AS BLOB))) FROM ({newest})").fetchone()[0]

    def mark(self) -> None:
        """From here on, more records are counted."""
        self._marked = self.count()

    def wait_for_more(self, calls: int) -> float:
        """Waits until so many were added since the mark and returns how many seconds that took."""
        begun = time.monotonic()
        while self.count() < self._marked + calls:
            if time.monotonic() > begun + PATIENCE_SECONDS:
                added = self.count() - self._marked
                raise RuntimeError(f"{calls} calls left {added} audit records within {PATIENCE_SECONDS} s")
            time.sleep(0.01)
        return time.monotonic() - begun
