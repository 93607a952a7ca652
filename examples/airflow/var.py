"""Value at risk of a position in one index, from the daily history of its closes.

Runs as a task on a registered host and needs nothing but Python 3.9 or later. It reads a CSV file
with the columns Date and Close, prints its progress line by line, and as its last line one JSON
object with the result, so that whoever reads the last log line (Airflow's XCom does) has it.

Environment:
    VAR_LIMIT  the most that the 10-day value at risk may be, in the currency of the notional;
               absent or empty means no limit

Exit codes:
    0  computed, within the limit
    2  bad input: the message names the value and what would be right
    3  computed, the 10-day value at risk exceeds VAR_LIMIT
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

OK = 0
BAD_INPUT = 2
LIMIT_BREACHED = 3

HORIZON_DAYS = 10
PROGRESS_STEPS = 5


class BadInput(Exception):
    """The input cannot be used; the message says what was wrong and what would be right."""


@dataclass(frozen=True)
class Close:
    """The closing level of the index on one trading day."""

    day: date
    level: float


@dataclass(frozen=True)
class Risk:
    """What a position can lose, in the currency of its notional; gains are negative."""

    value_at_risk: float
    expected_shortfall: float


def read_closes(file: Path) -> list[Close]:
    """Reads the closes of a CSV file, oldest first; days must ascend and levels be positive."""
    try:
        with file.open(newline="", encoding="utf-8") as lines:
            rows = csv.DictReader(lines)
            missing = {"Date", "Close"} - set(rows.fieldnames or ())
            if missing:
                raise BadInput(f"{file}: no column {', '.join(sorted(missing))}; Date and Close are needed")
            closes = [_close(row, f"{file} line {rows.line_num}") for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{file} cannot be read as CSV: {error}") from error
    for earlier, later in zip(closes, closes[1:]):
        if later.day <= earlier.day:
            raise BadInput(f"{file}: {later.day} follows {earlier.day}; days must ascend, each once")
    return closes


def _close(row: Mapping[str, str], where: str) -> Close:
    try:
        day = datetime.strptime(row["Date"] or "", "%m/%d/%Y").date()
        level = float(row["Close"] or "")
    except ValueError as error:
        raise BadInput(f"{where}: {error}; a line is month/day/year and a number") from error
    if not (math.isfinite(level) and level > 0):
        raise BadInput(f"{where}: the close is {level}; it must be a positive number")
    return Close(day, level)


def returns(levels: Sequence[float], days: int) -> list[float]:
    """Relative changes over each window of so many trading days, overlapping, oldest first."""
    return [after / before - 1 for before, after in zip(levels, levels[days:])]


def tail_risk(losses: Sequence[float], confidence: Fraction) -> Risk:
    """Value at risk and expected shortfall of equally likely losses.

    The value at risk is the smallest loss that is exceeded with a probability of at most
    1 - confidence; the expected shortfall is the mean of the worst 1 - confidence of the
    distribution, the loss on its edge counted by the part that lies inside.
    """
    worst_first = sorted(losses, reverse=True)
    tail = len(worst_first) * (1 - confidence)
    whole = math.floor(tail)
    edge = worst_first[whole]
    inside = math.fsum(worst_first[:whole]) + float(tail - whole) * edge
    return Risk(value_at_risk=edge, expected_shortfall=inside / float(tail))


def bootstrapped_losses(daily: Sequence[float], scenarios: int, seed: int) -> Iterator[float]:
    """Relative losses over the horizon if its days were drawn at random from the daily returns."""
    logarithms = [math.log1p(change) for change in daily]
    draw = random.Random(seed)
    for _ in range(scenarios):
        yield -math.expm1(sum(draw.choices(logarithms, k=HORIZON_DAYS)))


def with_progress(losses: Iterator[float], scenarios: int) -> Iterator[float]:
    """Passes the losses on and says how many have been drawn, a few times in all."""
    step = max(1, scenarios // PROGRESS_STEPS)
    for done, loss in enumerate(losses, start=1):
        yield loss
        if done % step == 0:
            say("INFO", f"bootstrap: {done:,} of {scenarios:,} scenarios")


def scaled(risk: Risk, notional: float) -> Risk:
    """The risk of a whole position from the risk per unit of notional, rounded to cents."""
    return Risk(round(risk.value_at_risk * notional, 2), round(risk.expected_shortfall * notional, 2))


def compute(closes: Sequence[Close], options: argparse.Namespace) -> dict:
    """The result object: inputs, the historical figures for one and ten days, and the bootstrap."""
    levels = [close.level for close in closes]
    needed = math.ceil(1 / (1 - options.confidence)) + HORIZON_DAYS
    if len(levels) < needed:
        raise BadInput(f"{len(levels)} closes; a confidence of {float(options.confidence)} needs {needed}")
    daily = returns(levels, 1)

    def historical(days: int) -> Risk:
        losses = [-change for change in returns(levels, days)]
        return scaled(tail_risk(losses, options.confidence), options.notional)

    one_day, ten_days = historical(1), historical(HORIZON_DAYS)
    for days, risk in ((1, one_day), (HORIZON_DAYS, ten_days)):
        say("INFO", f"historical simulation, {days} day(s): value at risk {risk.value_at_risk:,.0f}, "
                    f"expected shortfall {risk.expected_shortfall:,.0f}")
    drawn = with_progress(bootstrapped_losses(daily, options.scenarios, options.seed), options.scenarios)
    bootstrap = scaled(tail_risk(list(drawn), options.confidence), options.notional)
    say("INFO", f"bootstrap, {HORIZON_DAYS} days: value at risk {bootstrap.value_at_risk:,.0f}, "
                f"expected shortfall {bootstrap.expected_shortfall:,.0f}")
    return {
        "instrument": options.prices.stem,
        "first_day": closes[0].day.isoformat(),
        "last_day": closes[-1].day.isoformat(),
        "observations": len(daily),
        "notional": options.notional,
        "confidence": float(options.confidence),
        "one_day": asdict(one_day),
        "ten_days": asdict(ten_days),
        "ten_days_bootstrap": {**asdict(bootstrap), "scenarios": options.scenarios, "seed": options.seed},
    }


def limit_from(environment: Mapping[str, str]) -> float | None:
    """The limit that VAR_LIMIT sets, or None."""
    text = environment.get("VAR_LIMIT", "")
    if not text:
        return None
    try:
        limit = float(text)
    except ValueError:
        limit = math.nan
    if not (math.isfinite(limit) and limit >= 0):
        raise BadInput(f"VAR_LIMIT is '{text}'; it must be an amount of zero or more")
    return limit


def say(level: str, message: str) -> None:
    """Prints one log line at once; Airflow's task log takes its level from the first word."""
    print(f"{level} {message}", flush=True)


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Runs the program and returns its exit code."""
    options = _options(arguments)
    try:
        limit = limit_from(environment)
        closes = read_closes(options.prices)
        say("INFO", f"{len(closes):,} closes in {options.prices}")
        result = compute(closes, options)
    except BadInput as error:
        say("ERROR", str(error))
        return BAD_INPUT
    breached = limit is not None and result["ten_days"]["value_at_risk"] > limit
    if breached:
        say("ERROR", f"limit breached: {HORIZON_DAYS}-day value at risk "
                     f"{result['ten_days']['value_at_risk']:,.0f} > {limit:,.0f}")
    print(json.dumps({**result, "limit": limit, "limit_breached": breached}), flush=True)
    return LIMIT_BREACHED if breached else OK


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Value at risk from the daily closes of an index.")
    parser.add_argument("--prices", type=Path, required=True, help="CSV file with Date and Close")
    parser.add_argument("--notional", type=_positive_amount, default=10_000_000.0, help="size of the position")
    parser.add_argument("--confidence", type=_confidence, default=Fraction("0.99"), help="such as 0.99")
    parser.add_argument("--scenarios", type=_count, default=100_000, help="bootstrap scenarios, 1000 or more")
    parser.add_argument("--seed", type=int, default=2022, help="makes the bootstrap repeatable")
    return parser.parse_args(arguments)


def _positive_amount(text: str) -> float:
    value = float(text)
    if not (math.isfinite(value) and value > 0):
        raise ValueError(text)
    return value


def _confidence(text: str) -> Fraction:
    value = Fraction(text)
    if not Fraction(1, 2) <= value <= Fraction(999, 1000):
        raise argparse.ArgumentTypeError(f"{text} is not between 0.5 and 0.999")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 1000:
        raise argparse.ArgumentTypeError(f"{text} is less than 1000")
    return value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
