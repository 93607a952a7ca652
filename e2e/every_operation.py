"""Requests of every operation that is implemented, made from the models that botocore has.

A request names what exists where its members say what they mean: a bucket, a user, a trail. Everything else
gets the smallest value that the model allows.
"""

import random
import re
from dataclasses import dataclass, field, replace

import botocore.session
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from botocore.serialize import create_serializer
from installation import ROOT

COVERAGE = ROOT / "docs" / "coverage" / "README.md"
LAST = ("Delete", "Remove", "Close", "Detach", "Deregister", "Untag", "Abort", "Leave", "Disable")
MOMENT = 1_700_000_000
MOST_DEPTH = 6
_session = botocore.session.get_session()


@dataclass(frozen=True)
class Sent:
    """A request before it is signed."""

    service: str
    operation: str
    method: str
    path: str  # percent-encoded
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = field(repr=False, default=b"")


def operations() -> list[tuple[str, OperationModel]]:
    """Service and model of all that docs/coverage lists; those that take something away come last."""
    found = []
    for section in COVERAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        service, _, names = section.partition("\n")
        model = _session.get_service_model(service.strip())
        known = {name.lower(): name for name in model.operation_names}
        for name in re.findall(r"^- (\w+)$", names, re.M):
            # Java writes some acronyms as words.
            found.append((service.strip(), model.operation_model(known[name.lower()])))
    return sorted(found, key=lambda one: one[1].name.startswith(LAST))


def parameters(operation: OperationModel, known: dict[str, str], everything: bool = False) -> dict:
    """The operation's required members, or all of them; `known` has values by a member's name in lower case."""
    shape = operation.input_shape
    return _structure(shape, known, everything, 0) if shape else {}


def _structure(shape: StructureShape, known: dict[str, str], everything: bool, depth: int) -> dict:
    wanted = shape.members if everything and depth < MOST_DEPTH else shape.required_members
    chosen = {name: _value(name, shape.members[name], known, everything, depth + 1) for name in wanted}
    if not chosen and shape.members and depth > 0:  # a union, or nothing that is required
        name = next(iter(shape.members))
        chosen[name] = _value(name, shape.members[name], known, everything, depth + 1)
    return chosen


def _value(name: str, shape: Shape, known: dict[str, str], everything: bool, depth: int):
    if isinstance(shape, StructureShape):
        return _structure(shape, known, everything, depth) if depth < MOST_DEPTH else {}
    if isinstance(shape, ListShape):
        return [_value(name.removesuffix("s"), shape.member, known, everything, depth + 1)] if depth < MOST_DEPTH else []
    if isinstance(shape, MapShape):
        return {"key": _value("value", shape.value, known, everything, depth + 1)}
    match shape.type_name:
        case "string":
            if name.lower() in known:
                return known[name.lower()]
            return shape.enum[0] if shape.enum else "x" * max(1, shape.metadata.get("min", 1))
        case "integer" | "long":
            return max(1, shape.metadata.get("min", 1))
        case "float" | "double":
            return 1.5
        case "boolean":
            return True
        case "timestamp":
            return MOMENT
        case _:
            return b"x"


def sent(service: str, operation: OperationModel, given: dict) -> Sent:
    """The request as botocore would send it, without its checks."""
    model = operation.service_model
    serializer = create_serializer(model.resolved_protocol, include_validation=False)
    parts = serializer.serialize_to_request(given, operation)
    body = parts["body"]
    headers = dict(parts["headers"])
    if isinstance(body, dict):
        body = "&".join(f"{quoted(key)}={quoted(value)}" for key, value in body.items()).encode()
    elif isinstance(body, str):
        body = body.encode("utf-8", "surrogatepass")
    elif body is not None and not isinstance(body, (bytes, bytearray)):
        raise TypeError(f"no HTTP body: {body!r}")
    query = parts["query_string"]
    if not isinstance(query, dict):
        query = dict(query)
    path, _, fixed = parts["url_path"].partition("?")
    for pair in filter(None, fixed.split("&")):
        key, _, value = pair.partition("=")
        query.setdefault(key, value)
    return Sent(service, operation.name, parts["method"], path, {k: str(v) for k, v in query.items()}, headers, body or b"")


def quoted(value) -> str:
    """Percent-encoded, also what is no Unicode text."""
    raw = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
    return "".join(chr(b) if chr(b).isalnum() and b < 128 or chr(b) in "-_.~" else f"%{b:02X}" for b in raw)


class Signer:
    """Signs for one endpoint with one key."""

    def __init__(self, endpoint: str, region: str, key: str, secret: str, token: str | None = None) -> None:
        self._endpoint = endpoint
        self._region = region
        self._credentials = Credentials(key, secret, token)

    def sign(self, request: Sent) -> tuple[str, str, dict[str, str], bytes]:
        """Method, target, headers and body of the signed request."""
        query = "&".join(f"{quoted(key)}={quoted(value)}" for key, value in request.query.items())
        target = request.path + (f"?{query}" if query else "")
        made = AWSRequest(request.method, self._endpoint + target, dict(request.headers), request.body)
        auth = S3SigV4Auth if request.service == "s3" else SigV4Auth
        auth(self._credentials, request.service, self._region).add_auth(made)
        return request.method, target, dict(made.headers.items()), request.body


ODD_TEXTS = [
    "", " ", "\0", "a\0b", "é\u202e\U0001f600", "\ufffe", "x" * 300, "x" * 70_000, "%s%n%d%1$x", "${aws:username}", "{0}",
    "../../etc/passwd", "%00%2e%2e", "arn:aws:iam::", "arn:aws:iam::000000000000:role/x", "*", "((((((a+)+)+)+$", "-1", "null",
    "true", "<a>&amp;</a>", "]]>", '{"Version":"2012-10-17"}', "[" * 3_000, "2026-13-45T99:99:99Z", "\ud800",
]
ODD_PATHS = ["/", "//", "/..", "/../../x", "/%25", "/%00", "/%C3%A9", "/%FF", "/" + "k" * 1_100, "/" + "k" * 70_000, ";x=y"]
ODD_VALUES = [None, True, -1, 0, 2**31, 2**63, -(2**63) - 1, 1.5, 1e308, [], {}, [None], [[]], {"a": None}, [{}] * 200, *ODD_TEXTS]


def mutated(source: random.Random, given: dict) -> dict:
    """A copy of the parameters with one to three values replaced, removed, doubled or put elsewhere."""
    copy = _copied(given)
    for _ in range(source.randint(1, 3)):
        holder, place = _somewhere(source, copy)
        if place is None:
            continue
        match source.randrange(6):
            case 0:
                del holder[place]
            case 1 if isinstance(holder, list):
                holder.extend([holder[place]] * source.choice([1, 60, 1_100]))
            case 2:
                holder[place] = {"a": holder[place]} if source.random() < 0.5 else [holder[place]]
            case 3 if isinstance(holder[place], str):
                text = holder[place]
                at = source.randrange(len(text) + 1)
                holder[place] = text[:at] + source.choice(ODD_TEXTS) + text[at:]
            case _:
                holder[place] = source.choice(ODD_VALUES)
    return copy


def _copied(value):
    if isinstance(value, dict):
        return {key: _copied(one) for key, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value


def _somewhere(source: random.Random, value):
    """A random container in the value and a key or index in it."""
    holder, place = value, None
    while isinstance(holder, (dict, list)) and holder:
        place = source.choice(list(holder)) if isinstance(holder, dict) else source.randrange(len(holder))
        inner = holder[place]
        if not isinstance(inner, (dict, list)) or not inner or source.random() < 0.3:
            break
        holder = inner
    return holder, place


def damaged(source: random.Random, request: Sent) -> Sent:
    """The request with some bytes of its body, or its path, query or headers, changed."""
    body = bytearray(request.body)
    if body and source.random() < 0.6:
        for _ in range(source.randint(1, 6)):
            body[source.randrange(len(body))] = source.randrange(256)
        if source.random() < 0.3:
            del body[source.randrange(len(body)):]
        return replace(request, body=bytes(body))
    if request.query and source.random() < 0.5:
        name = source.choice(list(request.query))
        return replace(request, query={**request.query, name: source.choice(ODD_TEXTS)})
    if request.service == "s3":
        return replace(request, path=request.path + source.choice(ODD_PATHS))
    return replace(request, headers={**request.headers, "Content-Type": source.choice(["text/plain", "", "x" * 200])})
