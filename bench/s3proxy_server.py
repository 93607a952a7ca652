"""S3Proxy with its file system store, another server of S3 in Java, to compare with."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from installation import ROOT, free_port
from raw_http import Connection

ARTIFACT = "org.gaul:s3proxy:4.1.0:jar:jar-with-dependencies"
JAR = Path(__file__).with_name(".s3proxy") / "s3proxy-4.1.0-jar-with-dependencies.jar"
START_SECONDS = 60


class S3Proxy:
    """A server on a directory of its own. A context manager: leaving it ends the server."""

    def __init__(self, exported: dict[str, str]) -> None:
        _fetch()
        port = free_port()
        self.endpoint = f"http://127.0.0.1:{port}"
        self._directory = Path(tempfile.mkdtemp(prefix="groundplane-bench-s3proxy-"))
        properties = self._directory / "s3proxy.conf"
        properties.touch(mode=0o600)
        store = self._directory / "store"
        store.mkdir()
        properties.write_text(
            f"s3proxy.endpoint={self.endpoint}\n"
            "s3proxy.authorization=aws-v2-or-v4\n"
            f"s3proxy.identity={exported['AWS_ACCESS_KEY_ID']}\n"
            f"s3proxy.credential={exported['AWS_SECRET_ACCESS_KEY']}\n"
            "jclouds.provider=filesystem-nio2\n"
            f"jclouds.filesystem.basedir={store}\n",
            encoding="utf-8",
        )
        java = Path(os.environ["JAVA_HOME"], "bin", "java")
        self._process = subprocess.Popen(
            [java, "-Xmx512m", "-jar", JAR, "--properties", properties],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> "S3Proxy":
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                with Connection(self.endpoint):
                    return self
            except ConnectionRefusedError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    self.__exit__()
                    raise
                time.sleep(0.2)

    def __exit__(self, *_) -> None:
        self._process.terminate()
        self._process.wait(30)
        shutil.rmtree(self._directory, ignore_errors=True)


def _fetch() -> None:
    """Has Maven bring the jar, once."""
    if not JAR.exists():
        words = ["./mvnw", "-q", "dependency:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={JAR.parent}"]
        subprocess.run([*words, "--non-recursive"], cwd=ROOT, check=True)
