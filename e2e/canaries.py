"""Values that must be found nowhere but where they are asked for."""

import base64
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
    for file in directory.rglob("*"):
        if file.is_file() and not file.is_symlink():
            content = file.read_bytes()
            if any(form in content for form in [plain, *encoded]):
                found.append(file)
    return found
