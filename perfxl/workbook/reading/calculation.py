"""Whether the results in a workbook are those of a program that computes."""

import re

_AT_LOADING = re.compile(rb"<(?:\w+:)?calcPr\b[^<>]*\bfullCalcOnLoad=[\"'](?:1|true)[\"']")


def awaits_calculation(workbook_part: bytes) -> bool:
    """Whether `workbook.xml` asks for all to be computed anew: so libraries write it, and no program saves it."""
    return _AT_LOADING.search(workbook_part) is not None
