"""CloudWatch Logs: groups, streams, and reading and writing one stream."""

import time

import pytest
from botocore.exceptions import ClientError
from host_tasks import unique

HOUR = 3_600_000
DAY = 24 * HOUR


def now() -> int:
    return int(time.time() * 1000)


@pytest.fixture
def group(logs):
    name = unique("/e2e/group")
    logs.create_log_group(logGroupName=name)
    yield name
    logs.delete_log_group(logGroupName=name)


@pytest.fixture
def stream(logs, group):
    logs.create_log_stream(logGroupName=group, logStreamName="main")
    return {"logGroupName": group, "logStreamName": "main"}


def put(logs, stream: dict, *events: tuple[int, str]) -> dict:
    return logs.put_log_events(
        **stream, logEvents=[{"timestamp": timestamp, "message": message} for timestamp, message in events]
    )


def messages(page: dict) -> list[str]:
    return [event["message"] for event in page["events"]]


@pytest.fixture
def ten(logs, stream):
    """A stream with the messages 0 to 9, one millisecond apart from the returned time on."""
    begin = now() - 1000
    put(logs, stream, *[(begin + number, str(number)) for number in range(10)])
    return begin


def test_a_group(logs, sts, group):
    account = sts.get_caller_identity()["Account"]
    (described,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert described["logGroupName"] == group
    assert described["arn"] == f"arn:aws:logs:us-east-1:{account}:log-group:{group}:*"
    assert abs(described["creationTime"] - now()) < 60_000
    assert "retentionInDays" not in described
    with pytest.raises(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_group(logGroupName=group)


def test_groups_by_prefix_and_in_pages(logs):
    prefix = unique("/e2e/many")
    names = [f"{prefix}/{number}" for number in range(5)]
    for name in names:
        logs.create_log_group(logGroupName=name)
    paginator = logs.get_paginator("describe_log_groups")
    pages = list(paginator.paginate(logGroupNamePrefix=prefix, PaginationConfig={"PageSize": 2}))
    assert [one["logGroupName"] for page in pages for one in page["logGroups"]] == names
    assert all(len(page["logGroups"]) <= 2 for page in pages)
    for name in names:
        logs.delete_log_group(logGroupName=name)
    assert logs.describe_log_groups(logGroupNamePrefix=prefix)["logGroups"] == []


def test_a_stream(logs, stream):
    with pytest.raises(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_stream(**stream)
    begin = now()
    put(logs, stream, (begin, "one"), (begin + 5, "two"))
    (described,) = logs.describe_log_streams(logGroupName=stream["logGroupName"])["logStreams"]
    assert described["logStreamName"] == "main" and described["arn"].endswith(":log-stream:main")
    assert (described["firstEventTimestamp"], described["lastEventTimestamp"]) == (begin, begin + 5)
    logs.delete_log_stream(**stream)
    assert logs.describe_log_streams(logGroupName=stream["logGroupName"])["logStreams"] == []
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.get_log_events(**stream)


def test_streams_in_order(logs, group):
    for number, name in enumerate(["b/1", "a/1", "a/2"]):
        logs.create_log_stream(logGroupName=group, logStreamName=name)
        put(logs, {"logGroupName": group, "logStreamName": name}, (now() - 10_000 + number, "x"))

    def names(**order) -> list[str]:
        return [one["logStreamName"] for one in logs.describe_log_streams(logGroupName=group, **order)["logStreams"]]

    assert names() == ["a/1", "a/2", "b/1"]
    assert names(descending=True) == ["b/1", "a/2", "a/1"]
    assert names(logStreamNamePrefix="a/") == ["a/1", "a/2"]
    assert names(orderBy="LastEventTime", descending=True) == ["a/2", "a/1", "b/1"]
    with pytest.raises(logs.exceptions.InvalidParameterException):
        names(orderBy="LastEventTime", logStreamNamePrefix="a/")


@pytest.mark.parametrize("name", ["with space", "colon:", "aws/mine"])
def test_bad_group_name(logs, name):
    with pytest.raises(logs.exceptions.InvalidParameterException):
        logs.create_log_group(logGroupName=name)


@pytest.mark.parametrize("name", ["colon:", "star*"])
def test_bad_stream_name(logs, group, name):
    with pytest.raises(logs.exceptions.InvalidParameterException):
        logs.create_log_stream(logGroupName=group, logStreamName=name)


def test_what_is_not_there(logs, group):
    absent = {"logGroupName": unique("/e2e/absent"), "logStreamName": "main"}
    no_stream = {"logGroupName": group, "logStreamName": "absent"}
    calls = [
        lambda: put(logs, absent, (now(), "x")),
        lambda: put(logs, no_stream, (now(), "x")),
        lambda: logs.get_log_events(**no_stream),
        lambda: logs.create_log_stream(**absent),
        lambda: logs.delete_log_stream(**no_stream),
        lambda: logs.describe_log_streams(logGroupName=absent["logGroupName"]),
        lambda: logs.filter_log_events(logGroupName=absent["logGroupName"]),
        lambda: logs.delete_log_group(logGroupName=absent["logGroupName"]),
        lambda: logs.put_retention_policy(logGroupName=absent["logGroupName"], retentionInDays=1),
    ]
    for call in calls:
        with pytest.raises(logs.exceptions.ResourceNotFoundException):
            call()


def test_retention(logs, group):
    logs.put_retention_policy(logGroupName=group, retentionInDays=30)
    (described,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert described["retentionInDays"] == 30
    with pytest.raises(logs.exceptions.InvalidParameterException):
        logs.put_retention_policy(logGroupName=group, retentionInDays=2)
    logs.delete_retention_policy(logGroupName=group)
    (described,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert "retentionInDays" not in described


def test_events_come_back_as_they_were(logs, stream):
    begin = now()
    put(logs, stream, (begin, "grün \t 日本 \U0001f600"), (begin, "same time"), (begin + 1, '{"a": 1}'))
    page = logs.get_log_events(**stream, startFromHead=True)
    assert messages(page) == ["grün \t 日本 \U0001f600", "same time", '{"a": 1}']
    assert [event["timestamp"] for event in page["events"]] == [begin, begin, begin + 1]
    assert all(abs(event["ingestionTime"] - now()) < 60_000 for event in page["events"])


def test_an_empty_stream_has_tokens_too(logs, stream):
    page = logs.get_log_events(**stream, startFromHead=True)
    assert page["events"] == [] and page["nextForwardToken"] and page["nextBackwardToken"]


def test_forward_to_the_end_and_on(logs, stream, ten):
    read, token = [], None
    for _ in range(20):
        page = logs.get_log_events(
            **stream, startFromHead=True, limit=3, **({"nextToken": token} if token else {})
        )
        read.append(messages(page))
        if page["nextForwardToken"] == token:
            break
        token = page["nextForwardToken"]
    assert [message for page in read for message in page] == [str(number) for number in range(10)]
    assert read[0] == ["0", "1", "2"] and read[-1] == []
    put(logs, stream, (ten + 500, "later"))
    assert messages(logs.get_log_events(**stream, startFromHead=True, nextToken=token)) == ["later"]


def test_backward_to_the_beginning(logs, stream, ten):
    page = logs.get_log_events(**stream, limit=4)
    assert messages(page) == ["6", "7", "8", "9"]  # the latest, and in ascending order all the same
    read = [messages(page)]
    while True:
        token = page["nextBackwardToken"]
        page = logs.get_log_events(**stream, limit=4, nextToken=token)
        if page["nextBackwardToken"] == token:
            assert page["events"] == []
            break
        read.append(messages(page))
    assert read[1:3] == [["2", "3", "4", "5"], ["0", "1"]]


def test_there_and_back(logs, stream, ten):
    first = logs.get_log_events(**stream, startFromHead=True, limit=3)
    second = logs.get_log_events(**stream, startFromHead=True, limit=3, nextToken=first["nextForwardToken"])
    back = logs.get_log_events(**stream, startFromHead=True, limit=3, nextToken=second["nextBackwardToken"])
    assert messages(second) == ["3", "4", "5"] and messages(back) == ["0", "1", "2"]


def test_time_range_includes_its_start_and_excludes_its_end(logs, stream, ten):
    page = logs.get_log_events(**stream, startTime=ten + 2, endTime=ten + 5, startFromHead=True)
    assert messages(page) == ["2", "3", "4"]


def test_a_made_up_token(logs, stream, ten):
    with pytest.raises(logs.exceptions.InvalidParameterException):
        logs.get_log_events(**stream, nextToken="made up")


def test_events_of_later_calls_find_their_place_by_time(logs, stream):
    begin = now() - 1000
    put(logs, stream, (begin + 10, "second"))
    put(logs, stream, (begin, "first"), (begin + 20, "third"))
    assert messages(logs.get_log_events(**stream, startFromHead=True)) == ["first", "second", "third"]


def test_a_batch_must_be_in_order(logs, stream):
    with pytest.raises(logs.exceptions.InvalidParameterException, match="chronological order"):
        put(logs, stream, (now(), "b"), (now() - 10_000, "a"))


def test_a_batch_spans_a_day_at_most(logs, stream):
    end = now()
    with pytest.raises(logs.exceptions.InvalidParameterException, match="24 hours"):
        put(logs, stream, (end - DAY - HOUR, "a"), (end, "b"))
    put(logs, stream, (end - DAY + HOUR, "a"), (end, "b"))


def test_what_is_too_old_or_too_new_is_rejected_and_the_rest_is_kept(logs, stream):
    at = now()
    answer = put(logs, stream, (at - 15 * DAY, "old"), (at - 15 * DAY + 1, "old"), (at, "kept"), (at + 3 * HOUR, "new"))
    assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 2, "tooNewLogEventStartIndex": 3}
    assert messages(logs.get_log_events(**stream, startFromHead=True)) == ["kept"]


def test_what_retention_has_passed_is_rejected(logs, group, stream):
    logs.put_retention_policy(logGroupName=group, retentionInDays=1)
    at = now()
    answer = put(logs, stream, (at - 2 * DAY, "expired"), (at, "kept"))
    assert answer["rejectedLogEventsInfo"] == {"expiredLogEventEndIndex": 1}
    assert messages(logs.get_log_events(**stream, startFromHead=True)) == ["kept"]


def test_a_batch_has_a_mebibyte_at_most_counting_26_bytes_for_each_event(logs, stream):
    limit = 1_048_576
    size = limit // 4 - 26
    put(logs, stream, *[(now(), "x" * size)] * 4)
    with pytest.raises(ClientError) as caught:
        put(logs, stream, *[(now(), "x" * size)] * 3, (now(), "x" * (size + 1)))
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"
    assert len(logs.get_log_events(**stream, startFromHead=True)["events"]) == 4


def test_a_batch_has_ten_thousand_events_at_most(logs, stream):
    put(logs, stream, *[(now(), "x")] * 10_000)
    with pytest.raises(logs.exceptions.InvalidParameterException):
        put(logs, stream, *[(now(), "x")] * 10_001)


def test_a_sequence_token_is_ignored(logs, stream):
    event = {"timestamp": now(), "message": "x"}
    for _ in range(2):
        logs.put_log_events(**stream, logEvents=[event], sequenceToken="anything")
    assert len(logs.get_log_events(**stream, startFromHead=True)["events"]) == 2
