"""Writes the figures of results/ into docs/benchmarks.md, each benchmark's between its markers."""

import json

from installation import ROOT
from measure import BENCHMARKS, RESULTS

DOCUMENT = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    """Replaces what is between the markers of every benchmark that has figures."""
    text = DOCUMENT.read_text(encoding="utf-8")
    for name in BENCHMARKS:
        file = RESULTS / f"{name}.json"
        if file.exists():
            text = replace(text, name, section(json.loads(file.read_text(encoding="utf-8"))))
            print(f"{name}: written to {DOCUMENT.relative_to(ROOT)}")
        else:
            print(f"{name}: no figures yet; ./groundplane bench {name} makes them")
    DOCUMENT.write_text(text, encoding="utf-8")


def replace(text: str, name: str, figures: str) -> str:
    """The document with other figures for one benchmark. Raises ValueError when it lacks the markers."""
    begin, end = f"<!-- {name}: figures -->", f"<!-- {name}: end -->"
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"{DOCUMENT} lacks {begin} … {end}")
    return f"{before}{begin}\n{figures}\n{end}{after}"


def section(result: dict) -> str:
    """What was run on what, and the tables."""
    machine = result["machine"]
    plan = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in result["plan"].items())
    head = (
        f"`./groundplane bench {result['benchmark']}` ({plan})\\\n"
        f"{machine['date']}: {machine['cores']} cores, {machine['memory_gib']} GiB, Linux {machine['kernel']},"
        f" Java {machine['java']}, Python {machine['python']}, commit {machine['commit']},"
        f" load {machine['load_before']} just before"
    )
    tables = BENCHMARKS[result["benchmark"]].tables(result["measured"])
    return "\n\n".join([head, *map(str, tables)])


if __name__ == "__main__":
    main()
