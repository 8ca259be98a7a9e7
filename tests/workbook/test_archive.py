"""The directory of an archive against zipfile's opinion of it, and parts that lie about themselves."""

import io
import struct
import subprocess
import sys
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.fast.workbook.archive import Archive
from perfxl.fast.workbook.xml_parts import UnusualXml
from perfxl.report_type import catalog
from perfxl.storage.zip_archive import Damaged, directory

EXAMPLE = min((catalog.home() / "examples").glob("*.xlsx"))
END = 22  # bytes of the end of a directory without a comment


def by_zipfile(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [
            (e.filename, e.flag_bits, e.compress_type, e.CRC, e.compress_size, e.file_size, e.header_offset)
            for e in archive.infolist()
        ]


def packed(contents, method=zipfile.ZIP_DEFLATED, comment=b"", **properties):
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", method) as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = method
            for key, value in properties.items():
                setattr(entry, key, value)
            archive.writestr(entry, content)
        archive.comment = comment
    return result.getvalue()


class Unseekable(io.BytesIO):
    def seekable(self):
        return False

    def seek(self, *_):
        raise io.UnsupportedOperation

    def tell(self):
        raise io.UnsupportedOperation


def streamed():
    """An archive whose sizes stand behind the parts."""
    result = Unseekable()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", b"a" * 99)
    return result.getvalue()


SMALL = packed({"a.xml": b"<a/>" * 9, "b/c.xml": b"", "d": bytes(range(256))})
ARCHIVES = {
    "an example": EXAMPLE.read_bytes(),
    "a small one": SMALL,
    "nothing packed": packed({"a": b"x" * 9}, zipfile.ZIP_STORED),
    "packed otherwise": packed({"a": b"x" * 9}, zipfile.ZIP_BZIP2),
    "a comment": packed({"a": b"x"}, comment=b"by hand"),
    "notes on parts": packed({"a": b"x"}, comment=b"", extra=struct.pack("<HH4s", 0x7075, 4, b"note")),
    "Chinese names": packed({"表/一.xml": b"x"}),
    "something before it": b"MZ" + SMALL,
    "sizes behind the parts": streamed(),
    "no parts": packed({}),
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_the_directory_is_read_as_zipfile_reads_it(kind):
    assert directory(ARCHIVES[kind]) == by_zipfile(ARCHIVES[kind])


@settings(deadline=None, max_examples=600)
@given(at=st.integers(0, 10**6), new=st.binary(min_size=1, max_size=4), gone=st.sampled_from([0, 1, 2, 4, 30]))
def test_no_damage_to_a_directory_is_seen_otherwise_than_by_zipfile(at, new, gone):
    begin = struct.unpack_from("<L", SMALL, len(SMALL) - END + 16)[0]
    at = begin + at % (len(SMALL) - begin)
    data = SMALL[:at] + new + SMALL[at + gone :]
    try:
        expected = by_zipfile(data)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        with pytest.raises(Damaged):
            directory(data)
    else:
        assert directory(data) == expected


def test_a_part_is_what_zipfile_makes_of_it():
    for kind in ("an example", "nothing packed", "sizes behind the parts", "Chinese names", "something before it"):
        data = ARCHIVES[kind]
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            assert all(Archive(data).part(name) == source.read(name) for name in source.namelist())


def with_size(size):
    """An archive whose directory states another size of its only part."""
    data = bytearray(packed({"a": b"a" * 1000}))
    struct.pack_into("<L", data, data.index(b"PK\1\2") + 24, size)
    return bytes(data)


@pytest.mark.parametrize("size", [0, 999, 1001, 2**20, 2**32 - 2])
def test_a_part_that_is_not_as_long_as_stated_is_refused(size):
    with pytest.raises(UnusualXml):
        Archive(with_size(size)).part("a")


@pytest.mark.parametrize("kind", ["packed otherwise", "an example"])
def test_a_part_that_cannot_be_read_is_refused(kind):
    with pytest.raises(UnusualXml):
        Archive(ARCHIVES[kind]).part("a")


def test_a_part_to_which_the_directory_does_not_lead_is_refused():
    data = bytearray(SMALL)
    struct.pack_into("<L", data, data.index(b"PK\1\2") + 42, 10**6)
    for damaged in (bytes(data), SMALL[END:]):
        with pytest.raises(UnusualXml):
            Archive(damaged).part("a.xml")


def test_what_is_no_archive_is_damaged():
    for data in (b"", b"PK", b"PK\5\6", SMALL[:-1], SMALL[:-END]):
        with pytest.raises(Damaged):
            directory(data)


def test_a_workbook_is_read_without_zipfile():
    script = (
        "import sys; from pathlib import Path; from perfxl.pipeline.accelerators import read;"
        f"read(Path({str(EXAMPLE)!r}).read_bytes()).sheets; print('zipfile' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout == "False\n"
    )
