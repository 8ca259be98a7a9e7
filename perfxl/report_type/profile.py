"""Profiles: what one finance office asks for, as data.

A profile is a JSON file in `profiles/` or beside the workbook. It says only what differs from the one it is based on;
`profile.schema.json` describes every key, and a key that it does not know is an error.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple

from perfxl.model.remark import Severity
from perfxl.report_type import catalog
from perfxl.report_type.schema_validator import Fault, Validator

DEFAULT = "hebei"

_DEEPEST = 8  # profiles based on one another
_LONGEST_NAME = 200


class ProfileFault(Exception):
    """A profile cannot be used; the message is a Chinese sentence that names the file and the key."""


class Limits(NamedTuple):
    """The numbers that rules use. `profile.schema.json` says of each what it is and which rule asks for it."""

    amount_tolerance: Decimal
    check_character_from: int
    satisfaction_minimum: Decimal
    satisfaction_maximum: Decimal
    cost_ratio: Decimal
    unit_cost_low: Decimal
    unit_cost_high: Decimal
    identical_targets_from: int
    identical_bases_from: int
    identical_indicators_from: int


class Words(NamedTuple):
    """The words that rules use. `profile.schema.json` says of each list which rule asks for it."""

    vague: tuple[str, ...]
    generic_bases: tuple[str, ...]
    placeholders: tuple[str, ...]
    lexicon: tuple[str, ...]
    doubled: tuple[str, ...]


class Cap(NamedTuple):
    """Below `below` percent of the budget spent, no more than `at_most` points in all."""

    below: Decimal
    at_most: Decimal


class Scoring(NamedTuple):
    """How a self-evaluation is scored. `profile.schema.json` says of each key what it is.

    `weights` has the points of the execution of the budget and of each first level, `ratings` the lowest score of each
    rating, the best first.
    """

    weights: Mapping[str, Decimal]
    weights_of: Literal["office", "project"]
    reverse: Literal["excess", "ratio"]
    deviation_from: Decimal
    deviation_deduction: Decimal
    ratings: Mapping[str, Decimal]
    caps: tuple[Cap, ...]
    score_tolerance: Decimal
    rate_tolerance: Decimal


class Profile(NamedTuple):
    """The rules of an office.

    `levels` has the second levels of each first level, both in the order in which they are printed. `rules` has the
    codes that are off or that count otherwise than in the catalogue. `places` has the counties of each city around.
    """

    id: str
    title: str
    layout: str
    frame: Literal["three", "four"]
    levels: Mapping[str, tuple[str, ...]]
    required_dimensions: tuple[str, ...]
    required_categories: tuple[str, ...]
    rules: Mapping[str, Severity | Literal["off"]]
    limits: Limits
    scoring: Scoring
    words: Words
    places: Mapping[str, tuple[str, ...]]

    @property
    def name(self) -> str:
        """What people call it."""
        return self.id


class BroughtProfile(Profile):
    """Rules that came with a workbook, in a file beside it, and not from the office."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """What people call it, with where it came from."""
        return f"{self.id}.json（填报表旁边的文件）"


def available(folder: Path) -> list[str]:
    """Return the names of the profiles of `folder` and the other places of types, in alphabetical order."""
    found = (path for shelf in _shelves(folder) for path in shelf.glob("*.json"))
    return sorted({path.stem for path in found if not path.name.endswith(".schema.json")})


def load(folder: Path, wanted: str | Path = DEFAULT) -> Profile:
    """Return a profile: by its name in `folder/profiles`, or from the file that a `Path` leads to.

    Raises `ProfileFault` where there is none, or where it holds what no profile has.
    """
    data, name = _merged(folder, wanted, 0)
    try:
        return _profile(name, data)
    except KeyError as missing:
        raise ProfileFault(f"规则配置“{name}”缺少“{missing.args[0]}”。") from missing


def _shelves(folder: Path) -> list[Path]:
    """Return where profiles stand, the first one first: an office's own count for more than those of the program."""
    return [place / "profiles" for place in catalog.places(folder)]


def _found(shelves: Sequence[Path], name: str) -> Path | None:
    return next((path for shelf in shelves if (path := shelf / f"{name}.json").is_file()), None)


def _merged(folder: Path, wanted: str | Path, depth: int) -> tuple[dict[str, Any], str]:
    """Return what a profile says, laid over what the one it is based on says, and its name."""
    path: Path | None
    shelves = _shelves(folder)
    path = wanted if isinstance(wanted, Path) else _found(shelves, wanted) if _is_plain(wanted) else None
    if path is None:
        raise ProfileFault(f"没有名为“{wanted}”的规则配置；现有的是：{'、'.join(available(folder))}。")
    own = _read(path)
    base: str | Path = own.pop("based_on", DEFAULT)
    if depth == _DEEPEST:
        raise ProfileFault(f"规则配置“{path.name}”的 based_on 绕成了一圈。")
    if path.stem == base and not isinstance(wanted, Path):
        # An office's own of that name is laid over the one that comes with the program.
        further = _found(shelves[shelves.index(path.parent) + 1 :], base)
        if further is None:
            return own, path.stem
        base = further
    below, _ = _merged(folder, base, depth + 1) if not isinstance(base, Path) else _standing(folder, base, depth + 1)
    return _laid_over(below, own), path.stem


def _standing(folder: Path, path: Path, depth: int) -> tuple[dict[str, Any], str]:
    """Return what a profile of one place says, without those of the places before."""
    own = _read(path)
    base = own.pop("based_on", DEFAULT)
    if base == path.stem:
        return own, path.stem
    return _laid_over(_merged(folder, base, depth)[0], own), path.stem


def _is_plain(name: str) -> bool:
    """Whether a name leads to no other folder."""
    return "\0" not in name and Path(name).name == name and len(name) < _LONGEST_NAME


def _read(path: Path) -> dict[str, Any]:
    try:
        # A limit is exact: 0.005 is no sum of binary fractions.
        data = json.loads(path.read_bytes().decode("utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        raise ProfileFault(f"读不到规则配置文件“{path.name}”。") from error
    except UnicodeDecodeError as error:
        raise ProfileFault(f"规则配置文件“{path.name}”不是 UTF-8 编码，请另存为 UTF-8。") from error
    except RecursionError as error:
        raise ProfileFault(f"规则配置文件“{path.name}”嵌套太深。") from error
    except json.JSONDecodeError as error:
        raise ProfileFault(f"规则配置文件“{path.name}”第{error.lineno}行第{error.colno}列写法不对。") from error
    if path == catalog.home() / "profiles" / f"{DEFAULT}.json":
        # Tests hold the rules that come with the program to their schema; jsonschema takes 50 ms to load.
        return dict(data)
    schema = json.loads((catalog.home() / "profiles" / "profile.schema.json").read_bytes())
    try:
        faults = [sentence for fault in Validator(schema).faults(data) for sentence in _sentences(fault, schema)]
    except RecursionError as error:
        raise ProfileFault(f"规则配置文件“{path.name}”嵌套太深。") from error
    if faults:
        raise ProfileFault(f"规则配置文件“{path.name}”：\n" + "\n".join(f"  {sentence}" for sentence in faults))
    return dict(data)


def _sentences(fault: Fault, schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong at one place of a profile, naming the key."""
    from difflib import get_close_matches

    at = ".".join(map(str, fault.path))
    if fault.keyword == "additionalProperties" and isinstance(fault.found, dict):
        known = _node(schema, fault.path).get("properties", {})
        for key in fault.found:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                hint = f"是不是“{near[0]}”？" if near else f"可以写的是：{'、'.join(known)}。"
                yield f"没有“{'.'.join((*map(str, fault.path), key))}”这一项，{hint}"
    elif fault.keyword == "pattern" and at == "rules":
        yield f"“rules”里的“{fault.found}”不是规则代码，应像 K05。"
    elif fault.keyword == "enum":
        yield f"“{at}”应是{'、'.join(map(str, fault.wanted))}之一，现在是“{fault.found}”。"
    elif fault.keyword == "type":
        kinds = {"number": "数", "integer": "整数", "string": "文字", "array": "列表", "object": "一组“名称: 值”"}
        yield f"“{at or '整个文件'}”应是{kinds[fault.wanted]}。"
    else:
        yield f"“{at}”的值“{fault.found}”不合要求。"


def _node(schema: Mapping[str, Any], path: Sequence[str | int]) -> Mapping[str, Any]:
    for step in path:
        schema = schema.get("properties", {}).get(step, {})
    return schema


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return `below` with what `above` says instead. Levels are replaced as a whole, because their order matters."""
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict) and key not in ("levels", "places")
        merged[key] = {**merged[key], **value} if both else value
    return merged


def _profile(name: str, data: Mapping[str, Any]) -> Profile:
    numbers, words = data["limits"], data["words"]
    return Profile(
        id=name,
        title=data["title"],
        layout=data["layout"],
        frame=data["frame"],
        levels={dimension: tuple(categories) for dimension, categories in data["levels"].items()},
        required_dimensions=tuple(data["required_dimensions"]),
        required_categories=tuple(data["required_categories"]),
        rules=dict(data["rules"]),
        limits=Limits(
            amount_tolerance=Decimal(numbers["amount_tolerance"]),
            check_character_from=int(numbers["check_character_from"]),
            satisfaction_minimum=Decimal(numbers["satisfaction_minimum"]),
            satisfaction_maximum=Decimal(numbers["satisfaction_maximum"]),
            cost_ratio=Decimal(numbers["cost_ratio"]),
            unit_cost_low=Decimal(numbers["unit_cost_low"]),
            unit_cost_high=Decimal(numbers["unit_cost_high"]),
            identical_targets_from=int(numbers["identical_targets_from"]),
            identical_bases_from=int(numbers["identical_bases_from"]),
            identical_indicators_from=int(numbers["identical_indicators_from"]),
        ),
        scoring=_scoring(data["scoring"]),
        words=Words(
            vague=tuple(words["vague"]),
            generic_bases=tuple(words["generic_bases"]),
            placeholders=tuple(words["placeholders"]),
            lexicon=tuple(words["lexicon"]),
            doubled=tuple(words["doubled"]),
        ),
        places={city: tuple(counties) for city, counties in data["places"].items()},
    )


def _scoring(data: Mapping[str, Any]) -> Scoring:
    return Scoring(
        weights={name: Decimal(points) for name, points in data["weights"].items()},
        weights_of=data["weights_of"],
        reverse=data["reverse"],
        deviation_from=Decimal(data["deviation_from"]),
        deviation_deduction=Decimal(data["deviation_deduction"]),
        ratings={name: Decimal(least) for name, least in data["ratings"].items()},
        caps=tuple(Cap(Decimal(cap["below"]), Decimal(cap["at_most"])) for cap in data["caps"]),
        score_tolerance=Decimal(data["score_tolerance"]),
        rate_tolerance=Decimal(data["rate_tolerance"]),
    )
