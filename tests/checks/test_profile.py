"""Profiles: an office's rules as data, and what becomes of a file that says what no profile has."""

import json

import pytest
from plans import HOME, PLAN, filled, found

from perfxl.cli.main import main
from perfxl.model.finding import catalogue
from perfxl.pipeline.examine import load_profile
from perfxl.report_type import profile
from perfxl.report_type.profile import Limits, Profile, ProfileFault, Words

SCHEMA = json.loads((HOME / "profiles" / "profile.schema.json").read_bytes())
ZERO = {"projects[0].budget_amount": 0, "projects[0].fiscal_funds": 0}


@pytest.fixture
def office(tmp_path):
    """What an office writes → its profile."""

    def written(rules):
        path = tmp_path / "本局.json"
        path.write_text(json.dumps(rules, ensure_ascii=False), "utf-8")
        return load_profile(HOME, path)

    return written


@pytest.mark.parametrize("name", profile.available(HOME))
def test_every_profile_that_is_shipped_loads(name):
    loaded = load_profile(HOME, name)
    assert loaded.id == name
    assert set(loaded.required_dimensions) <= set(loaded.levels)
    assert set(loaded.required_categories) <= {one for members in loaded.levels.values() for one in members}


def test_the_default_says_everything_and_the_schema_describes_everything():
    data = json.loads((HOME / "profiles" / f"{profile.DEFAULT}.json").read_bytes())
    described = SCHEMA["properties"]
    assert set(described) - {"based_on"} == set(data) == set(Profile._fields) - {"id"}
    for group, kind in (("limits", Limits), ("words", Words)):
        keys = set(kind._fields)
        assert set(described[group]["properties"]) == set(data[group]) == keys
        assert all(node["description"] for node in described[group]["properties"].values())


def test_the_levels_of_the_default_are_those_that_the_form_offers():
    node = PLAN.node(("projects", "indicators"))["items"]["properties"]
    levels = load_profile(HOME, profile.DEFAULT).levels
    assert set(node["dimension"]["enum"]) == set(levels)
    assert {category for members in levels.values() for category in members} == set(node["category"]["enum"])


def test_an_office_says_only_what_differs(office):
    own = office(
        {"limits": {"satisfaction_minimum": 85}, "rules": {"M03": "error"}, "levels": {"产出指标": ["数量指标"]}}
    )
    default = profile.load(HOME)
    assert own.limits.satisfaction_minimum == 85
    assert own.limits.satisfaction_maximum == default.limits.satisfaction_maximum
    assert own.levels == {"产出指标": ("数量指标",)}
    assert own.words == default.words


def test_an_office_may_start_from_another_profile(office):
    assert office({"based_on": "national_2021"}).frame == "four"


def test_a_rule_that_is_off_says_nothing_and_another_counts_as_the_office_says(office):
    assert found(filled(ZERO), "M03", rules=profile.load(HOME)) == [("M03", "项目1!C5")]
    assert found(filled(ZERO), "M03", rules=office({"rules": {"M03": "off"}})) == []


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"frmae": "three"}, "没有“frmae”这一项，是不是“frame”？"),
        ({"limits": {"satisfaction_minimun": 85}}, "没有“limits.satisfaction_minimun”这一项"),
        ({"limits": {"cost_ratio": "2"}}, "“limits.cost_ratio”应是数。"),
        ({"limits": {"cost_ratio": 0}}, "“limits.cost_ratio”的值“0”不合要求。"),
        ({"rules": {"K5": "off"}}, "“rules”里的“K5”不是规则代码"),
        ({"rules": {"M03": "aus"}}, "“rules.M03”应是off、error、warning、info之一，现在是“aus”。"),
        ({"rules": {"M99": "off"}}, "的 rules 里没有这些规则：M99。"),
        ({"frame": "five"}, "“frame”应是three、four之一"),
        ({"words": {"vague": "长期"}}, "“words.vague”应是列表。"),
        ({"based_on": "heber"}, "没有名为“heber”的规则配置；现有的是：hebei、national_2021。"),
        ([], "“整个文件”应是"),
    ],
)
def test_what_no_profile_has_is_an_error_that_names_the_key(office, rules, sentence):
    with pytest.raises(ProfileFault, match="配置") as fault:
        office(rules)
    assert sentence in str(fault.value)


@pytest.mark.parametrize("text", [b"{", b"\xff\xfe{", b'{"title": }'])
def test_a_file_that_is_no_json_is_told_in_chinese(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_bytes(text)
    with pytest.raises(ProfileFault, match="规则配置文件“x"):
        profile.load(HOME, path)


def test_a_name_leads_to_no_other_folder():
    with pytest.raises(ProfileFault):
        profile.load(HOME, "../profiles/hebei")


# Through the command


def check(capsys, *words):
    status = main(["check", *map(str, words), "--json"])
    out = capsys.readouterr()
    return status, [one["code"] for one in json.loads(out.out)["findings"]] if out.out else out.err


@pytest.fixture
def workbook(tmp_path, book):
    def written(changes):
        path = tmp_path / "表.xlsx"
        path.write_bytes(book(changes))
        return path

    return written


def test_the_command_line_names_a_profile_or_a_file(workbook, tmp_path, capsys):
    path = workbook(ZERO)
    file = tmp_path / "rules.json"
    file.write_text('{"rules": {"M03": "error", "D07": "off"}}')
    assert check(capsys, path)[0] == 0
    assert "M03" in check(capsys, path, "--profile", "hebei")[1]
    assert check(capsys, path, "--profile", file)[0] == 1
    status, words = check(capsys, path, "--profile", "nirgends")
    assert (status, "没有名为“nirgends”的规则配置" in words) == (2, True)


def test_the_workbook_names_a_profile_or_a_file_beside_it(workbook, tmp_path, capsys):
    (tmp_path / "own.json").write_text('{"rules": {"M03": "off"}}')
    assert "M03" in check(capsys, workbook(ZERO | {"profile": "national_2021"}))[1]
    assert "M03" not in check(capsys, workbook(ZERO | {"profile": "own"}))[1]
    assert "M03" not in check(capsys, workbook(ZERO | {"profile": "own.json"}))[1]


@pytest.mark.parametrize("name", ["河北省", "../own", "/etc/passwd"])
def test_a_workbook_that_names_no_profile_is_told_so_and_checked_by_the_default(workbook, capsys, name):
    assert check(capsys, workbook({"profile": name})) == (1, ["V09"])


def test_rules_from_a_file_beside_the_workbook_are_told_whatever_they_say(workbook, tmp_path, capsys):
    lenient = {"based_on": "hebei", "rules": {"M03": "off", "V20": "off"}}
    (tmp_path / "own.json").write_text(json.dumps(lenient), "utf-8")
    main(["check", str(workbook(ZERO | {"profile": "own"})), "--json"])
    told = json.loads(capsys.readouterr().out)
    (finding,) = [finding for finding in told["findings"] if finding["code"] == "V20"]
    assert (finding["severity"], finding["sheet"]) == ("warning", "基本信息")
    assert "own.json”，关掉了 M03、V20" in finding["message"]
    assert told["profile"] == "own.json（填报表旁边的文件）"


def test_who_asks_for_a_file_himself_is_not_told_of_it(workbook, tmp_path, capsys):
    file = tmp_path / "own.json"
    file.write_text(json.dumps({"based_on": "hebei", "rules": {"M03": "off"}}), "utf-8")
    main(["check", str(workbook(ZERO)), "--profile", str(file), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert [finding["code"] for finding in told["findings"] if finding["code"] == "V20"] == []
    assert told["profile"] == "own"


def test_a_watched_folder_takes_no_rules_that_are_put_there(workbook, tmp_path):
    (tmp_path / "own.json").write_text(json.dumps({"based_on": "hebei", "rules": {"M03": "off"}}), "utf-8")
    path = workbook(ZERO | {"profile": "own"})
    assert main(["watch", "--once", str(tmp_path)]) == 0
    assert not path.with_suffix(".docx").exists()


def test_every_code_of_a_shipped_profile_is_in_the_catalogue():
    for name in profile.available(HOME):
        assert set(profile.load(HOME, name).rules) <= set(catalogue())
