"""Puts real index history as plain CSV files into a directory.

The source is the Python package `arch` (see README.md for its licence), whose wheel is downloaded
without its dependencies, checked against the hash in requirements-data.txt, read and thrown away.
Files that are there already and pass the check are left alone; a new file appears complete or not
at all. Needs Python 3.9 or later with pip.
"""

import argparse
import csv
import gzip
import io
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements-data.txt")
COLUMNS = ["Date", "Open", "High", "Low", "Close", "Adj Close", "Volume"]


@dataclass(frozen=True)
class Series:
    """One file of market data: its name, where the wheel holds it and what it must contain."""

    name: str
    rows: int
    first_day: str
    last_day: str

    @property
    def member(self) -> str:
        return f"arch/data/{self.name}/{self.name}.csv.gz"

    @property
    def file_name(self) -> str:
        return f"{self.name}.csv"


SERIES = (
    Series("sp500", rows=5031, first_day="1/4/1999", last_day="12/31/2018"),
    Series("nasdaq", rows=5031, first_day="1/4/1999", last_day="12/31/2018"),
)


class UnexpectedData(Exception):
    """A file does not hold what it should; the message says which and how it differs."""


def check(series: Series, content: bytes) -> None:
    """Raises UnexpectedData unless the content is the whole series with the columns we rely on."""
    header, *rows = list(csv.reader(io.StringIO(content.decode("utf-8")))) or [[]]
    if header != COLUMNS:
        raise UnexpectedData(f"{series.file_name}: columns {header}, expected {COLUMNS}")
    if len(rows) != series.rows:
        raise UnexpectedData(f"{series.file_name}: {len(rows)} rows, expected {series.rows}")
    if any(len(row) != len(COLUMNS) for row in rows):
        raise UnexpectedData(f"{series.file_name}: a row has not {len(COLUMNS)} values")
    if (rows[0][0], rows[-1][0]) != (series.first_day, series.last_day):
        raise UnexpectedData(
            f"{series.file_name}: {rows[0][0]} to {rows[-1][0]}, expected {series.first_day} to {series.last_day}"
        )


def is_complete(series: Series, directory: Path) -> bool:
    """Whether the directory holds the series already, and rightly."""
    try:
        check(series, (directory / series.file_name).read_bytes())
    except (OSError, UnicodeDecodeError, UnexpectedData):
        return False
    return True


def download(directory: Path) -> Path:
    """Downloads the pinned wheel into the directory; pip refuses it if its hash is wrong."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
            *("--require-hashes", "--no-deps", "--only-binary=:all:"),
            *("--implementation=cp", "--python-version=3.11", "--platform=manylinux_2_28_x86_64"),
            *("--dest", str(directory), "--requirement", str(REQUIREMENTS)),
        ],
        check=True,
        stdout=sys.stderr,
    )
    (wheel,) = directory.glob("*.whl")
    return wheel


def write_atomically(file: Path, content: bytes) -> None:
    """Writes the file, readable by everyone, so that nobody ever sees half of it."""
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as output:
            output.write(content)
            output.flush()
            os.fsync(output.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, file)
    except BaseException:
        os.unlink(temporary)
        raise


def fetch(directory: Path) -> list[Series]:
    """Brings in what the directory lacks and returns it; the empty list means all was there."""
    directory.mkdir(parents=True, exist_ok=True)
    lacking = [series for series in SERIES if not is_complete(series, directory)]
    if lacking:
        with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(download(Path(scratch))) as wheel:
            for series in lacking:
                content = gzip.decompress(wheel.read(series.member))
                check(series, content)
                write_atomically(directory / series.file_name, content)
    return lacking


def main(arguments: Sequence[str]) -> int:
    """Runs the program; exits 1 with a message if the data cannot be had or is not as expected."""
    parser = argparse.ArgumentParser(description="Puts real index history as CSV files into a directory.")
    parser.add_argument("--to", type=Path, required=True, metavar="DIRECTORY")
    directory = parser.parse_args(arguments).to
    try:
        fetched = fetch(directory)
    except (subprocess.CalledProcessError, OSError, KeyError, UnexpectedData) as error:
        print(f"market data: {error}", file=sys.stderr)
        return 1
    for series in SERIES:
        state = "fetched" if series in fetched else "there already"
        print(f"{directory / series.file_name}: {series.rows} days, {series.first_day} to {series.last_day}, {state}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
