"""Runs an Airflow of its own on the DAGs beside this file.

    python3 local_airflow.py --home DIRECTORY [--venv DIRECTORY] [AIRFLOW ARGUMENTS]

makes the virtual environment from requirements.txt and the database in the home directory if they
are not there yet or not of these requirements, and then becomes `airflow AIRFLOW ARGUMENTS`;
without arguments it only prepares. Where the platform is and who calls it comes from the usual AWS
variables (see `groundplane env`). Needs Python 3.11, 3.12 or 3.13 with venv.
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.txt"
INSTALLER = "uv==0.13.9"
STAMP = ".prepared-for"


def fingerprint() -> str:
    """Tells one frozen set of requirements on one Python from another."""
    return hashlib.sha256(f"{sys.version_info[:2]} {INSTALLER} {REQUIREMENTS.read_text()}".encode()).hexdigest()


def is_prepared(directory: Path) -> bool:
    """Whether the directory was completed for these requirements."""
    stamp = directory / STAMP
    return stamp.is_file() and stamp.read_text() == fingerprint()


def prepare_venv(venv: Path) -> None:
    """Makes the virtual environment anew unless it is prepared; uv installs far faster than pip."""
    if is_prepared(venv):
        return
    say(f"installing Airflow into {venv}")
    shutil.rmtree(venv, ignore_errors=True)
    run([sys.executable, "-m", "venv", venv])
    python = venv / "bin" / "python"
    run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", INSTALLER])
    run([python, "-m", "uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", python,
         "--requirement", REQUIREMENTS])
    (venv / STAMP).write_text(fingerprint())


def prepare_home(venv: Path, home: Path) -> None:
    """Creates Airflow's database, or brings it to the schema of these requirements."""
    if is_prepared(home):
        return
    say(f"creating Airflow's database in {home}")
    with (home / "db-migrate.log").open("wb") as log:
        run([venv / "bin" / "airflow", "db", "migrate"], environment(venv, home), log)
    never_reuse_trigger_ids(home / "airflow.db")
    (home / STAMP).write_text(fingerprint())


def never_reuse_trigger_ids(database: Path) -> None:
    """Lets SQLite number triggers as other databases do; without effect when Airflow keeps its data elsewhere.

    SQLite would give the number of a deleted trigger to the next one. A triggerer that has not yet
    let go of the first then hands its event to the task of the second, which ends with a result that
    is not its own.
    """
    if not database.exists():
        return
    with closing(sqlite3.connect(database)) as connection:
        (version,) = connection.execute("PRAGMA schema_version").fetchone()
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'PRIMARY KEY (id)', 'PRIMARY KEY (id AUTOINCREMENT)')"
            " WHERE type = 'table' AND name = 'trigger'"
        )
        connection.execute(f"PRAGMA schema_version = {version + 1}")
        connection.commit()


def environment(venv: Path, home: Path) -> dict[str, str]:
    """Airflow's environment: what it needs to run by itself, below what the caller has set."""
    ours = {
        "AIRFLOW__CORE__DAGS_FOLDER": str(HERE / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW_CONN_AWS_DEFAULT": '{"conn_type": "aws"}',  # credentials and endpoint from AWS_* variables
    }
    path = os.pathsep.join([str(venv / "bin"), os.environ.get("PATH", os.defpath)])
    return {**ours, **os.environ, "AIRFLOW_HOME": str(home), "PATH": path}


def run(command: Sequence[object], env: dict[str, str] | None = None, output=None) -> None:
    """Runs a command to its end; raises CalledProcessError if it fails."""
    subprocess.run([str(word) for word in command], check=True, env=env, stdout=output, stderr=output)


def say(message: str) -> None:
    """Prints a line of progress; standard output belongs to Airflow."""
    print(message, file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Prepares, then replaces this process by Airflow if there is something for it to do."""
    parser = argparse.ArgumentParser(description="Runs an Airflow of its own on the DAGs beside this file.")
    parser.add_argument("--home", type=Path, required=True, help="AIRFLOW_HOME: database and logs")
    parser.add_argument("--venv", type=Path, help="the virtual environment, default: venv in the home directory")
    parser.add_argument("airflow", nargs=argparse.REMAINDER, help="arguments for airflow, such as: dags test bank_risk")
    options = parser.parse_args(arguments)
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        say(f"Python 3.11, 3.12 or 3.13 is needed, this is {sys.version.split()[0]}")
        return 1
    home = options.home.absolute()
    venv = (options.venv or home / "venv").absolute()
    home.mkdir(parents=True, exist_ok=True)
    venv.parent.mkdir(parents=True, exist_ok=True)
    try:
        with venv.with_name(f"{venv.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            prepare_venv(venv)
            prepare_home(venv, home)
    except subprocess.CalledProcessError as error:
        say(f"could not prepare Airflow: {error}")
        return 1
    if options.airflow:
        airflow = str(venv / "bin" / "airflow")
        os.execve(airflow, [airflow, *options.airflow], environment(venv, home))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
