"""Prints what the rules name of the defects in tests/corpus/judgement, and what they say of the well-made plans there.

Then what L01 and L02 say of good prose, and how many random slips of one character they find in it: those that make no
word, and those that make another one. The lists of words were written before the plans of the part `fresh`.

    python tools/measure_judgement.py [FILE...]

`FILE` is more prose to measure on, a text in UTF-8 with a paragraph on each line.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "checks")]

import test_judgement as judgement  # noqa: E402 - the lines before are the way to it
import test_slips as prose  # noqa: E402

from perfxl.checks.language.doubled_words import doubled  # noqa: E402
from perfxl.checks.language.homophone_slips import slips  # noqa: E402

FRESH = {defect["plan"] for defect in judgement.DEFECTS if defect["part"] == "fresh"}
SLIPS = 300


def main() -> None:
    for name in judgement.PLANS:
        for code, field, message in sorted(judgement.told_of_the_plan(name)):
            print("well-made", name, code, field, message)
    for part in ("tuned", "held", "fresh"):
        every = judgement.judged(part)
        hits, of = Counter(one["kind"] for one, _, right in every if right), Counter(one["kind"] for one, *_ in every)
        print(part, {kind: f"{hits[kind]} of {of[kind]}" for kind in of})
        for defect, new, right in every:
            if not right:
                print("  missed", defect["kind"], defect["plan"], defect["change"], defect.get("note", ""), sorted(new))
    for name, texts in _prose(sys.argv[1:]):
        _print_slips(name, texts)


def _prose(files: list[str]) -> Iterator[tuple[str, list[str]]]:
    yield "well_made_prose.txt", prose.WELL_MADE
    yield "trades_prose.txt", prose.TRADES
    yield "plans of the part fresh", [text for name in sorted(FRESH) for text in _texts(judgement.PLANS[name])]
    for name in files:
        yield name, [line for line in Path(name).read_text("utf-8").splitlines() if line.strip()]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _print_slips(name: str, texts: list[str]) -> None:
    said = [(slip.wrong, slip.right) for slip in slips(texts)]
    said += [(twice.wrong, twice.right) for text in texts for twice in doubled(text)]
    found = []
    for cases in prose.injected(texts, SLIPS):
        told = [(at, slips([text])) for text, at in cases]
        hits = sum(any(one.start <= at < one.start + one.length for one in here) for at, here in told)
        found.append(f"{hits} of {len(cases)}")
    print(f"{name}: {sum(map(len, texts))} characters, told of them {said}")
    print(f"  slips found: {found[0]} that make no word, {found[1]} that make another word")


if __name__ == "__main__":
    main()
