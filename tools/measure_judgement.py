"""Prints what the rules name of the defects in tests/corpus/judgement, and what they say of the well-made plans there.

python tools/measure_judgement.py
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "checks")]

import test_judgement as judgement  # noqa: E402 - the lines before are the way to it


def main() -> None:
    for name in judgement.PLANS:
        for code, field, message in sorted(judgement.told_of_the_plan(name)):
            print("well-made", name, code, field, message)
    for part in ("tuned", "held"):
        every = judgement.judged(part)
        hits, of = Counter(one["kind"] for one, _, right in every if right), Counter(one["kind"] for one, *_ in every)
        print(part, {kind: f"{hits[kind]} of {of[kind]}" for kind in of})
        for defect, new, right in every:
            if not right:
                print("  missed", defect["kind"], defect["plan"], defect["change"], defect.get("note", ""), sorted(new))


if __name__ == "__main__":
    main()
