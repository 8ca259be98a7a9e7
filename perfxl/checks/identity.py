"""Rules on codes and names (family D): whether the units and projects of a plan are who they say they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfxl.profile import Profile
from perfxl.record import Path, Record
from perfxl.remark import Remark

_CODE_IN_NAME = re.compile(r"[\[(（【]?\d{3}(\d{3})?[\])）】\-—]?\D")


def code_apart_from_unit_name(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield D04 where the name of the unit begins with a code, as published lists print it."""
    del profile
    name = plan.values.get("unit_name", "")
    if _CODE_IN_NAME.match(name.strip()):
        yield Remark("D04", ("unit_name",), {"problem": "单位名称里不应带单位编码", "value": name})


def projects_are_distinct(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield D08 at the second of two projects with the same code (error) or the same name (warning)."""
    del profile
    for key, label in (("project_code", "项目编码"), ("project_name", "项目名称")):
        seen: dict[str, Path] = {}
        for path, value in plan.items("projects", key):
            plain = "".join(str(value).split())
            first = seen.setdefault(plain, path)
            if first != path:
                words = {"label": label, "value": value, "first": int(first[1]) + 1, "second": int(path[1]) + 1}
                yield Remark("D08", path, words, severity="error" if key == "project_code" else "warning")


RULES = (code_apart_from_unit_name, projects_are_distinct)
