"""A PostgreSQL with TLS and passwords that nobody here made, as a bank has them."""

import os
import subprocess

from postgres import PostgresCluster

TRADES = "CREATE TABLE trade(id int PRIMARY KEY, amount numeric(12, 2)); INSERT INTO trade SELECT n, n FROM generate_series(1, 500) n"


class Bank(PostgresCluster):
    """A server with TLS and passwords, made by nobody here, which is not ready to be followed."""

    def __init__(self) -> None:
        super().__init__()
        self.authority = self.directory / "server.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=bank"]
            + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.directory / "server.key", "-out", self.authority],
            check=True, capture_output=True, timeout=120,
        )
        for file in (self.authority, self.directory / "server.key"):
            file.chmod(0o600)
            if os.geteuid() == 0:
                subprocess.run(["chown", self.user, file], check=True)
        (self.directory / "data" / "pg_hba.conf").write_text(
            "host all groundplane 127.0.0.1/32 trust\nhostssl trades follower 127.0.0.1/32 scram-sha-256\n"
        )
        self.says("CREATE DATABASE trades")
        self.says(TRADES, "trades")
        self.says("CREATE ROLE follower LOGIN PASSWORD 'Secret1234'")
        for setting in (f"ssl_cert_file = '{self.authority}'", f"ssl_key_file = '{self.directory}/server.key'", "ssl = on"):
            self.says(f"ALTER SYSTEM SET {setting}")
        self.says("SELECT pg_reload_conf()")

    def psql(self, database: str, *words: str) -> str:
        done = subprocess.run(
            [self.binaries / "psql", "-X", "-At", "-h", "127.0.0.1", "-p", str(self.port), "-U", "groundplane", "-d", database]
            + list(words),
            capture_output=True, text=True, timeout=120, check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def says(self, sql: str, database: str = "postgres") -> str:
        return self.psql(database, "-c", sql)
