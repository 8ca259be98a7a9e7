"""Writes sounds.txt of perfxl/checks/language, or the file named: how characters sound, and words read otherwise.

pypinyin takes 150 ms to import and the rules need one reading a character, so what they need is worked out here. Run it
after every change of lexicon.txt; a test compares the file with the lexicon.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pypinyin import Style, lazy_pinyin, pinyin

CHECKS = Path(__file__).parents[1] / "perfxl" / "checks" / "language"
sys.path.insert(0, str(CHECKS.parents[2]))

from perfxl.checks.language.lexicon_index import entries  # noqa: E402 - the line before is the way to it

HEAD = """\
# How characters sound, without tones: a syllable and its characters; then the words read otherwise than their
# characters one by one. Written by tools/make_sounds.py with pypinyin (MIT licence); do not edit.
"""


def gb2312() -> list[str]:
    """Return the 6,763 characters of GB 2312, which is more than a budget plan uses."""
    found = []
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.append(bytes((high, low)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def reading(char: str) -> str:
    return pinyin(char, style=Style.NORMAL, heteronym=False, v_to_u=False)[0][0]


def main() -> None:
    words = [word for word, _ in entries()]
    chars = sorted({*gb2312(), *(char for word in words for char in word)})
    syllables: dict[str, list[str]] = {}
    sound = {char: reading(char) for char in chars}
    for char in chars:
        syllables.setdefault(sound[char], []).append(char)
    lines = [f"{syllable} {''.join(syllables[syllable])}" for syllable in sorted(syllables)]
    lines.append("[words]")
    for word in sorted(set(words)):
        together = lazy_pinyin(word, v_to_u=False)
        if together != [sound[char] for char in word]:
            lines.append(f"{word} {' '.join(together)}")
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else CHECKS / "sounds.txt"
    target.write_text(HEAD + "\n".join(lines) + "\n", "utf-8", newline="\n")
    print(f"{len(chars)} characters, {len(syllables)} syllables, {len(words)} words")


if __name__ == "__main__":
    main()
