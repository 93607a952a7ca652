"""MariaDB and MySQL servers of the tests' own, on loopback, with a binary log, TLS and passwords."""

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
MYSQL = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "groundplane" / "mysql"


class BinlogServer:
    """A server; whoever makes it removes it. Its root has no password; others come by TLS if that is asked of them.

    Its log does not tell what columns are, and nobody may read it: so it is not ready to be followed.
    """

    engine: str
    server: str
    options: tuple[str, ...]
    # What a follower needs besides SELECT, and what is wrong with the log and mends that.
    rights: str
    unset: str
    remedy: str

    def __init__(self) -> None:
        client = shutil.which("mariadb", path=PLACES)
        require(client, "needs MariaDB's client: sudo apt-get install mariadb-client-core")
        self.client = client
        self.directory = Path(tempfile.mkdtemp(prefix=f"groundplane-{self.engine}-"))
        self.port = free_port()
        self.authority = self.directory / "server.pem"
        # A server that starts removes what it finds of others in a directory of temporary files that they share.
        self.basics = ["--no-defaults", f"--datadir={self.directory}/data", f"--tmpdir={self.directory}"]
        if os.geteuid() == 0:
            self.basics.append("--user=root")  # which a server is only when it is told to
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=bank"]
            + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.directory / "server.key", "-out", self.authority],
            check=True, capture_output=True, timeout=120,
        )
        self._make_data()
        self.start()

    def _make_data(self) -> None:
        raise NotImplementedError

    def asked(self) -> int:
        """How often somebody but root has asked where the log ends, or more."""
        raise NotImplementedError

    def start(self) -> None:
        """Starts it; it answers when this returns."""
        with (self.directory / "log").open("a") as log:
            self.process = subprocess.Popen(
                [self.server, *self.basics, "--bind-address=127.0.0.1", f"--port={self.port}", "--log-bin=binlog"]
                + ["--server-id=1", f"--socket={self.directory}/socket", f"--pid-file={self.directory}/pid"]
                + ["--innodb-buffer-pool-size=16M", "--performance-schema=OFF"]
                + [f"--ssl-cert={self.authority}", f"--ssl-key={self.directory}/server.key", *self.options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )

        def answers() -> bool:
            assert self.process.poll() is None, (self.directory / "log").read_text()
            return self._run("SELECT 1").returncode == 0

        eventually(answers, "the server answers", seconds=240)

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
        return subprocess.run([self.client, *words], capture_output=True, text=True, timeout=120, check=False)

    def remove(self) -> None:
        """Stops it and deletes what it kept."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


class MariaDbServer(BinlogServer):
    engine = "mariadb"
    options = ("--binlog-format=ROW", "--innodb-log-file-size=16M", "--skip-name-resolve")
    rights = "REPLICATION SLAVE, BINLOG MONITOR"
    unset = "binlog_row_metadata is NO_LOG"
    remedy = "SET GLOBAL binlog_row_metadata = 'FULL'"

    def __init__(self) -> None:
        self.server, install = (shutil.which(name, path=PLACES) for name in ("mariadbd", "mariadb-install-db"))
        require(self.server and install, "needs MariaDB: sudo apt-get install mariadb-server-core mariadb-client-core")
        self.install = install
        super().__init__()

    def _make_data(self) -> None:
        made = subprocess.run(
            [self.install, *self.basics, "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"],
            capture_output=True, text=True, timeout=120, check=False,
        )
        assert made.returncode == 0, made.stdout + made.stderr

    def start(self) -> None:
        super().start()
        self.says("SET GLOBAL userstat = ON")

    def asked(self) -> int:
        return int(self.says("SELECT SELECT_COMMANDS FROM information_schema.USER_STATISTICS WHERE USER = 'follower'"))


class MySqlServer(BinlogServer):
    engine = "mysql"
    server = str(MYSQL / "mysqld")
    options = (
        "--innodb-redo-log-capacity=16M", "--mysqlx=OFF", "--secure-file-priv=", "--gtid-mode=ON",
        "--enforce-gtid-consistency=ON",
    )
    rights = "REPLICATION SLAVE, REPLICATION CLIENT"
    unset = "binlog_row_metadata is MINIMAL"
    remedy = "SET PERSIST binlog_row_metadata = 'FULL'"

    def __init__(self) -> None:
        require(os.access(self.server, os.X_OK), f"needs MySQL: ./groundplane test unpacks it into {MYSQL}")
        super().__init__()

    def _make_data(self) -> None:
        shutil.copytree(MYSQL / "data", self.directory / "data")

    def asked(self) -> int:
        return int(self.says("SHOW GLOBAL STATUS LIKE 'Com_show_binary_log_status'").split("|")[1])
