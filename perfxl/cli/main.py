"""The `perfxl` command: does what is asked for, and turns what goes wrong into a sentence and a status."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from perfxl.model.faults import AuthorFault
from perfxl.pipeline.exit_status import DONE, OUR_FAULT, WRONG_COMMAND, WRONG_SURROUNDINGS, WrongCommand, fault_sentence
from perfxl.report_type.json_data import DataFault
from perfxl.report_type.profile import ProfileFault
from perfxl.storage.files import Surroundings

_AROUND_US = frozenset(
    getattr(errno, name, None)
    for name in ("EROFS", "EACCES", "EPERM", "ENOSPC", "EDQUOT", "EFBIG", "EIO", "EMFILE", "ENFILE", "ENOMEM", "EAGAIN")
)
"""What the system says where it is in the way, and not we."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status.

    0 done, warnings allowed; 1 errors in what was filled in; 2 the command's own words; 3 the surroundings; 4 ours.
    """
    for stream in (sys.stdout, sys.stderr):
        # Without a console (pythonw) there are no streams.
        if stream is not None and not stream.isatty() and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        words = sys.argv[1:] if arguments is None else arguments
        outcome = _run(words)
        if sys.stdout is not None:
            # Here rather than at exit, where nobody could say that the reader of our output has left.
            sys.stdout.flush()
        return outcome
    except (WrongCommand, DataFault, ProfileFault) as trouble:
        _complain(trouble)
        return WRONG_COMMAND
    except AuthorFault as fault:
        print(fault_sentence(fault), file=sys.stderr)
        return WRONG_COMMAND
    except Surroundings as trouble:
        _complain(trouble)
        return WRONG_SURROUNDINGS
    except BrokenPipeError as broken:
        return _after_a_broken_pipe(broken)
    except OSError as trouble:
        if trouble.errno not in _AROUND_US:
            return _ours(trouble)
        where = trouble.filename or "没有说是哪个文件"
        _complain(f"系统不让继续（{trouble.strerror}）：{where}。请看磁盘、权限和内存，再试一次。")
        return WRONG_SURROUNDINGS
    except KeyboardInterrupt:
        _complain("已停止。")
        return WRONG_SURROUNDINGS
    except Exception as fault:  # noqa: BLE001 - the last door: whatever is left is a fault of ours, and is told as one
        return _ours(fault)


def _after_a_broken_pipe(broken: BrokenPipeError) -> int:
    """Return the status: done where whoever read our output (head, a pager) has left, else the fault that it is."""
    if sys.stdout is not None:
        try:
            sys.stdout.write("\n")
            sys.stdout.flush()
        except OSError:
            # A second error while flushing at exit would only add noise.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return DONE
    return _ours(broken)


def _ours(fault: Exception) -> int:
    if os.environ.get("PERFXL_DEBUG"):
        import traceback

        _complain("".join(traceback.format_exception(fault)))
    _complain(fault_sentence(fault))
    return OUR_FAULT


def _complain(trouble: object) -> None:
    """Tell people of a trouble. Where nobody reads what we complain of, the status says it alone."""
    with suppress(OSError):
        print(trouble, file=sys.stderr, flush=True)


def _run(words: Sequence[str]) -> int:
    if words[:1] == ["click"]:
        # The macro's own words, in which nobody errs: understanding them takes no library, and somebody is waiting.
        from perfxl.cli.commands import click

        return click.run(words[1:])
    from perfxl.cli.parser import parser, types_first, with_command

    words = with_command(types_first(words))
    options = parser(words).parse_args(words)
    return int(options.run(options))
