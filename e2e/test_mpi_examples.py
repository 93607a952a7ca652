"""The MPI examples on this machine alone: what they compute, and that the number of ranks does not matter."""

import datetime
import importlib.util
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
from fractions import Fraction

import pytest
from installation import ROOT
from needs import require

EXAMPLES = ROOT / "examples"
MASK = 2**64 - 1


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """The directory of the examples as it is on a cluster: copied there, made there."""
    for tool in ("make", "mpicc", "mpirun"):
        require(shutil.which(tool) is not None, f"needs {tool} (Debian: make, gcc, libopenmpi-dev, openmpi-bin)")
    directory = tmp_path_factory.mktemp("mpi") / "hpc"
    shutil.copytree(EXAMPLES / "hpc", directory)
    subprocess.run(["make", "-s", "clean"], cwd=directory, check=True, timeout=60)
    made = subprocess.run(["make", "-s"], cwd=directory, capture_output=True, text=True, timeout=300, check=False)
    assert (made.returncode, made.stderr) == (0, "")  # no warning either
    return directory


@pytest.fixture(scope="module")
def reference():
    """The Airflow example's program, which does the same by other means."""
    spec = importlib.util.spec_from_file_location("risk_program", EXAMPLES / "airflow" / "var.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def run(directory, ranks, program, *arguments) -> subprocess.CompletedProcess:
    """Runs a program with so many ranks; one alone without mpirun, which takes far longer than what is tested."""
    # More ranks than processors are fine here, and a rank must not be tied to the one that another test keeps busy.
    mpirun = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(ranks)] if ranks > 1 else []
    return subprocess.run(
        [*mpirun, f"./{program}", *map(str, arguments)], cwd=directory,
        env={**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"},
        capture_output=True, text=True, timeout=120, check=False,
    )


def output(directory, ranks, program, *arguments) -> str:
    done = run(directory, ranks, program, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def splitmix64(seed, number) -> int:
    def mix(bits):
        bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9 & MASK
        bits = (bits ^ bits >> 27) * 0x94D049BB133111EB & MASK
        return bits ^ bits >> 31

    return mix(mix(seed) + (number + 1) * 0x9E3779B97F4A7C15 & MASK)


@pytest.fixture(scope="module")
def levels() -> list[float]:
    """A thousand closes with the occasional great loss."""
    draw = random.Random(5)
    closes = [1000.0]
    for _ in range(999):
        closes.append(round(closes[-1] * math.exp(draw.gauss(0.0002, 0.04 if draw.random() < 0.05 else 0.008)), 2))
    return closes


@pytest.fixture(scope="module")
def prices(tmp_path_factory, levels):
    """The same as a file with the columns that the market data have."""
    first = datetime.date(2014, 1, 1)
    days = [first + datetime.timedelta(days=number) for number in range(len(levels))]
    lines = [f"{day.month}/{day.day}/{day.year},,,,{level},1,1" for day, level in zip(days, levels)]
    file = tmp_path_factory.mktemp("prices") / "index.csv"
    file.write_text("\n".join(["Date,Open,High,Low,Close,Adj Close,Volume", *lines]) + "\n")
    return file


def test_every_rank_says_hello(programs):
    lines = output(programs, 4, "hello").splitlines()
    assert sorted(lines) == [f"rank {rank} of 4 on {os.uname().nodename}" for rank in range(4)]


@pytest.mark.parametrize("ranks", [1, 4])
def test_token_comes_back(programs, ranks):
    assert re.fullmatch(rf"20 laps of {ranks} ranks: \d+\.\d\d microseconds a lap\n", output(programs, ranks, "ring", 20))


@pytest.mark.parametrize("ranks", [1, 4])
def test_pi_of_the_same_points(programs, ranks):
    points, seed = 10_000, 3
    draws = [[(splitmix64(seed, 2 * point + side) >> 11) / 2**53 for side in (0, 1)] for point in range(points)]
    inside = sum(x * x + y * y < 1 for x, y in draws)
    said = re.match(r"pi is about (\S+), off by (\S+) ", output(programs, ranks, "pi", points, seed))
    assert float(said[1]) == pytest.approx(4 * inside / points, abs=1e-9)
    assert float(said[2]) == pytest.approx(4 * inside / points - math.pi, abs=1e-9)


def test_latency_of_each_size(programs):
    header, *rows = [line.split() for line in output(programs, 2, "latency", 3).splitlines()]
    assert header == ["bytes", "microseconds", "MB/s"]
    assert [int(row[0]) for row in rows] == [0, *(4**power for power in range(12))]
    assert all(float(row[1]) > 0 for row in rows)


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        (["latency"], "latency needs 2 or more"),
        (["ring", "-1"], "the number of laps is '-1'"),
        (["var", "--prices", "absent.csv"], "absent.csv: cannot be opened: No such file"),
        (["var", "--prices", "absent.csv", "--confidence", "1"], "--confidence is '1'"),
    ],
)
def test_bad_arguments(programs, command, complaint):
    done = run(programs, 1, *command)
    assert done.returncode == 2
    assert complaint in done.stderr and done.stdout == ""


def test_risk_is_the_same_for_any_number_of_ranks_and_as_defined(programs, prices, levels, reference):
    # So many paths four ranks cannot share evenly; a tenth of them is whole, which 1 - 0.9 in binary would miss.
    arguments = ["--prices", prices, "--paths", 1010, "--horizon", 5, "--confidence", 0.9, "--seed", 11]
    daily = [math.log(after / before) for before, after in zip(levels, levels[1:])]
    draws = [[(splitmix64(11, 5 * path + day) >> 32) * 999 >> 32 for day in range(5)] for path in range(1010)]
    risk = reference.tail_risk([-math.expm1(sum(daily[drawn] for drawn in days)) for days in draws], Fraction("0.9"))
    for ranks in (1, 2, 4):
        result = json.loads(output(programs, ranks, "var", *arguments))
        assert result["var"] == pytest.approx(risk.value_at_risk * 1e7, abs=0.011)
        assert result["expected_shortfall"] == pytest.approx(risk.expected_shortfall * 1e7, abs=0.011)
        assert result["seconds"] >= 0
        assert (result["paths"], result["ranks"], result["observations"]) == (1010, ranks, 999)
        assert (result["horizon_days"], result["confidence"], result["seed"]) == (5, 0.9, 11)


def test_risk_agrees_with_other_random_numbers(programs, prices, levels, reference):
    losses = list(reference.bootstrapped_losses(reference.returns(levels, 1), 50_000, seed=1))
    risk = reference.tail_risk(losses, Fraction("0.99"))
    result = json.loads(output(programs, 2, "var", "--prices", prices, "--paths", 200_000, "--notional", 1_000_000))
    assert result["horizon_days"] == reference.HORIZON_DAYS
    assert result["var"] == pytest.approx(risk.value_at_risk * 1e6, rel=0.05)
    assert result["expected_shortfall"] == pytest.approx(risk.expected_shortfall * 1e6, rel=0.05)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "line 1: no column Date; Date and Close are needed"),
        ("Date,Open\n1/2/2020,1\n", "line 1: no column Close; Date and Close are needed"),
        ("Date,Close\n1/2/2020,1\n1/3/2020,much\n", "line 3: Close is 'much'; it must be a positive number"),
        ("Date,Close\n1/2/2020\n", "line 2: Close is ''; it must be a positive number"),
        ("Date,Close\n2/30/2020,1\n", "line 2: Date is '2/30/2020'; it must be a day as month/day/year"),
        ("Date,Close\n1/2/2020,0x1p4\n", "line 2: Close is '0x1p4'"),
        ("Date,Close\n1/2/2020,nan\n", "line 2: Close is 'nan'"),
        ("Date,Close\n1/2/2020,1\0,5\n", "line 2: a zero byte after '1/2/2020,1'; it must be text"),
        ("Date,Close\n1/2/2020,-1\n", "line 2: Close is '-1'"),
        ("Date,Close\n1/3/2020,1\n1/2/2020,1\n", "line 3: 20200102 follows 20200103; days must ascend, each once"),
        ("Date,Close\n1/2/2020,1\n1/3/2020,1\n", "1 returns; a confidence of 0.99 needs 100"),
    ],
)
def test_bad_file(programs, tmp_path, content, complaint):
    file = tmp_path / "bad.csv"
    file.write_text(content)
    done = run(programs, 1, "var", "--prices", file)
    assert done.returncode == 2
    assert f"{file} {complaint}" in done.stderr or f"{file}: {complaint}" in done.stderr
    assert done.stdout == ""


def test_bad_file_ends_all_ranks(programs, tmp_path):
    file = tmp_path / "bad.csv"
    file.write_text("Date,Close\n1/2/2020,much\n")
    done = run(programs, 4, "var", "--prices", file)
    assert done.returncode == 2
    assert done.stderr.count(f"{file} line 2: Close is 'much'; it must be a positive number") == 1
