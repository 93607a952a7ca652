"""Broken bodies from a caller with good credentials: an answer of the 400s at once, never of the 500s.

Every request is signed rightly, so that it gets past the signature to whatever reads the body.
"""

import copy
import gzip
import json
import random
import socket
from dataclasses import replace

import pytest
from signing import get_caller_identity, list_clusters, send, sign

MUTATIONS = 400
SEED = 20221128

RUN_TASK = {
    "cluster": "default",
    "taskDefinition": "absent:1",
    "launchType": "EXTERNAL",
    "count": 1,
    "overrides": {"containerOverrides": [
        {"name": "main", "command": ["a"], "environment": [{"name": "a", "value": "b"}]},
    ]},
    "tags": [{"key": "a", "value": "b"}],
}
REGISTER = {
    "family": "broken",
    "requiresCompatibilities": ["FARGATE"],
    "containerDefinitions": [{"name": "main", "image": "host", "memory": 64, "command": ["true"]}],
}
PUT = {
    "logGroupName": "/absent",
    "logStreamName": "main",
    "logEvents": [{"timestamp": 1700000000000, "message": "x"}],
}
VALUES = [None, True, -1, 0, 2**70, 1.5, "", "x", [], {}, [None], [[]], {"a": None}, "\ud800"]


@pytest.fixture(scope="module")
def exchange(installation):
    """Signs and sends."""
    exported = installation.exported

    def signed(request):
        return send(
            sign(request, installation.endpoint, exported["AWS_ACCESS_KEY_ID"], exported["AWS_SECRET_ACCESS_KEY"]),
            installation.endpoint,
        )

    return signed


def ecs_request(operation: str, body: bytes):
    return list_clusters(body).with_headers(x_amz_target=f"AmazonEC2ContainerServiceV20141113.{operation}")


def logs_request(operation: str, body: bytes):
    return replace(list_clusters(body), service="logs").with_headers(x_amz_target=f"Logs_20140328.{operation}")


def refused(answer) -> bool:
    return 400 <= answer.status < 500 and bool(answer.code)


@pytest.mark.parametrize("body", [
    b"{", b"}", b"[]", b"1", b'"text"', b"null", b"{]", b'{"cluster"', b'{"cluster": "default"', b'{"cluster": tru',
    b"\x00\x01\x02", b"\xff\xfe{}", b'{"cluster": "\xff"}', b"{'cluster': 1}", b"{} {}", b"<xml/>",
], ids=repr)
def test_not_json(exchange, body):
    answer = exchange(ecs_request("RunTask", body))
    assert refused(answer)
    assert answer.code == "SerializationException"


@pytest.mark.parametrize("changes", [
    {"count": "one"}, {"count": [1]}, {"count": {}}, {"count": 1e99}, {"cluster": 1}, {"cluster": ["default"]},
    {"tags": {}}, {"tags": "a"}, {"tags": [1]}, {"overrides": []}, {"overrides": {"containerOverrides": {}}},
    {"overrides": {"containerOverrides": [{"command": "true"}]}}, {"taskDefinition": {}},
], ids=json.dumps)
def test_wrong_types(exchange, changes):
    assert refused(exchange(ecs_request("RunTask", json.dumps({**RUN_TASK, **changes}).encode())))


@pytest.mark.parametrize("missing", ["taskDefinition"])
def test_a_required_field_is_missing(exchange, missing):
    body = {name: value for name, value in RUN_TASK.items() if name != missing}
    assert refused(exchange(ecs_request("RunTask", json.dumps(body).encode())))


@pytest.mark.parametrize("opening", [b'{"a":', b"[", b'{"overrides":{"containerOverrides":[{"environment":['])
def test_deep_nesting(exchange, opening):
    assert refused(exchange(ecs_request("RunTask", opening * (200_000 // len(opening)))))


def test_a_huge_body(exchange):
    body = b'{"cluster": "' + b"x" * (64 * 1024 * 1024) + b'"}'
    try:
        answer = exchange(list_clusters(body))
    except (BrokenPipeError, ConnectionError):
        return  # closed while we were still sending, which is an answer as well
    assert refused(answer)


def test_a_long_number(exchange):
    assert refused(exchange(ecs_request("RunTask", b'{"taskDefinition": "x", "count": ' + b"9" * 100_000 + b"}")))


@pytest.mark.parametrize("content_type", [
    "text/plain", "application/xml", "application/x-www-form-urlencoded", "application/cbor", "x",
])
def test_wrong_content_type(exchange, content_type):
    assert refused(exchange(list_clusters(b"}{").with_headers(content_type=content_type)))


@pytest.mark.parametrize("target", [
    "", "x", "AmazonEC2ContainerServiceV20141113", "AmazonEC2ContainerServiceV20141113.", ".ListClusters",
    "AmazonEC2ContainerServiceV20141113.Absent", "a.b.c", "x" * 4000,
])
def test_an_operation_that_does_not_exist(exchange, target):
    answer = exchange(list_clusters().with_headers(x_amz_target=target))
    assert refused(answer)


@pytest.mark.parametrize("body", [
    b"", b"Action=", b"Action=Absent&Version=2011-06-15", b"Action=GetCallerIdentity", b"Version=2011-06-15", b"%",
    b"Action=GetCallerIdentity&Version=1999-01-01", b"Action=%zz&Version=2011-06-15", b"\x00\xff", b"&&&===", b"{}",
], ids=repr)
def test_broken_query(exchange, body):
    answer = exchange(get_caller_identity(body))
    assert answer.status < 500


def test_a_compressed_body_is_not_taken_for_text(exchange):
    assert refused(exchange(ecs_request("RunTask", gzip.compress(json.dumps(RUN_TASK).encode()))))


def test_a_body_that_never_comes_does_not_hold_up_others(installation, exchange):
    with socket.create_connection(("127.0.0.1", installation.port), timeout=60) as silent:
        silent.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
        assert exchange(list_clusters()).status == 200


@pytest.mark.parametrize("line", [b"\r\n\r\n", b"GET\r\n\r\n", b"POST / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00",
                                  b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"X" * 100_000 + b"\r\n\r\n"])
def test_what_is_not_http_is_turned_away(installation, exchange, line):
    with socket.create_connection(("127.0.0.1", installation.port), timeout=60) as odd:
        try:
            odd.sendall(line)
            odd.shutdown(socket.SHUT_WR)
            answer = odd.recv(64)
        except TimeoutError:
            raise
        except OSError:  # closed while we were still sending, which shutdown says in its own way
            answer = b""
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4") or answer.startswith(b"HTTP/1.1 505")
    assert exchange(list_clusters()).status == 200


def mutated(source: random.Random, document: dict) -> bytes:
    """The document as JSON with one to three changes: of a value, or of the bytes."""
    changed = copy.deepcopy(document)
    for _ in range(source.randint(1, 3)):
        holder = changed
        while True:
            place = source.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
            if isinstance(holder[place], (dict, list)) and holder[place] and source.random() < 0.8:
                holder = holder[place]
                continue
            holder[place] = copy.deepcopy(source.choice(VALUES))
            break
    body = bytearray(json.dumps(changed).encode())
    if source.random() < 0.5:
        for _ in range(source.randint(1, 4)):
            body[source.randrange(len(body))] = source.randrange(256)
    if source.random() < 0.2:
        del body[source.randrange(len(body)):]
    return bytes(body)


def test_random_mutations(exchange):
    source = random.Random(SEED)
    makers = [
        (lambda body: ecs_request("RunTask", body), RUN_TASK),
        (lambda body: ecs_request("RegisterTaskDefinition", body), REGISTER),
        (lambda body: logs_request("PutLogEvents", body), PUT),
    ]
    wrong = []
    for _ in range(MUTATIONS):
        make, document = source.choice(makers)
        body = mutated(source, document)
        answer = exchange(make(body))
        if answer.status >= 500:
            wrong.append((answer.status, answer.body[:200], body))
    assert wrong == []
    assert exchange(list_clusters()).status == 200
