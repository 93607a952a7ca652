"""Values that must be found nowhere but where they are asked for."""

import base64
import os
import uuid
from pathlib import Path


def canary() -> str:
    """A value that nothing else contains."""
    return f"canary-{uuid.uuid4().hex}"


def files_with(directory: Path, value: str) -> list[Path]:
    """The files below a directory that hold the value, as it is or in base64."""
    plain = value.encode()
    # A value's base64 within a longer text depends on where it begins: three forms, without their edges.
    encoded = [base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)]
    found = []
    for file in files_below(directory):
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            continue  # what runs there has removed it meanwhile
        if any(form in content for form in [plain, *encoded]):
            found.append(file)
    return found


def files_below(directory: Path) -> list[Path]:
    """The regular files below a directory where others make and remove files and directories all the time."""
    # Unlike Path.rglob, os.walk passes over a directory that goes while it looks.
    every = [Path(place, name) for place, _, names in os.walk(directory) for name in names]
    return [file for file in every if file.is_file() and not file.is_symlink()]
