"""Signed ListClusters per second: Groundplane, moto's server, and Groundplane's own /health as the limit."""

from collections.abc import Callable
from dataclasses import dataclass

import cpu_profile
import load
import signed
import usage
from audit_rows import AuditRows
from installation import Installation
from moto_server import Moto
from spread import low_to_high, median
from table import Table, Target, targets_table

CONNECTIONS = (1, 16)
TIMES_MOTO = {1: 30, 16: 50}


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int = 5
    seconds: int = 5
    warm_up_seconds: int = 30
    profile_seconds: int = 10


QUICK = Plan(rounds=2, seconds=1, warm_up_seconds=2, profile_seconds=2)


def measure(plan: Plan, say: Callable[[str], None]) -> dict:
    """Warms all up, then takes turns; a signature is made anew for each turn."""
    load.require_wrk()
    installation = Installation()
    try:
        installation.up()
        signer = signed.Signer(installation.endpoint, installation.exported)
        with Moto(installation.exported) as moto:
            servers = {
                "groundplane": lambda: signer.ecs("ListClusters", {}),
                "moto": lambda: moto.signer.ecs("ListClusters", {}),
                "health": lambda: signed.health(installation.endpoint),
            }
            for name, request in servers.items():
                say(f"warming up {name}")
                _require_answer(request())
                load.replay(request(), max(CONNECTIONS), plan.warm_up_seconds)
            pid = installation.status()["pid"]
            audit = AuditRows(installation.data)
            rounds = []
            for number in range(1, plan.rounds + 1):
                say(f"round {number} of {plan.rounds}")
                for connections in CONNECTIONS:
                    for name, request in servers.items():
                        audit.mark()
                        turn = load.replay(request(), connections, plan.seconds)
                        behind = audit.wait_for_more(turn["requests"]) if name == "groundplane" else None
                        rounds.append({"server": name, "connections": connections, "audit_behind": behind, **turn})
        say("sampling where processor time goes")
        return {
            "rounds": rounds,
            "audit_record_bytes": audit.mean_bytes(),
            "profile": _profile(servers["groundplane"](), plan.profile_seconds, pid, audit),
            "memory_after": usage.memory(pid),
        }
    finally:
        installation.remove()


def _require_answer(request: signed.Request) -> None:
    connection = signed.Connection(request.url)
    try:
        connection.answer(request)
    finally:
        connection.close()


def _profile(request: signed.Request, seconds: int, pid: int, audit: AuditRows) -> dict:
    """Another turn of load, sampled until the audit trail holds every call of it."""
    requests = 0

    def work() -> None:
        nonlocal requests
        audit.mark()
        requests = load.replay(request, max(CONNECTIONS), seconds)["requests"]
        audit.wait_for_more(requests)

    return {"parts": cpu_profile.sample(pid, work), "requests": requests}


def tables(measured: dict) -> list[Table]:
    """What is shown of the figures."""
    return [_rates(measured), _cost(measured), _after(measured), targets_table(targets(measured))]


def targets(measured: dict) -> list[Target]:
    """What was promised."""
    return [
        Target.at_least(
            f"ListClusters on {_connections(connections)}, times moto",
            _rate(measured, "groundplane", connections) / _rate(measured, "moto", connections),
            times,
            "x",
        )
        for connections, times in TIMES_MOTO.items()
    ]


def _connections(number: int) -> str:
    return f"{number} connection{'s' if number > 1 else ''}"


def _turns(measured: dict, server: str, connections: int) -> list[dict]:
    return [one for one in measured["rounds"] if (one["server"], one["connections"]) == (server, connections)]


def _rate(measured: dict, server: str, connections: int) -> float:
    return median([one["rate"] for one in _turns(measured, server, connections)])


def _rates(measured: dict) -> Table:
    named = {"groundplane": "Groundplane", "moto": "moto's server", "health": "limit: Groundplane's /health"}
    rows = []
    for connections in CONNECTIONS:
        moto = _rate(measured, "moto", connections)
        for server, name in named.items():
            turns = _turns(measured, server, connections)
            rate = _rate(measured, server, connections)
            rows.append((
                name,
                str(connections),
                f"{rate:,.0f}",
                low_to_high([one["rate"] for one in turns], ",.0f"),
                f"{median([one['p50_ms'] for one in turns]):.2f} ms",
                f"{median([one['p99_ms'] for one in turns]):.2f} ms",
                f"{rate / moto:.1f}x",
            ))
    columns = ("server", "connections", "calls/s, median", "lowest to highest", "p50", "p99", "times moto")
    return Table("Signed ListClusters", columns, rows)


def _cost(measured: dict) -> Table:
    profile = measured["profile"]
    parts = profile["parts"]
    total = sum(parts.values())
    rows = [(part, _per_call(seconds, profile), f"{seconds / total:.1%}") for part, seconds in parts.items()]
    rows.append(("all", _per_call(total, profile), "100.0%"))
    return Table("Processor time of one ListClusters in the control plane", ("part", "per call", "share"), rows)


def _per_call(seconds: float, profile: dict) -> str:
    return f"{seconds / profile['requests'] * 1e6:.1f} µs"


def _after(measured: dict) -> Table:
    rows = [("size of an audit record", f"{measured['audit_record_bytes']:.0f} bytes")]
    for connections in CONNECTIONS:
        behind = [one["audit_behind"] for one in _turns(measured, "groundplane", connections)]
        what = f"from the end of load on {_connections(connections)} to its last audit record"
        rows.append((what, f"{median(behind):.2f} s"))
    rows += [(f"control plane, {kind.upper()}", f"{size:.0f} MB") for kind, size in measured["memory_after"].items()]
    return Table("After the load", ("what", "figure"), rows)
