"""FilterLogEvents: over streams, by time and by pattern (CloudWatch Logs, filter pattern syntax)."""

import time

import pytest
from host_tasks import unique

LINES = [
    "[ERROR 400] BAD REQUEST",
    "[ERROR 401] UNAUTHORIZED REQUEST",
    "[ERROR 419] MISSING ARGUMENTS",
    "[ERROR 420] INVALID ARGUMENTS",
    "[WARN 101] slow answer",
    "error in lower case",
    "INTERNAL SERVER ERROR",
    "SERVER said: INTERNAL",
    "all is well",
]

DOCUMENTS = [
    '{"id": 1, "desk": "rates", "loss": 120.5, "user": {"name": "anna"}, "tags": ["a", "b"], "final": true}',
    '{"id": 2, "desk": "equity", "loss": 80, "user": {"name": "bert"}, "tags": [], "final": false, "note": null}',
    '{"id": 3, "desk": "rates-exotic", "loss": -3, "user": {"name": "carl"}, "tags": ["c"]}',
    "not a document: rates",
]


@pytest.fixture(scope="module")
def begin() -> int:
    return int(time.time() * 1000) - 60_000


def fill(logs, begin: int, lines: list[str]) -> str:
    """A group with the lines, a millisecond apart, dealt in turn to the streams `even` and `odd`."""
    group = unique("/e2e/filter")
    logs.create_log_group(logGroupName=group)
    events = [{"timestamp": begin + number, "message": line} for number, line in enumerate(lines)]
    for name, part in (("even", events[::2]), ("odd", events[1::2])):
        logs.create_log_stream(logGroupName=group, logStreamName=name)
        logs.put_log_events(logGroupName=group, logStreamName=name, logEvents=part)
    return group


@pytest.fixture(scope="module")
def lines(logs, begin):
    return fill(logs, begin, LINES)


@pytest.fixture(scope="module")
def documents(logs, begin):
    return fill(logs, begin, DOCUMENTS)


def found(logs, group: str, **filters) -> list[str]:
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, **filters)
    return [event["message"] for page in pages for event in page["events"]]


def test_all_events_of_all_streams_in_order(logs, lines, begin):
    assert found(logs, lines) == LINES
    event = logs.filter_log_events(logGroupName=lines)["events"][1]
    assert (event["logStreamName"], event["timestamp"], event["message"]) == ("odd", begin + 1, LINES[1])
    assert event["eventId"] and event["ingestionTime"] > begin


def test_event_ids_differ(logs, lines):
    ids = [event["eventId"] for event in logs.filter_log_events(logGroupName=lines)["events"]]
    assert len(set(ids)) == len(LINES)


@pytest.mark.parametrize(
    ("pattern", "numbers"),
    [
        ("", range(9)),
        ("ERROR", [0, 1, 2, 3, 6]),  # case matters
        ("ERROR ARGUMENTS", [2, 3]),  # both
        ("?ERROR ?WARN", [0, 1, 2, 3, 4, 6]),  # either
        ("ERROR -ARGUMENTS", [0, 1, 6]),  # one without the other
        ('"INTERNAL SERVER ERROR"', [6]),  # the phrase
        ('"SERVER said:"', [7]),  # what is not alphanumeric needs quotes
        ('"[ERROR 4" -INVALID', [0, 1, 2]),
        ('?"BAD REQUEST" ?well', [0, 8]),
        ("ABSENT", []),
    ],
)
def test_terms(logs, lines, pattern, numbers):
    assert found(logs, lines, filterPattern=pattern) == [LINES[number] for number in numbers]


@pytest.mark.parametrize(
    ("pattern", "ids"),
    [
        ('{ $.desk = "rates" }', [1]),
        ("{ $.desk = rates* }", [1, 3]),
        ('{ $.desk != "rates" }', [2, 3]),
        ("{ $.id = 2 }", [2]),
        ("{ $.loss > 100 }", [1]),
        ("{ $.loss <= 80 }", [2, 3]),
        ("{ $.loss < 0 }", [3]),
        ('{ $.user.name = "bert" }', [2]),
        ('{ $.tags[0] = "c" }', [3]),
        ('{ ($.desk = rates*) && ($.loss > 0) }', [1]),
        ('{ ($.id = 1) || ($.user.name = "carl") }', [1, 3]),
        ("{ $.final IS TRUE }", [1]),
        ("{ $.final IS FALSE }", [2]),
        ("{ $.note IS NULL }", [2]),
        ("{ $.final NOT EXISTS }", [3]),
    ],
)
def test_documents(logs, documents, pattern, ids):
    assert found(logs, documents, filterPattern=pattern) == [DOCUMENTS[number - 1] for number in ids]


@pytest.mark.parametrize("pattern", ["{ $.desk = ", '"no end', "{ desk = 1 }"])
def test_a_pattern_that_makes_no_sense(logs, documents, pattern):
    with pytest.raises(logs.exceptions.InvalidParameterException):
        logs.filter_log_events(logGroupName=documents, filterPattern=pattern)


def test_streams(logs, lines):
    assert found(logs, lines, logStreamNames=["odd"]) == LINES[1::2]
    assert found(logs, lines, logStreamNames=["odd", "even"]) == LINES
    assert found(logs, lines, logStreamNamePrefix="ev") == LINES[::2]
    with pytest.raises(logs.exceptions.InvalidParameterException):
        found(logs, lines, logStreamNames=["odd"], logStreamNamePrefix="ev")


def test_time_range_includes_both_ends(logs, lines, begin):
    assert found(logs, lines, startTime=begin + 2, endTime=begin + 4) == LINES[2:5]


def test_pages(logs, lines):
    pages = list(logs.get_paginator("filter_log_events").paginate(
        logGroupName=lines, filterPattern="ERROR", PaginationConfig={"PageSize": 2}))
    assert all(len(page["events"]) <= 2 for page in pages)
    assert [event["message"] for page in pages for event in page["events"]] == [
        LINES[number] for number in (0, 1, 2, 3, 6)
    ]
    assert "nextToken" not in pages[-1]


def test_a_made_up_token(logs, lines):
    with pytest.raises(logs.exceptions.InvalidParameterException):
        logs.filter_log_events(logGroupName=lines, nextToken="made up")
