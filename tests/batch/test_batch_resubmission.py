"""Thirty units, four rounds of sending again: every change is told by name, and nothing else."""

import json
import random
import zipfile
from io import BytesIO

import pytest

from perfxl.cli.main import main

UNITS = 30
SLIP = {"projects[0].budget_amount": "250万"}
WORDS = {"overall_goal": ["把工作做得更细更实，全年完成各项任务，服务好群众和企业。"]}


def saved_again(data):
    """The workbook with the same content in another archive, as a program that saves it makes one."""
    result = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return result.getvalue()


class Office:
    """What lies in the finance office's folder, and what has been done to it since the last run."""

    def __init__(self, folder, output, unit, capsys):
        self.folder, self.output, self.unit, self.capsys = folder, output, unit, capsys
        self.slips, self.there, self.wanted = set(), set(), {}
        folder.mkdir()

    def path(self, number):
        return self.folder / f"第{number}局.xlsx"

    def send(self, number, *, slip=False, **changes):
        self.path(number).write_bytes(self.unit(number, **changes, **(SLIP if slip else {})))
        (self.slips.add if slip else self.slips.discard)(number)
        self.there.add(number)

    def run(self):
        """Run the command; return its status, its changes as {unit: kind}, and the lines on the screen."""
        words = ["batch", str(self.folder), "-o", str(self.output), "--jobs", "1"]
        status = main([*words, "--json"])
        told = json.loads(self.capsys.readouterr().out)
        assert len({change["unit"] for change in told["changes"]}) == len(told["changes"])
        return status, {change["unit"]: change["kind"] for change in told["changes"]}, told

    def round(self, chance):
        """Let units do something, each one thing at most, and return what has to be told."""
        wanted = {}
        units = chance.sample(range(1, UNITS + 1), 14)
        for number in units[:3]:
            if number in self.there:
                wanted |= {f"第{number}局": "改好" if number in self.slips else "变差"}
                self.send(number, slip=number not in self.slips)
            else:
                wanted |= {f"第{number}局": "新报"}
                self.send(number)
        for number in set(units[3:6]) & self.there - self.slips:
            text = f"{WORDS['overall_goal'][0][:-1]}，第{chance.randrange(10**6)}稿。"
            wanted |= {f"第{number}局": "重报"}
            self.send(number, overall_goal=[text])
        for number in set(units[6:8]) & self.there:
            wanted |= {f"第{number}局": "撤下"}
            self.path(number).unlink()
            self.there.discard(number)
            self.slips.discard(number)
        for number in set(units[8:11]) & self.there:
            self.path(number).write_bytes(saved_again(self.path(number).read_bytes()))
        for number in set(units[11:]) & self.there:
            self.path(number).touch()
        return wanted


@pytest.mark.parametrize("seed", range(3))
def test_four_rounds_tell_every_change_by_name_and_nothing_else(tmp_path, unit, capsys, seed):
    chance = random.Random(seed)
    office = Office(tmp_path / "报送", tmp_path / "成品", unit, capsys)
    for number in range(1, 26):
        office.send(number, slip=number % 6 == 0)
    _, changes, _ = office.run()
    assert changes == {}
    for _ in range(4):
        wanted = office.round(chance)
        status, changes, told = office.run()
        assert changes == wanted
        assert status == (1 if office.slips else 0)
        assert {one["unit"] for one in told["to_do"]} == {f"第{number}局" for number in office.slips}
        counts = [one["errors"] for one in told["to_do"]]
        assert counts == sorted(counts, reverse=True)
        assert told["urgencies"]["要处理"] == len(office.slips)
    _, changes, told = office.run()
    assert told["processed"] == 0


def test_a_unit_that_sends_under_another_name_is_compared_with_what_it_had_sent(tmp_path, unit, capsys):
    office = Office(tmp_path / "报送", tmp_path / "成品", unit, capsys)
    for number in range(1, 5):
        office.send(number, slip=number == 4)
    office.run()
    office.path(1).rename(office.folder / "第1局（最终）.xlsx")
    office.path(2).unlink()
    (office.folder / "第2局（修改）.xlsx").write_bytes(unit(2, **WORDS))
    office.path(4).unlink()
    (office.folder / "第4局（修改）.xlsx").write_bytes(unit(4))
    _, changes, told = office.run()
    assert changes == {"第1局": "状态变化", "第2局": "重报", "第4局": "改好"}
    said = {change["unit"]: change["said"] for change in told["changes"]}
    assert said["第1局"] == "文件名改了（原来是“第1局.xlsx”），内容没有变"
    assert said["第2局"].startswith("文件名改了（原来是“第2局.xlsx”），内容有改动")
    assert "错误 1→0" in said["第4局"]
    assert sorted(path.name for path in (office.output / "修改对照").iterdir()) == [
        *("第2局（修改）.修改对照.docx", "第2局（修改）.修改对照.xlsx"),
        *("第4局（修改）.修改对照.docx", "第4局（修改）.修改对照.xlsx"),
    ]
    assert office.run()[1] == {}


def test_a_copy_beside_the_form_is_no_other_name(tmp_path, unit, capsys):
    office = Office(tmp_path / "报送", tmp_path / "成品", unit, capsys)
    office.send(1)
    office.run()
    (office.folder / "第1局（修改）.xlsx").write_bytes(unit(1, **WORDS))
    assert [change["kind"] for change in office.run()[2]["changes"]] == ["新报"]
