"""A county's workbooks, and a batch over them that says what it did."""

import hashlib
import json
from pathlib import Path

import plans
import pytest

from perfxl.batch.ledger import Ledger
from perfxl.batch.regenerate import regenerate
from perfxl.batch.run import Options
from perfxl.report_type import catalog

HOME = catalog.home()


@pytest.fixture(scope="session")
def unit():
    """Number of a unit and changes to the valid plan → its workbook, made once a session."""
    made = {}

    def workbook(number=1, **changes):
        key = json.dumps([number, changes], sort_keys=True, default=str)
        if key not in made:
            code = f"13020025P{number:05d}0000"
            own = {"unit_code": f"{402000 + number}", "unit_name": f"第{number}局", **changes}
            data = plans.changed(own)
            for at in range(len(data["projects"])):
                own |= {f"projects[{at}].project_code": f"{code}{at:02d}X"[:21]}
                own |= {f"projects[{at}].indicators[0].description": f"第{number}局第{at}项全年完成的数量"}
            own |= changes
            made[key] = plans.book(own)
        return made[key]

    return workbook


@pytest.fixture
def county(tmp_path, unit):
    """A folder with four units in two folders."""
    folder = tmp_path / "报送"
    for number in range(1, 5):
        path = folder / ("城区" if number < 3 else "乡镇") / f"第{number}局.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(unit(number))
    return folder


@pytest.fixture
def crowd(tmp_path, unit):
    """A number → a folder with as many units in three folders, and one broken workbook."""

    def filled(count):
        folder = tmp_path / "报送"
        for number in range(count):
            path = folder / f"{number % 3}" / f"第{number}局.xlsx"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(unit(number % 6 + 1))
        (folder / "0" / "坏的.xlsx").write_bytes(b"PK\x03\x04broken")
        return folder

    return filled


@pytest.fixture
def output(tmp_path):
    """The output folder, not there yet."""
    return tmp_path / "成品"


@pytest.fixture
def batch(output):
    """A folder → what a batch over it did. Drafts, because the plans need not be without errors."""

    def run(folder, home=HOME, **options):
        asked = Options(home, **{"draft": True, **options})
        return regenerate(folder, output, asked, lambda _done, _total: None, every=True)

    return run


@pytest.fixture
def notices(output):
    """Codes and paths of what the last batch had to say besides the workbooks' own findings."""

    def told(source=None):
        ledger = Ledger(output)
        rows = ledger.execute("SELECT code, path FROM notice WHERE ? IN (source, '') ORDER BY 1, 2", (source or "",))
        found = [(code, path.decode()) for code, path in rows]
        ledger.close()
        return found

    return told


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder with its digest; what the batch keeps for itself is left out."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".perfxl" not in path.parts
    }


@pytest.fixture(name="tree")
def _tree():
    return tree
