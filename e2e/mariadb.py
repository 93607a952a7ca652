"""A MariaDB server of the tests' own, on loopback, with TLS and passwords."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from installation import free_port
from needs import require
from waiting import eventually

# Debian keeps the server off the PATH of those who are not root.
PLACES = os.environ["PATH"] + ":/usr/sbin"


class MariaDbServer:
    """A server; whoever makes it removes it. Its root has no password; others come by TLS if that is asked of them."""

    def __init__(self, *options: str) -> None:
        programs = [shutil.which(name, path=PLACES) for name in ("mariadbd", "mariadb-install-db", "mariadb")]
        require(all(programs), "needs MariaDB: sudo apt-get install mariadb-server-core mariadb-client-core")
        self.server, install, self.client = programs
        self.options = options
        self.directory = Path(tempfile.mkdtemp(prefix="groundplane-mariadb-"))
        self.port = free_port()
        self.authority = self.directory / "server.pem"
        self.basics = ["--no-defaults", f"--datadir={self.directory}/data"]
        if os.geteuid() == 0:
            self.basics.append("--user=root")  # which MariaDB is only when it is told to
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=bank"]
            + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.directory / "server.key", "-out", self.authority],
            check=True, capture_output=True, timeout=60,
        )
        made = subprocess.run(
            [install, *self.basics, "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"],
            capture_output=True, text=True, timeout=120, check=False,
        )
        assert made.returncode == 0, made.stdout + made.stderr
        self.start()

    def start(self) -> None:
        """Starts it; it answers when this returns."""
        with (self.directory / "log").open("a") as log:
            self.process = subprocess.Popen(
                [self.server, *self.basics, "--bind-address=127.0.0.1", f"--port={self.port}", "--skip-name-resolve"]
                + [f"--socket={self.directory}/socket", f"--pid-file={self.directory}/pid"]
                + ["--innodb-buffer-pool-size=16M", "--innodb-log-file-size=16M", "--performance-schema=OFF"]
                + [f"--ssl-cert={self.authority}", f"--ssl-key={self.directory}/server.key", *self.options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )

        def answers() -> bool:
            assert self.process.poll() is None, (self.directory / "log").read_text()
            return self._run("SELECT 1").returncode == 0

        eventually(answers, "the server answers", seconds=60)

    def stop(self) -> None:
        """Ends it at once, as a crash would."""
        self.process.kill()
        self.process.wait()

    def says(self, sql: str) -> str:
        """What a query finds as root, as `psql -At` would print it."""
        done = self._run(sql)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip().replace("\t", "|")

    def _run(self, sql: str) -> subprocess.CompletedProcess:
        words = ["--no-defaults", "-h", "127.0.0.1", "-P", str(self.port), "-u", "root", "-N", "-B", "-e", sql]
        return subprocess.run([self.client, *words], capture_output=True, text=True, timeout=60, check=False)

    def remove(self) -> None:
        """Stops it and deletes what it kept."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)
