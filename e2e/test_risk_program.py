"""The risk program and its data, without the platform: small inputs with answers computed by hand."""

import datetime
import importlib.util
import json
import subprocess
import sys
from fractions import Fraction

import pytest
from installation import ROOT

AIRFLOW = ROOT / "examples" / "airflow"
PROGRAM = AIRFLOW / "var.py"


@pytest.fixture(scope="module")
def var():
    spec = importlib.util.spec_from_file_location("risk_program", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def run(*arguments, limit: str = "") -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, str(PROGRAM), *map(str, arguments)],
        env={"VAR_LIMIT": limit}, capture_output=True, text=True, timeout=180, check=False,
    )


def prices(directory, levels):
    """A CSV file with these closes on successive days."""
    first = datetime.date(2020, 1, 1)
    days = [first + datetime.timedelta(days=number) for number in range(len(levels))]
    lines = [f"{day.month}/{day.day}/{day.year},{level}" for day, level in zip(days, levels)]
    file = directory / "index.csv"
    file.write_text("\n".join(["Date,Close", *lines]) + "\n")
    return file


def test_returns_are_relative_changes_over_overlapping_windows(var):
    assert var.returns([100, 110, 99], 1) == pytest.approx([0.1, -0.1])
    assert var.returns([100, 110, 99], 2) == pytest.approx([-0.01])


@pytest.mark.parametrize(
    ("count", "confidence", "value_at_risk", "expected_shortfall"),
    [
        (100, "0.99", 99, 100),  # only the loss of 100 is worse than 99; the worst hundredth is that one
        (10, "0.75", 8, 9.2),  # the worst 2.5 of ten: 10, 9 and half of 8, over 2.5
        (4, "0.5", 2, 3.5),
    ],
)
def test_tail_of_the_losses_one_to_n(var, count, confidence, value_at_risk, expected_shortfall):
    risk = var.tail_risk(range(1, count + 1), Fraction(confidence))
    assert risk.value_at_risk == value_at_risk
    assert risk.expected_shortfall == pytest.approx(expected_shortfall)


def test_bootstrap_is_repeatable_and_exact_when_every_day_is_alike(var):
    losses = list(var.bootstrapped_losses([-0.01] * 5, scenarios=3, seed=1))
    assert losses == pytest.approx([1 - 0.99**10] * 3)
    mixed = [list(var.bootstrapped_losses([-0.02, 0.0, 0.03], 50, seed)) for seed in (7, 7, 8)]
    assert mixed[0] == mixed[1] != mixed[2]


def test_one_fall_of_a_tenth(tmp_path):
    # 110 closes: 100 until the third last day, 90 from then on. Of the 100 ten-day windows three end
    # after the fall, so the worst fiftieth (two of them) loses a tenth of the position.
    file = prices(tmp_path, [100] * 107 + [90] * 3)
    done = run("--prices", file, "--notional", 1_000_000, "--confidence", "0.98", "--scenarios", 1000)
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["ten_days"] == {"value_at_risk": 100_000.0, "expected_shortfall": 100_000.0}
    # one of 109 days lost a tenth, the worst fiftieth of 109 days is 2.18 days
    assert result["one_day"] == {"value_at_risk": 0.0, "expected_shortfall": round(100_000 / 2.18, 2)}
    assert result["observations"] == 109
    assert (result["first_day"], result["last_day"]) == ("2020-01-01", "2020-04-19")
    assert result["limit"] is None and result["limit_breached"] is False


@pytest.mark.parametrize(("limit", "code"), [("100000", 0), ("99999.99", 3), ("0", 3)])
def test_limit(tmp_path, limit, code):
    file = prices(tmp_path, [100] * 107 + [90] * 3)
    done = run("--prices", file, "--notional", 1_000_000, "--confidence", "0.98", "--scenarios", 1000, limit=limit)
    assert done.returncode == code
    assert ("limit breached" in done.stdout) == (code == 3)
    assert json.loads(done.stdout.splitlines()[-1])["limit_breached"] == (code == 3)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "no column Close, Date"),
        ("Date,Open\n1/2/2020,1\n", "no column Close"),
        ("Date,Close\n1/2/2020,much\n", "line 2"),
        ("Date,Close\n1/2/2020\n", "line 2"),
        ("Date,Close\n2020-01-02,1\n", "line 2"),
        ("Date,Close\n1/2/2020,-1\n", "must be a positive number"),
        ("Date,Close\n1/2/2020,nan\n", "must be a positive number"),
        ("Date,Close\n1/3/2020,1\n1/2/2020,1\n", "days must ascend"),
        ("Date,Close\n1/2/2020,1\n1/3/2020,1\n", "2 closes; a confidence of 0.99 needs 110"),
    ],
)
def test_bad_file(tmp_path, content, complaint):
    file = tmp_path / "bad.csv"
    file.write_text(content)
    done = run("--prices", file)
    assert done.returncode == 2
    assert complaint in done.stdout and "Traceback" not in done.stderr


def test_bad_arguments_and_limit(tmp_path):
    file = prices(tmp_path, range(1, 120))
    missing = run("--prices", tmp_path / "absent.csv")
    assert missing.returncode == 2 and "absent.csv" in missing.stdout
    for option, value in [("--notional", "-1"), ("--confidence", "1"), ("--scenarios", "3")]:
        refused = run("--prices", file, option, value)
        assert refused.returncode == 2 and option in refused.stderr
    odd = run("--prices", file, limit="plenty")
    assert odd.returncode == 2 and "VAR_LIMIT is 'plenty'" in odd.stdout


def test_real_history(market_data):
    done = run("--prices", market_data / "sp500.csv")
    assert done.returncode == 0
    result = json.loads(done.stdout.splitlines()[-1])
    assert (result["first_day"], result["last_day"]) == ("1999-01-04", "2018-12-31")
    # the hundredth-worst day of these twenty years lost a little over three in a hundred
    assert 0.03 < result["one_day"]["value_at_risk"] / result["notional"] < 0.04
    assert result["ten_days"]["expected_shortfall"] > result["ten_days"]["value_at_risk"]
    assert result["ten_days_bootstrap"]["value_at_risk"] == pytest.approx(result["ten_days"]["value_at_risk"], rel=0.15)


def test_fetching_again_repairs_what_is_damaged_and_touches_nothing_else(market_data, tmp_path):
    for name in ("sp500.csv", "nasdaq.csv"):
        (tmp_path / name).write_bytes((market_data / name).read_bytes())
    (tmp_path / "sp500.csv").write_text("Date,Close\n")
    untouched = (tmp_path / "nasdaq.csv").stat()
    done = subprocess.run(
        [sys.executable, str(AIRFLOW / "fetch_market_data.py"), "--to", str(tmp_path)],
        capture_output=True, text=True, timeout=120, check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "sp500.csv").read_bytes() == (market_data / "sp500.csv").read_bytes()
    assert (tmp_path / "nasdaq.csv").stat().st_mtime_ns == untouched.st_mtime_ns
    assert sorted(file.name for file in tmp_path.iterdir()) == ["nasdaq.csv", "sp500.csv"]
