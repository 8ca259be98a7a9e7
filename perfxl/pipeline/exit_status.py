"""Exit statuses of every command, and the sentences for what is nobody's input.

0 done, warnings allowed; 1 errors in what the clerk filled in; 2 the command's own words; 3 the surroundings; 4 ours.
"""

from __future__ import annotations

from perfxl.model.faults import AuthorFault


class WrongCommand(Exception):
    """The words of the command are off; the message is a Chinese sentence."""


DONE, WRONG_INPUT, WRONG_COMMAND, WRONG_SURROUNDINGS, OUR_FAULT = range(5)


def fault_sentence(fault: Exception) -> str:
    """Return what people are told of a fault that is none of theirs: of the program, or of a type or template."""
    if isinstance(fault, AuthorFault):
        return f"{fault}\n填报表不用改，请把上面这句话发给维护报表文种和 Word 模板的人。"
    kind = f"{type(fault).__name__}: {fault}".replace("\n", " ")
    return f"程序出错了，这不是您填写的问题。请把填报表和下面这行字发给维护人员。\n{kind}"
