"""Rules on the language of a plan (family L): words doubled or mistaken, file numbers, punctuation, blanks.

What is found in a text is found in general, by sound and by the field's words; the modules slips, doubling and prose
say how. Repairs are of the whole text, so that they can be made one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfxl.checks.language import punctuation
from perfxl.checks.language.doubled_words import doubled, signs_of_doubling
from perfxl.checks.language.homophone_slips import slips
from perfxl.checks.plan import free_texts
from perfxl.model.invisible_characters import INDENTING, unindented
from perfxl.model.record import FieldPath, Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

_LONGEST_HEADING = 30
_BEGINNING = re.compile(r"\s*[（(]?[1一]\s*[)）、.．]")
_MARK = re.compile("[。；;，,]")


def words_stand_once(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield L01 at a word written twice (意见意见); the profile lists words that may be."""
    every = free_texts.prose_and_names(plan)
    for path, text in every.holding(signs_of_doubling(every.together)):
        for found in doubled(text):
            if found.right not in profile.words.doubled:
                yield Remark("L01", path, {"word": found.wrong, "right": found.right})


def words_are_those_meant(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield L02 at a word that sounds or looks like the one meant (班里 for 办理); the profile lists local words."""
    found = free_texts.texts_and_names(plan)
    for slip in slips([text for _, text in found]):
        if not any(slip.wrong in word or word in slip.wrong for word in profile.words.lexicon):
            yield Remark("L02", found[slip.text][0], {"wrong": slip.wrong, "right": slip.right})


def file_numbers_have_their_brackets(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield L03, with the text mended, where the year of a file number is not in 〔 〕 (GB/T 9704—2012, 7.2.5)."""
    for path, text in free_texts.to_be_mended(plan).where(punctuation.FILE_NUMBER):
        if found := punctuation.file_numbers(text):
            yield Remark(
                "L03", path, {"wrong": found.spots[0].wrong, "right": found.spots[0].right}, repair=found.repaired
            )


def punctuation_is_chinese(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield L04, with the text mended, at half-width marks between Chinese and at quotes that do not pair."""
    every = free_texts.to_be_mended(plan)
    for path, text in every.where(*punctuation.SIGNS_OF_HALF_WIDTH, *punctuation.signs_of_quotes(every.together)):
        marks = punctuation.punctuation(text)
        mended = marks.repaired if marks else text
        problems = [f"有{len(marks.spots)}处标点不是全角的，如“{marks.spots[0].wrong.strip()}”"] if marks else []
        if quotes := punctuation.quotes(mended):
            problems.append("引号方向反了或者不成对")
            mended = quotes.repaired
        if problems:
            yield Remark("L04", path, {"problem": "；".join(problems)}, repair=mended if mended != text else None)


def blanks_are_not_left_over(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield L05, with the text mended, at blanks and tabs behind a text and at doubled ones inside."""
    for path, text in free_texts.to_be_mended(plan).where(punctuation.BLANKS):
        if found := punctuation.spacing(text):
            yield Remark("L05", path, {"n": len(found.spots)}, repair=found.repaired)


def lines_are_not_indented_twice(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield L07, with the text mended, at full-width blanks that indent a line: documents indent by themselves."""
    for path, text in free_texts.to_be_mended(plan).where(INDENTING):
        if (mended := unindented(text)) != text:
            lines = zip(text.split("\n"), mended.split("\n"), strict=True)
            yield Remark("L07", path, {"n": sum(one != other for one, other in lines)}, repair=mended)


def items_end_alike(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield L06, with the text mended, at an item of a list that lacks the final mark which the others have."""
    for items in _lists(plan):
        if len(items) < 2:
            continue
        for item in punctuation.final_punctuation([text for _, text in items]):
            path, _ = items[item.number]
            yield Remark("L06", path, {"n": int(path[-1]) + 1}, repair=item.repaired)


def _lists(plan: Record) -> Iterator[list[tuple[FieldPath, str]]]:
    alone = []
    for _, found in free_texts.lists(plan):
        if not isinstance(found[-1][0][-1], int):
            continue  # headings need no mark
        every = [text for _, text in found]
        yield [one for at, one in enumerate(found) if not _is_heading(one[1], every[at + 1 : at + 2])]
        alone += found if len(found) == 1 and len(found[0][0]) > 2 else []
    # The only goals of several projects are read one after the other, too.
    yield alone


def _is_heading(text: str, following: list[str]) -> bool:
    """Return whether a text without a mark at its end heads a list that begins behind it, and needs none."""
    begins = any(_BEGINNING.match(line) for line in following)
    return begins and len(text) <= _LONGEST_HEADING and not _MARK.search(text)


RULES = (
    words_stand_once,
    words_are_those_meant,
    file_numbers_have_their_brackets,
    punctuation_is_chinese,
    blanks_are_not_left_over,
    items_end_alike,
    lines_are_not_indented_twice,
)
