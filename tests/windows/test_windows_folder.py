"""The folder with Python for Windows, as far as another machine can look into it."""

import hashlib
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.utils import canonicalize_name

from tools import make_windows, page_parts, windows_wheels
from tools.make_windows import FOLDER, PACKAGES

VERSION = "3.13"


def launcher(name):
    wheels = windows_wheels.pinned(VERSION)
    with ZipFile(next(wheel for wheel in wheels if wheel.name.startswith("distlib-"))) as archive:
        return archive.read(name)


@pytest.fixture(scope="module")
def python():
    """An archive as python.org's embeddable package is one; its programs are others for the same processor."""
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for name in ("python.exe", "pythonw.exe"):
            archive.writestr(name, launcher("distlib/t64.exe"))
        archive.writestr("python313._pth", "python313.zip\r\n.\r\n#import site\r\n")
        archive.writestr("python313.zip", b"PK\5\6" + bytes(18))
        archive.writestr("LICENSE.txt", "PSF")
    return target.getvalue()


@pytest.fixture(scope="module")
def folder(python):
    return make_windows.folder(python)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    return [*windows_wheels.pinned(VERSION), page_parts.own_wheel(tmp_path_factory.mktemp("wheel"))]


def test_all_that_perfxl_needs_on_windows_is_there_in_versions_that_fit(wheels):
    there = {canonicalize_name(wheel.name.split("-")[0]): wheel for wheel in wheels}
    lacking = []
    for name, wheel in there.items():
        extras = windows_wheels.EXTRAS if name == "perfxl" else ()
        for needed in windows_wheels.requirements(wheel, VERSION, extras):
            found = there.get(canonicalize_name(needed.name))
            if found is None or not needed.specifier.contains(found.name.split("-")[1], prereleases=True):
                lacking.append((name, str(needed)))
    assert lacking == []
    assert {"xlwings", "watchfiles", "pywin32", "lxml", "perfxl"} <= there.keys()


def test_every_wheel_is_for_windows_or_for_any_machine(wheels):
    assert {wheel.stem.rsplit("-", 1)[1] for wheel in wheels} <= {"any", "win_amd64"}
    tags = {wheel.stem.split("-")[-2] for wheel in wheels}
    assert tags <= {"none", "abi3", "cp313"}


def test_every_program_is_for_the_processor(folder):
    programs = {name: content for name, content in folder.items() if name.endswith(".pyd")}
    assert len(programs) > 10
    assert {make_windows.machine(content) for content in programs.values()} == {0x8664}
    assert make_windows.machine(b"\x7fELF") == 0


def test_python_looks_nowhere_but_in_its_folder(folder):
    lines = folder["python313._pth"].decode().split("\r\n")
    assert lines[:3] == ["python313.zip", ".", "Lib\\site-packages"]
    assert "import site" in lines
    assert b"PERFXL_CACHE" in folder[f"{PACKAGES}/sitecustomize.py"]


def test_the_starters_name_the_python_beside_them_and_run_perfxl(folder):
    for name, interpreter in (("perfxlw.exe", b"pythonw.exe"), ("perfxl.exe", b"python.exe")):
        program = folder[name]
        assert make_windows.machine(program) == 0x8664
        assert b'#!"<launcher_dir>\\' + interpreter + b'"\r\n' in program
        with ZipFile(BytesIO(program)) as script:  # a zip archive is found from its end
            assert b"perfxl.__main__" in script.read("__main__.py")


def test_the_batch_files_hold_no_place_of_their_own(folder):
    batches = [name for name in folder if name.endswith(".cmd")]
    assert set(batches) == {"perfxl.cmd", "启用按钮.cmd", "拖到这里生成Word报告.cmd"}
    for name in batches:
        text = folder[name].decode()
        assert '"%~dp0python.exe" -m perfxl' in text
        assert "\n" not in text.replace("\r\n", "")
        assert ":\\" not in text


def test_nothing_tells_of_the_machine_that_made_it(folder):
    home = str(Path.home()).encode()
    traces = [name for name, content in folder.items() if str(make_windows.ROOT).encode() in content]
    assert traces == []
    assert not [name for name in folder if name.startswith(f"{PACKAGES}/perfxl/") and home + b"/" in folder[name]]


def test_what_the_page_of_steps_says_is_there(folder):
    text = folder["说明.txt"].decode("utf-8-sig")
    assert page_parts.version() in text
    assert "{" not in text
    assert "启用按钮" in text
    assert "LICENSE.txt" in folder


def test_what_is_in_the_folder_runs_here_where_it_is_python_alone(folder, tmp_path):
    for name, content in folder.items():
        if name.startswith(f"{PACKAGES}/perfxl/"):
            path = tmp_path / name.removeprefix(f"{PACKAGES}/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    words = [sys.executable, "-m", "perfxl", "types"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "部门预算绩效文本" in done.stdout


def test_the_same_files_give_the_same_archive(python, folder):
    first, second = make_windows.archive(python), make_windows.archive(python)
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()
    with ZipFile(BytesIO(first)) as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {FOLDER}
        assert len(archive.namelist()) == len(folder)


def test_a_zip_with_another_hash_is_refused(python, tmp_path):
    given = tmp_path / "python-3.13.1-embed-amd64.zip"
    given.write_bytes(python)
    words = [
        sys.executable,
        "-m",
        "tools.make_windows",
        "--python",
        str(given),
        "--sha256",
        "0" * 64,
        str(tmp_path / "a.zip"),
    ]
    done = subprocess.run(words, cwd=make_windows.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "--sha256" in done.stderr
    assert not (tmp_path / "a.zip").exists()


def test_what_is_no_python_for_windows_is_refused(python):
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        archive.writestr("python3.13", "x")
    with pytest.raises(SystemExit, match="embeddable"):
        make_windows.folder(target.getvalue())


def test_another_version_of_python_needs_other_wheels():
    with pytest.raises(SystemExit, match=r"--pin 3\.12"):
        windows_wheels.pinned("3.12")
