"""Writes perfxl/checks/language/common_words.txt: how common words are, and which characters look alike.

    python tools/make_common_words.py JIEBA_FOLDER SAME_STROKE_FILE [TARGET]

Sources: `dict.txt` of jieba 0.42.1 (MIT licence), words with how often they were counted, and `same_stroke.txt` of
pycorrector 1.1.4 (Apache licence 2.0), characters of like shape. Only what the rules look up is taken over: words of up
to four Chinese characters that were counted at least a few times, in classes of frequency (powers of two).
"""

from __future__ import annotations

import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "perfxl" / "checks" / "language" / "common_words.txt"
LEAST = {1: 30, 2: 3, 3: 10, 4: 10}

HEAD = """\
# How common Chinese words are. [words LENGTH CLASS]: words of that many characters, one after the other, that were
# counted 2^CLASS times and more. [alike]: characters that look alike. Written by tools/make_common_words.py.
#
# Words and counts from jieba 0.42.1, dict.txt: Copyright (c) 2013 Sun Junyi, MIT licence: permission is granted, free
# of charge, to any person obtaining a copy of that software to deal in it without restriction, provided that its
# copyright notice and permission notice are included in copies; it is provided as is, without warranty of any kind.
# Characters from pycorrector 1.1.4, same_stroke.txt: Copyright Xu Ming, Apache License, Version 2.0
# (https://www.apache.org/licenses/LICENSE-2.0); changed: rare characters left out.
"""


def main() -> None:
    jieba, strokes = Path(sys.argv[1]), Path(sys.argv[2])
    target = Path(sys.argv[3]) if len(sys.argv) > 3 else TARGET
    classes: dict[tuple[int, int], list[str]] = {}
    known: set[str] = set()
    for line in (jieba / "dict.txt").read_text("utf-8").splitlines():
        word, count, _ = line.split()
        often = int(count)
        if all("\u4e00" <= char <= "\u9fff" for char in word) and often >= LEAST.get(len(word), often + 1):
            classes.setdefault((len(word), often.bit_length() - 1), []).append(word)
            known.update(word if often >= 30 else "")
    lines = [HEAD]
    for length, often in sorted(classes):
        lines += [f"[words {length} {often}]", "".join(sorted(classes[length, often]))]
    lines.append("[alike]")
    for line in strokes.read_text("utf-8").splitlines():
        first, *others = [char for char in line.split("#")[0].split() if char in known] or [""]
        if others:
            lines.append(first + "".join(others))
    target.write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
    print(target, target.stat().st_size, {key: len(words) for key, words in classes.items()})


if __name__ == "__main__":
    main()
