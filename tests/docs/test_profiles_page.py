"""docs/profiles.md has every key of a profile, and what it shows as an example is one."""

import json
import re
import runpy
from pathlib import Path

import pytest
from plans import HOME

from perfxl.pipeline.examine import load_profile

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "profiles.md").read_text("utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)


def test_the_table_is_what_the_schema_says():
    tool = runpy.run_path(str(ROOT / "tools" / "make_profiles_page.py"))
    assert tool["PAGE"].read_text("utf-8") == tool["page"](), "run python -m tools.make_profiles_page"


def test_every_key_is_in_the_table():
    schema = json.loads((HOME / "profiles" / "profile.schema.json").read_bytes())["properties"]
    inner = [f"{group}.{key}" for group, node in schema.items() for key in node.get("properties", ())]
    assert [key for key in (*schema, *inner) if f"| `{key}` |" not in PAGE] == []


def test_the_page_has_examples_of_the_usual_frames():
    weights = [json.loads(example).get("scoring", {}).get("weights") for example in EXAMPLES]
    assert {"预算执行率": 10, "产出指标": 40, "效益指标": 30, "满意度指标": 20} in weights
    assert {"决策": 20, "过程": 20, "产出": 30, "效益": 30} in weights


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_a_profile(example, tmp_path):
    path = tmp_path / "本县.json"
    path.write_text(example, "utf-8")
    profile = load_profile(HOME, path)
    assert profile.title == json.loads(example)["title"]
    assert sum(profile.scoring.weights.values()) == 100
    assert set(profile.required_dimensions) <= set(profile.levels)
