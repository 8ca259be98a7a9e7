"""One workbook on the disk: what every command does with it first."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.pipeline.exit_status import DONE, WRONG_COMMAND, WRONG_INPUT, WRONG_SURROUNDINGS
from perfxl.report_type import catalog
from perfxl.report_type.profile import DEFAULT, BroughtProfile, Profile
from perfxl.storage.files import MAX_FILE

if TYPE_CHECKING:  # a batch that finds nothing to do examines nothing
    from perfxl.pipeline.examine import Examination


def examine_file(
    path: Path, home: Path, asked: str = "", data: bytes | None = None, *, trusted: bool = True
) -> Examination:
    """Return what came of the workbook at `path`; a file that cannot be read is a finding as well.

    `home` is the folder of the report types, `asked` the profile that the caller wants whatever the workbook names.
    Who knows better than the disk what the workbook holds gives its `data`. Of a folder that is not `trusted`, because
    others put workbooks there, nothing but the workbook is read.
    """
    from perfxl.model.finding import spoken
    from perfxl.model.remark import Remark
    from perfxl.pipeline.examine import Examination, examine

    if data is None:
        if not path.is_file():
            return Examination((spoken(Remark("F01", words={"name": path.name}), str(path), None),))
        try:
            with path.open("rb") as stream:
                data = stream.read(MAX_FILE + 1)
                size = max(len(data), path.stat().st_size)
        except OSError:
            return Examination((spoken(Remark("F06", words={"name": path.name}), str(path), None),))
    else:
        size = len(data)
    if size > MAX_FILE:
        return Examination((spoken(Remark("F05", words={"size": str(size // 2**20)}), str(path), None),))
    profile_named = partial(profile_for, path if trusted else None, home, asked)
    beside = path.parent / catalog.TYPES_FOLDER if trusted else None
    return examine(data, str(path), home, profile_named, beside=beside)


def profile_for(workbook: Path | None, home: Path, asked: str, named: str) -> Profile:
    """Return the profile that is asked for, else the one that the workbook names, which may be a file beside it.

    Without a `workbook` it is one of the office's: a unit could switch off what speaks against its submission.
    """
    from perfxl.pipeline.examine import load_profile

    if asked:
        return load_profile(home, Path(asked) if _is_file(Path(asked)) else asked)
    # A bare name only: a workbook from elsewhere must not choose files on this machine.
    if workbook is not None and named and Path(named).name == named:
        for beside in (workbook.parent / named, workbook.parent / f"{named}.json"):
            if beside.suffix == ".json" and _is_file(beside):
                return BroughtProfile(*load_profile(home, beside))
    return load_profile(home, named or DEFAULT)


def _is_file(path: Path) -> bool:
    """Whether a file is there; no system has one of every name (of 300 characters, with a NUL in it)."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def status(examination: Examination) -> int:
    """Return the exit status that an examination alone brings about."""
    codes = {finding.code for finding in examination.findings}
    if "F01" in codes:
        return WRONG_COMMAND
    if "F06" in codes:
        return WRONG_SURROUNDINGS
    return WRONG_INPUT if examination.errors else DONE


def summary(path: Path, examination: Examination) -> dict[str, Any]:
    """Return the examination as `check --json` prints it."""
    return {
        "file": str(path),
        "document_type": examination.report_type.id if examination.report_type else None,
        "profile": examination.profile.name if examination.profile else None,
        "findings": [finding.as_json() for finding in examination.findings],
        "errors": examination.errors,
        "warnings": examination.warnings,
    }
