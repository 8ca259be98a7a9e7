"""What is kept between runs is only ever used for what it was kept for; patterns from it are those that `re` makes."""

import os
import re
import subprocess
import sys

import pytest

from perfxl.fast import patterns
from perfxl.storage import cache

PATTERNS = [
    ("abc", 0),
    ("(?P<amount>[0-9]+(?:[.][0-9]+)?)(?P<unit>万?元)", 0),
    ("[一-龥㐀-䶿]{2,}?(?<!的)(?=、|$)", re.MULTILINE),
    ("a+b|(c)(d)?", re.IGNORECASE),
    (r"(?x) \b word \b  # a remark", 0),
    ("", 0),
]
TEXTS = ["abc", "拨款12.50万元，另有3元", "甲乙的、丙丁、\n戊己", "AAB cD", "one word", ""]
COUNTING = """
import re
from perfxl.pipeline import accelerators
accelerators.prepare()
compiled = []
real = re._compiler._code
re._compiler._code = lambda *words: compiled.append(words) or real(*words)
found = re.compile("(?P<who>[甲乙]+)[0-9]+").search("给乙甲12")
print(len(compiled), found["who"])
"""

ELSEWHERE = """
import re
from types import SimpleNamespace
from perfxl.fast import patterns
refusing = SimpleNamespace(compile=lambda pattern, flags: None)
{}
patterns.preload()
print(re.compile("a(b)").search("xab").span())
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    place = tmp_path / "kept" / "here"
    monkeypatch.setenv("PERFXL_CACHE", str(place))
    return place


def test_what_was_kept_comes_back_for_its_key_alone(folder):
    assert cache.kept("thing", b"first") is None
    cache.keep("thing", b"first", b"\x00content")
    assert cache.kept("thing", b"first") == b"\x00content"
    assert cache.kept("thing", b"other") is None
    assert cache.kept("other", b"first") is None
    cache.keep("thing", b"other", b"")
    assert cache.kept("thing", b"other") == b""
    assert cache.kept("thing", b"first") is None
    assert [path.name for path in folder.iterdir()] == ["thing"]


@pytest.mark.parametrize("spoil", [lambda whole: whole[:-1], lambda whole: whole[:3], lambda whole: whole[:-1] + b"X"])
def test_what_is_damaged_counts_for_nothing(folder, spoil):
    cache.keep("thing", b"key", b"content")
    path = folder / "thing"
    path.write_bytes(spoil(path.read_bytes()))
    assert cache.kept("thing", b"key") is None


def _writable_folder(folder, _path):
    folder.chmod(0o770)


def _writable_file(_folder, path):
    path.chmod(0o666)


def _linked_file(folder, path):
    elsewhere = folder.parent / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def _linked_folder(folder, _path):
    elsewhere = folder.with_name("elsewhere")
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)


def _somebody_elses(_folder, path):
    os.chown(path, 12345, 12345)


def _somebody_elses_folder(folder, _path):
    os.chown(folder, 12345, 12345)


@pytest.mark.skipif(os.name == "nt", reason="owners and modes of files say nothing on Windows")
@pytest.mark.parametrize(
    "plant",
    [_writable_folder, _writable_file, _linked_file, _linked_folder, _somebody_elses, _somebody_elses_folder],
)
def test_what_others_may_have_written_counts_for_nothing(folder, plant):
    """What is kept is code, and would be run."""
    if plant in (_somebody_elses, _somebody_elses_folder) and os.geteuid() != 0:
        pytest.skip("only the superuser can give a file to somebody else; CI runs as one")
    cache.keep("thing", b"key", b"content")
    plant(folder, folder / "thing")
    assert cache.kept("thing", b"key") is None


@pytest.mark.skipif(os.name == "nt", reason="owners and modes of files say nothing on Windows")
def test_nothing_is_kept_where_others_may_write(folder):
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    cache.keep("thing", b"key", b"content")
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="owners and modes of files say nothing on Windows")
def test_what_is_kept_is_the_users_alone(folder):
    old = os.umask(0)
    try:
        cache.keep("thing", b"key", b"content")
    finally:
        os.umask(old)
    assert [path.stat().st_mode & 0o777 for path in (folder, folder / "thing")] == [0o700, 0o600]


def test_where_nothing_can_be_kept_nothing_happens(folder):
    folder.parent.write_bytes(b"a file where the folder should be")
    cache.keep("thing", b"key", b"content")
    assert cache.kept("thing", b"key") is None


@pytest.mark.parametrize(("pattern", "flags"), PATTERNS)
def test_a_pattern_is_the_one_of_re(pattern, flags):
    ours, theirs = patterns.pattern(pattern, patterns.parts(pattern, flags)), re.compile(pattern, flags)
    assert ours == theirs
    assert (ours.pattern, ours.flags, ours.groups, ours.groupindex) == (
        theirs.pattern, theirs.flags, theirs.groups, theirs.groupindex,
    )  # fmt: skip
    for text in TEXTS:
        assert [(one.span(), one.groupdict()) for one in ours.finditer(text)] == [
            (one.span(), one.groupdict()) for one in theirs.finditer(text)
        ]


@pytest.mark.parametrize(
    "elsewhere", ["patterns.re = SimpleNamespace()", "patterns._sre = None", "patterns._sre = refusing"]
)
def test_where_re_is_not_as_expected_it_compiles_itself(folder, elsewhere):
    for before in ("", elsewhere):
        words = [sys.executable, "-c", ELSEWHERE.format(before)]
        output = subprocess.run(words, check=True, capture_output=True, text=True, encoding="utf-8").stdout
        assert output.split() == ["(1,", "3)"]


def test_the_next_run_compiles_nothing(folder):
    def run() -> str:
        words = [sys.executable, "-c", COUNTING]
        return subprocess.run(words, check=True, capture_output=True, text=True, encoding="utf-8").stdout.strip()

    assert run() == "1 乙甲"
    assert run() == "0 乙甲"
    (folder / "patterns").write_bytes(b"damaged")
    assert run() == "1 乙甲"
    assert run() == "0 乙甲"
