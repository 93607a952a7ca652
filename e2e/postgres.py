"""A PostgreSQL server of the tests' own, on loopback, run by an unprivileged user."""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from installation import free_port

# Debian keeps the server's programs off the PATH.
BINARIES = max(glob.glob("/usr/lib/postgresql/*/bin"), default=None) or (
    os.path.dirname(shutil.which("initdb") or "") or None
)


class PostgresCluster:
    """A server; whoever makes it removes it. BINARIES must have been found."""

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self.settings = settings or {}
        self.binaries = Path(BINARIES)
        self.directory = Path(tempfile.mkdtemp(prefix="groundplane-postgres-"))
        self.user = "postgres" if any(user.pw_name == "postgres" for user in pwd.getpwall()) else "nobody"
        if os.geteuid() == 0:
            shutil.chown(self.directory, self.user)
        self.port = free_port()
        self._run("initdb", "--username", "groundplane", "--auth", "trust", "--no-sync", "-E", "UTF8")
        self.start()

    @property
    def url(self) -> str:
        """The database that a server has from the start."""
        return f"jdbc:postgresql://127.0.0.1:{self.port}/postgres?user=groundplane"

    def database(self, name: str) -> str:
        """The URL of a database, which is made if it is not there."""
        if [name] not in self.rows("SELECT datname FROM pg_database"):
            self.rows(f"CREATE DATABASE {name}")
        return self.url.replace("/postgres?", f"/{name}?")

    def start(self) -> None:
        """Starts it; it answers when this returns."""
        settings = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": "", **self.settings}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._run("pg_ctl", "--wait", "--log", str(self.directory / "log"), "--options", options, "start")

    def stop(self) -> None:
        """Ends it at once, as a crash would."""
        self._run("pg_ctl", "--wait", "--mode", "immediate", "stop")

    def rows(self, sql: str) -> list[list[str]]:
        """What a query finds."""
        printed = subprocess.run(
            [self.binaries / "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "groundplane"]
            + ["-d", "postgres", "-At", "-F", "\t", "-c", sql],
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        ).stdout
        return [line.split("\t") for line in printed.splitlines()]

    def remove(self) -> None:
        """Stops it and deletes what it kept."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        prefix = ["runuser", "-u", self.user, "--"] if os.geteuid() == 0 else []
        command = [*prefix, str(self.binaries / program), "--pgdata", str(self.directory / "data"), *arguments]
        with (self.directory / "commands.log").open("a") as log:
            done = subprocess.run(command, cwd=self.directory, stdout=log, stderr=log, timeout=120, check=False)
        assert done.returncode == 0, f"{command}\n{(self.directory / 'commands.log').read_text()}"
