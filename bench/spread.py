"""What is told of repeated measurements."""

import statistics


def median(values: list[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def percentile(values: list[float], percent: int) -> float:
    """The value that `percent` of all do not exceed, interpolated; the value itself when there is only one."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def low_to_high(values: list[float], form: str) -> str:
    """The smallest and the largest, each in the format `form`."""
    return f"{min(values):{form}} to {max(values):{form}}"
