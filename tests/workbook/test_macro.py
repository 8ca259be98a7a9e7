"""Macros written from source alone: what other programs read back is what was written."""

import random
import re
import subprocess
import warnings
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import macro_book
import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.report_type import catalog
from perfxl.workbook.macros import form_buttons
from perfxl.workbook.macros.cfb import compound
from perfxl.workbook.macros.vba_project import compress, encrypted, vba_project

with warnings.catch_warnings():
    # oletools 0.60.2 calls pyparsing by names that it has replaced.
    warnings.simplefilter("ignore", DeprecationWarning)
    from oletools.olevba import VBA_Parser, decompress_stream

MACROS = form_buttons.load(catalog.home())
JARS = ("poi", "commons-collections4", "commons-codec", "commons-math3")
POI = [Path("/usr/share/java") / f"{name}.jar" for name in JARS]


@pytest.fixture(scope="module")
def book():
    """A blank form with its macros."""
    return macro_book.write(None)


def expanded(data):
    return bytes(decompress_stream(bytearray(compress(data)))) if data else b""


def with_crlf(text):
    return "\r\n".join(text.splitlines()) + "\r\n"


@given(st.text(st.sampled_from("ab \n'PrivateSub"), max_size=9000))
def test_compressed_text_expands_to_itself(text):
    data = text.encode("ascii")
    assert expanded(data) == data


@pytest.mark.parametrize("size", [0, 1, 3, 4095, 4096, 4097, 8192, 20_000])
@pytest.mark.parametrize("signs", [b"a", b"ab", b"abc\r\n 'xyz", bytes(range(256))])
def test_compression_at_the_edges_of_chunks(size, signs):
    chance = random.Random(size)
    data = bytes(chance.choice(signs) for _ in range(size))
    if len(signs) == 256 and size % 4096 > 3640:
        with pytest.raises(ValueError, match="last chunk"):
            compress(data)
    else:
        assert expanded(data) == data


@pytest.mark.parametrize(
    ("text", "container"),
    [  # [MS-OVBA] 3.2.1 and 3.2.3
        (b"abcdefghijklmnopqrstuv.", "0119B000616263646566676800696A6B6C6D6E6F70007172737475762E"),
        (b"a" * 73, "0103B002614500"),
    ],
)
def test_compression_gives_the_bytes_of_the_specification(text, container):
    assert compress(text).hex().upper() == container


def test_encrypted_values_decrypt_to_what_they_hide():
    """Undone by the rules of [MS-OVBA] 2.4.3.3."""
    for seed in range(256):
        raw = bytes.fromhex(encrypted(b"\x00\xff\x07", seed, "{ID}"))
        key = sum(b"{ID}") & 0xFF
        assert raw[1] ^ seed == 2
        assert raw[2] ^ seed == key
        plain, found = key, []
        for index in range(3, len(raw)):
            plain = raw[index] ^ ((raw[index - 2] + plain) & 0xFF)
            found.append(plain)
        ignored = (seed & 6) // 2
        assert bytes(found[ignored:]) == b"\x03\0\0\0\x00\xff\x07"


def test_a_compound_file_gives_every_stream_back():
    chance = random.Random(4)
    sizes = [0, 1, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097, 70_000, 150_000]
    streams = {f"Store{size % 3}/s{size}": chance.randbytes(size) for size in sizes}
    streams |= {f"top{size}": chance.randbytes(size) for size in sizes}
    made = olefile.OleFileIO(BytesIO(compound(streams)), raise_defects=olefile.DEFECT_UNSURE)
    assert sorted("/".join(path) for path in made.listdir()) == sorted(streams)
    assert {path: made.openstream(path).read() for path in streams} == streams
    assert made.parsing_issues == []
    assert compound(dict(reversed(streams.items()))) == compound(streams)


def test_names_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="31 characters"):
        compound({"x" * 32: b""})
    with pytest.raises(ValueError, match="within storages"):
        compound({"a/b/c": b""})
    with pytest.raises(ValueError, match="ASCII"):
        vba_project({"M": "' 检查"}, ["ThisWorkbook"])
    with pytest.raises(ValueError, match="at once"):
        vba_project({"sheet1": ""}, ["ThisWorkbook", "Sheet1"])


def test_olevba_gives_the_source_back_byte_for_byte(book):
    found = {stream.rpartition("/")[2]: code for _, stream, _, code in VBA_Parser("x.xlsm", book).extract_macros()}
    for name, source in MACROS.modules.items():
        assert found.pop(name) == with_crlf(source)
    assert all(code.startswith(f'Attribute VB_Name = "{name}"\r\n') for name, code in found.items())
    assert set(found) == {"ThisWorkbook", *(f"Sheet{number}" for number in range(1, len(found)))}


def test_apache_poi_gives_the_source_back_byte_for_byte(book, tmp_path):
    if missing := [jar.name for jar in POI if not jar.exists()]:
        pytest.skip(f"Apache POI (libapache-poi-java) is not installed; CI installs it; missing: {', '.join(missing)}")
    path = tmp_path / "book.xlsm"
    path.write_bytes(book)
    program = Path(__file__).with_name("PoiMacros.java")
    words = ["java", "-cp", ":".join(map(str, POI)), str(program), str(path)]
    output = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    found = {name: bytes.fromhex(code).decode() for name, code in map(str.split, output.splitlines())}
    assert {name: found[name] for name in MACROS.modules} == {n: with_crlf(s) for n, s in MACROS.modules.items()}


def test_code_names_are_those_of_the_document_modules(book):
    archive = ZipFile(BytesIO(book))
    names = {name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")}
    texts = [archive.read(name).decode() for name in (*names, "xl/workbook.xml")]
    code_names = sorted(re.findall(r'<(?:sheetPr|workbookPr)[^>]* codeName="(\w+)"', "".join(texts)))
    parsed = olefile.OleFileIO(BytesIO(archive.read("xl/vbaProject.bin"))).openstream("PROJECT").read().decode()
    documents = sorted(line[9:].partition("/")[0] for line in parsed.splitlines() if line.startswith("Document="))
    assert code_names == documents


def test_the_same_form_gives_the_same_bytes(book):
    assert macro_book.write(None) == book


def test_the_source_keeps_to_what_every_program_compiles():
    for name, source in MACROS.modules.items():
        code = [line.partition("'")[0].split() for line in source.splitlines() if not line.startswith("Attribute")]
        words = {word for line in code for word in line}
        assert not words & {"Declare", "#If", "#Const", "PtrSafe"}, name
        # VBA takes lines of 1,023 characters and numbers of columns of its editor; ours stay readable.
        assert all(len(line) <= 150 for line in source.splitlines()), name


def test_every_text_the_macro_asks_for_is_there_and_no_other():
    source = "".join(MACROS.modules.values())
    asked = set(re.findall(r'\bPhrase\("(\w+)"\)', source))
    returned = set(re.findall(r'(?:SaveForm|AskProgram|OpenFile|WaitFor|ReadAnswer|trouble) = "(\w+)"', source))
    assert asked | returned == set(MACROS.texts)
