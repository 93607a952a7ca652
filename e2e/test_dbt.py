"""dbt with its unmodified Redshift adapter: the project in dbt/ seeded, run, tested, run again and documented."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from needs import require
from warehouses import PASSWORD

PROJECT = Path(__file__).resolve().parent / "dbt"
VENV = PROJECT.parent / ".dbt-venv"


@pytest.fixture(scope="module")
def program() -> Path:
    """The dbt command, in an environment of its own: it wants other versions than the tests do."""
    require((3, 11) <= sys.version_info[:2] <= (3, 13), "dbt's requirements are frozen for Python 3.11 to 3.13")
    requirements = PROJECT / "requirements.txt"
    made_for = VENV / "requirements.txt"
    if not (made_for.exists() and made_for.read_bytes() == requirements.read_bytes()):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
        pip = [str(VENV / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", str(requirements)], check=True)
        shutil.copyfile(requirements, made_for)  # last: a half-made environment is made again
    return VENV / "bin" / "dbt"


def test_a_project_is_built_again_and_documented(program, warehouse, tmp_path):
    environment = {
        **os.environ,
        "RISK_PORT": str(warehouse.port),
        "RISK_PASSWORD": PASSWORD,
        "SSL_CERT_FILE": str(warehouse.authority),
        "DBT_TARGET_PATH": str(tmp_path / "target"),
        "DBT_LOG_PATH": str(tmp_path / "logs"),
        "DBT_PROJECT_DIR": str(PROJECT),
        "DBT_PROFILES_DIR": str(PROJECT),
    }

    def dbt(*words: str) -> str:
        done = subprocess.run(
            [str(program), "--no-use-colors", "--no-version-check", *words],
            env=environment, capture_output=True, text=True, timeout=600, check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "PASS=11 WARN=0 ERROR=0 SKIP=0" in dbt("build")
    exposure = "SELECT desk, limit_amount, amount, breached FROM risk.exposure ORDER BY desk"
    assert warehouse.psql(exposure).stdout == "equity|250000.50|125000.25|f\nrates|1000000.00|1100000|t\n"

    warehouse.psql("INSERT INTO risk.trade VALUES (4, 'equity', '2024-01-04', 200000)")
    assert "PASS=4 WARN=0 ERROR=0 SKIP=0" in dbt("run", "--exclude", "resource_type:seed")
    for model in ("trade_history", "trade_merged"):
        assert warehouse.psql(f"SELECT count(*), count(DISTINCT id) FROM risk.{model}").stdout == "4|4\n"
    assert warehouse.psql("SELECT amount FROM risk.exposure WHERE desk = 'equity'").stdout == "325000.25\n"

    dbt("docs", "generate")
    catalog = json.loads((tmp_path / "target" / "catalog.json").read_text())["nodes"]
    assert catalog["model.risk.open_trade"]["metadata"]["type"] == "VIEW"
    assert catalog["model.risk.open_trade"]["metadata"]["comment"] == "Trades that count"
    assert catalog["model.risk.exposure"]["metadata"]["type"] == "BASE TABLE"
    assert catalog["model.risk.exposure"]["columns"]["desk"]["type"].startswith("character varying")
