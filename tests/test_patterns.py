"""No regular expression of the program runs away, whatever text it meets: the work grows with the text, or its square.

Expressions that meet whole parts of a file, of megabytes, are linear: twice the work for twice the text. Those that see
the text of a cell, 32,767 characters at most, may try every beginning with every end, which takes four times the work;
none tries more. Texts grow from twenty characters on, so that nothing takes for ever here; what is compared is how the
work grows, not how long it takes on this machine.
"""

import importlib
import pkgutil
import re
import sys
from re import _parser  # what an expression consists of; the public module does not say
from time import process_time_ns

import pytest

import perfxl

SIZES = (24, 240, 1_200, 2_400)
TELLING = 1_500_000  # nanoseconds of work below which twice the text says nothing
LINEAR, SQUARE = 3.0, 5.9  # times the work for twice the text: it takes two, four, and eight for the next worse
TAILS = ("", "\0")
# The room whose expressions meet whole parts of files that others wrote; those of names meet 200 characters at most.
OF_PARTS, OF_NAMES = "perfxl.workbook.reading", "perfxl.workbook.reading.defined_names"


def compiled():
    """The expressions that the modules compile when they are imported, each with its module."""
    found = {}
    compile_ = re.compile

    def noting(pattern, flags=0):
        result = compile_(pattern, flags)
        module = sys._getframe(1).f_globals["__name__"]
        if module.startswith("perfxl.") and isinstance(pattern, (str, bytes)):
            found.setdefault((result.pattern, result.flags), (module, result))
        return result

    names = [each.name for each in pkgutil.walk_packages(perfxl.__path__, "perfxl.") if "__main__" not in each.name]
    kept = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "perfxl"}
    for name in kept:
        del sys.modules[name]
    re.compile = noting
    try:
        for name in names:
            importlib.import_module(name)
    finally:
        re.compile = compile_
        for name in [name for name in sys.modules if name.partition(".")[0] == "perfxl"]:
            del sys.modules[name]
        sys.modules.update(kept)
    return list(found.values())


def characters(parsed):
    """A character for every place of an expression where one stands, in their order."""
    for kind, what in parsed:
        name = str(kind)
        if name == "LITERAL":
            yield chr(what)
        elif name == "NOT_LITERAL":
            yield "x" if chr(what) != "x" else "y"
        elif name == "IN":
            yield from (chr(a[0] if str(k) == "RANGE" else a) for k, a in what if str(k) in ("LITERAL", "RANGE"))
            kinds = (str(a) for k, a in what if str(k) == "CATEGORY")
            yield from ({"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " "}.get(kind, "w") for kind in kinds)
        elif name == "ANY":
            yield "."
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            yield from characters(what[2])
        elif name == "SUBPATTERN":
            yield from characters(what[3])
        elif name == "ATOMIC_GROUP":
            yield from characters(what)
        elif name == "BRANCH":
            for each in what[1]:
                yield from characters(each)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from characters(what[1])
        elif name == "GROUPREF_EXISTS":
            yield from (*characters(what[1]), *(characters(what[2]) if what[2] else ()))


def units(expression):
    """What is repeated to make texts of: characters of the expression, and stretches of them as near misses."""
    pattern = expression.pattern if isinstance(expression.pattern, str) else expression.pattern.decode("latin-1")
    every = list(characters(_parser.parse(pattern, expression.flags & ~re.UNICODE & ~re.LOCALE)))
    single = list(dict.fromkeys(every))
    step = max(1, len(single) // 8)
    yield from single[:4]
    yield from single[4::step]
    text = "".join(every)
    for size in (2, 3, 5, 9):
        for at in range(0, min(len(text), 8 * size), size):
            yield text[at : at + size]
    yield from (text[:120], "1", "一", " ", "，")


def work(expression, text):
    """The work that the expression has with a text, searched through and taken as a whole; the least of two rounds."""
    least = None
    for _ in range(2):
        began = process_time_ns()
        for _ in expression.finditer(text):
            pass
        expression.fullmatch(text)
        took = process_time_ns() - began
        least = took if least is None else min(least, took)
        if took < TELLING:
            break
    return least


def grows(expression, most):
    """The texts on which the work of an expression grows more than `most` times for twice the text."""
    for unit in dict.fromkeys(filter(None, units(expression))):
        for tail in TAILS:
            for size in SIZES:
                # Whole units, so that both end alike.
                texts = [unit * max(1, length // len(unit)) + tail for length in (size, size // 2)]
                if isinstance(expression.pattern, bytes):
                    texts = [text.encode("utf-8", "surrogatepass") for text in texts]
                if (whole := work(expression, texts[0])) > TELLING:
                    # Another program may have had the processor meanwhile: each of three rounds has to tell the same.
                    if all(work(expression, texts[0]) > most * work(expression, texts[1]) for _ in range(3)):
                        yield unit, tail, whole
                    break


def test_no_expression_runs_away():
    found = compiled()
    assert len(found) > 300
    bad = {}
    for module, expression in found:
        most = LINEAR if module.startswith(OF_PARTS) and module != OF_NAMES else SQUARE
        if worst := next(grows(expression, most), None):
            bad[module, expression.pattern] = worst
    assert bad == {}


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"\s+$", r"\[[^\]]+\][^!]*!"])
def test_an_expression_that_is_not_linear_is_found(pattern):
    assert next(grows(re.compile(pattern), LINEAR), None)


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"a*a*a*b"])
def test_an_expression_that_runs_away_is_found(pattern):
    assert next(grows(re.compile(pattern), SQUARE), None)
