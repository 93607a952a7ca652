"""An S3 that nobody here wrote: moto's server, in an environment of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

import boto3
from installation import ROOT, free_port
from needs import require
from waiting import eventually

VENV = Path(__file__).resolve().parent / ".moto-venv"
KEYS = {"aws_access_key_id": "OUTSIDE", "aws_secret_access_key": "outside-secret"}


def program() -> Path:
    """moto's server command; its versions are the ones that bench/ compares with."""
    require((3, 11) <= sys.version_info[:2] <= (3, 13), "moto's requirements are frozen for Python 3.11 to 3.13")
    requirements = ROOT / "bench" / "requirements.txt"
    made_for = VENV / "requirements.txt"
    if not (made_for.exists() and made_for.read_bytes() == requirements.read_bytes()):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
        pip = [str(VENV / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", str(requirements)], check=True)
        shutil.copyfile(requirements, made_for)  # last: a half-made environment is made again
    return VENV / "bin" / "moto_server"


class OutsideS3:
    """A server that keeps buckets in memory, on a port of its own. A context manager: leaving it ends the server."""

    def __init__(self) -> None:
        self.endpoint = f"http://127.0.0.1:{free_port()}"
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> "OutsideS3":
        port = self.endpoint.rsplit(":", 1)[1]
        self._process = subprocess.Popen(
            [program(), "-H", "127.0.0.1", "-p", port], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        eventually(self._answers, "moto answers", pause=0.2)
        return self

    def _answers(self) -> bool:
        try:
            self.client().list_buckets()
            return True
        except Exception:  # whatever it is, it is not there yet
            return False

    def client(self):
        """A boto3 client that goes past the installation."""
        return boto3.session.Session().client("s3", endpoint_url=self.endpoint, region_name="us-east-1", **KEYS)

    def credentials(self, directory: Path) -> Path:
        """A shared credentials file for it."""
        file = directory / "outside-credentials"
        file.write_text("[default]\n" + "".join(f"{name} = {value}\n" for name, value in KEYS.items()))
        file.chmod(0o600)
        return file

    def __exit__(self, *_) -> None:
        self._process.terminate()
        self._process.wait(10)
