"""moto's server, which answers the same calls from memory, to compare with."""

import subprocess
import sys
import time
from pathlib import Path

from installation import free_port
from signed import Connection, Signer

START_SECONDS = 60


class Moto:
    """A moto server with the one cluster that a new installation has. A context manager: leaving it ends the server."""

    def __init__(self, exported: dict[str, str]) -> None:
        port = free_port()
        self.signer = Signer(f"http://127.0.0.1:{port}", exported)
        program = Path(sys.executable).with_name("moto_server")
        self._process = subprocess.Popen(
            [program, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def __enter__(self) -> "Moto":
        deadline = time.monotonic() + START_SECONDS
        while True:
            connection = Connection(self.signer.endpoint)
            try:
                connection.answer(self.signer.ecs("CreateCluster", {"clusterName": "default"}))
                return self
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    self.__exit__()
                    raise
                time.sleep(0.2)
            finally:
                connection.close()

    def __exit__(self, *_) -> None:
        self._process.terminate()
        self._process.wait(10)
