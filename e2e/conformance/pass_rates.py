"""Prints how many of moto's tests passed, by service, from the file that moto_plugin writes."""

import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

# What a failure says, and the kind of reason that is.
KINDS = {
    "not implemented, and said so": r"NotImplemented|not implemented by Groundplane|\b501\b",
    "refused, where moto checks less": r"AccessDenied|not authorized|MalformedPolicy|path is invalid|ListNotSupported"
    r"|MissingAuthentication|InsufficientS3BucketPolicy|PolicyTypeAlreadyEnabled",
    "the wording of a message": r"assert ['\"].+['\"] (==|in) ['\"]",
}


def main() -> None:
    """One line for each service."""
    last: dict[str, dict] = {}
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        # What fails after a test that failed is no news.
        if one["phase"] == "call" or last.get(one["test"], {}).get("outcome") != "failed":
            last[one["test"]] = one
    outcomes, kinds = defaultdict(Counter), defaultdict(Counter)
    for one in last.values():
        service = one["test"].split("/")[1].removeprefix("test_")
        outcomes[service][one["outcome"]] += 1
        if one["outcome"] == "failed":
            kinds[service][kind(one["why"])] += 1
    for service, counted in outcomes.items():
        passed, failed = counted["passed"], counted["failed"]
        print(f"{service}: {passed} of {passed + failed} passed, {counted['skipped']} skipped")
        for name, number in kinds[service].most_common():
            print(f"    {number} {name}")


def kind(why: str) -> str:
    """The first kind whose words are in the reason."""
    return next((name for name, words in KINDS.items() if re.search(words, why)), "other")


if __name__ == "__main__":
    main()
