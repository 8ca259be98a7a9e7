"""Macros: VBA source text → `vbaProject.bin`, written from the text alone ([MS-OVBA]).

Office stores compiled code beside the source. It is optional: `_VBA_PROJECT` without a version (2.3.4.1) and module
streams that begin with the source (offset 0) make every program compile the text when it opens the file. So nobody
needs Office to build the form, and what runs is what can be read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence

from perfxl.workbook.macros.cfb import compound

PROJECT = "VBAProject"

# Any constant would do; Office makes a new one for every project, and the same input must give the same bytes.
_PROJECT_ID = "{6F1B3C52-9D0E-4B57-8A41-2C7D5E90B6A3}"
_SEED = 0x5A
_CODE_PAGE = 1252  # the source is ASCII, which is the same in all of them
_LCID = 0x0409
_SYSTEM = 1  # 32-bit Windows, which 64-bit and Macintosh programs take as well

_WORKBOOK_CLASS = "00020819-0000-0000-C000-000000000046"
_SHEET_CLASS = "00020820-0000-0000-C000-000000000046"
_CHUNK = 4096


def vba_project(modules: Mapping[str, str], code_names: Sequence[str]) -> bytes:
    """Return a `vbaProject.bin` with the procedural `modules`, source by name, in the project `VBAProject`.

    `code_names` are those of the workbook, which comes first, and of all its sheets: each gets an empty document
    module, because Excel repairs a file in which one is missing. Line ends become CRLF. Raises `ValueError` for
    source that is not ASCII, since every language of Windows would read it differently.
    """
    sources = {name: _document_source(name, index == 0) for index, name in enumerate(code_names)}
    if twice := [name for name in modules if name.casefold() in {known.casefold() for known in sources}]:
        raise ValueError(f"module and code name at once: {', '.join(twice)}")
    sources |= {name: _module_source(name, text) for name, text in modules.items()}
    streams = {f"VBA/{name}": compress(_ascii(name, text)) for name, text in sources.items()}
    return compound(
        {
            **streams,
            "VBA/_VBA_PROJECT": struct.pack("<HHBH", 0x61CC, 0xFFFF, 0, 0),
            "VBA/dir": compress(_dir(sources, len(code_names))),
            "PROJECT": _project(list(sources), len(code_names)).encode("ascii"),
            "PROJECTwm": _names(sources),
        }
    )


def _ascii(name: str, text: str) -> bytes:
    if not text.isascii():
        raise ValueError(f"{name}: macro source must be ASCII")
    return "\r\n".join(text.splitlines()).encode("ascii") + b"\r\n"


def _module_source(name: str, text: str) -> str:
    header = f'Attribute VB_Name = "{name}"'
    return text if text.startswith(header) else f"{header}\n{text}"


def _document_source(name: str, is_workbook: bool) -> str:
    """Return the attributes that make a module the one of a workbook or a sheet (2.3.4.3)."""
    return "\n".join(
        (
            f'Attribute VB_Name = "{name}"',
            f'Attribute VB_Base = "0{{{_WORKBOOK_CLASS if is_workbook else _SHEET_CLASS}}}"',
            "Attribute VB_GlobalNameSpace = False",
            "Attribute VB_Creatable = False",
            "Attribute VB_PredeclaredId = True",
            "Attribute VB_Exposed = True",
            "Attribute VB_TemplateDerived = False",
            "Attribute VB_Customizable = True",
        )
    )


# --- the dir stream (2.3.4.2) ---


def _record(identifier: int, data: bytes) -> bytes:
    return struct.pack("<HI", identifier, len(data)) + data


def _both(identifier: int, wide_identifier: int, text: str) -> bytes:
    """Return a text twice, as the format has it: in the code page, then in UTF-16."""
    return _record(identifier, text.encode("ascii")) + _record(wide_identifier, text.encode("utf-16-le"))


def _dir(names: Sequence[str] | Mapping[str, str], documents: int) -> bytes:
    information = (
        _record(0x0001, struct.pack("<I", _SYSTEM)),
        _record(0x0002, struct.pack("<I", _LCID)),
        _record(0x0014, struct.pack("<I", _LCID)),
        _record(0x0003, struct.pack("<H", _CODE_PAGE)),
        _record(0x0004, PROJECT.encode("ascii")),
        _both(0x0005, 0x0040, ""),  # description
        _record(0x0006, b"") + _record(0x003D, b""),  # help file
        _record(0x0007, struct.pack("<I", 0)),  # help context
        _record(0x0008, struct.pack("<I", 0)),  # library flags
        struct.pack("<HIIH", 0x0009, 4, 1, 1),  # version; its size field leaves the minor number out
        _both(0x000C, 0x003C, ""),  # constants for conditional compilation
    )
    # No references (2.3.4.2.2): VBA and the program itself are always there, and one that is missing on somebody's
    # machine would stop every macro.
    modules = (_record(0x000F, struct.pack("<H", len(names))), _record(0x0013, b"\xff\xff"))
    described = (_module(name, index < documents) for index, name in enumerate(names))
    return b"".join((*information, *modules, *described, struct.pack("<HI", 0x0010, 0)))


def _module(name: str, is_document: bool) -> bytes:
    return b"".join(
        (
            _both(0x0019, 0x0047, name),
            _both(0x001A, 0x0032, name),  # the stream that holds it
            _both(0x001C, 0x0048, ""),  # description
            _record(0x0031, struct.pack("<I", 0)),  # the source begins at 0: there is nothing before it
            _record(0x001E, struct.pack("<I", 0)),  # help context
            _record(0x002C, b"\xff\xff"),  # cookie
            _record(0x0022 if is_document else 0x0021, b""),
            _record(0x002B, b""),
        )
    )


# --- the PROJECT and PROJECTwm streams (2.3.1, 2.3.3) ---


def _project(names: Sequence[str], documents: int) -> str:
    lines = [f'ID="{_PROJECT_ID}"']
    lines += [f"Document={name}/&H00000000" for name in names[:documents]]
    lines += [f"Module={name}" for name in names[documents:]]
    lines += [
        f'Name="{PROJECT}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        # Not protected, no password, visible (2.3.1.15 to 2.3.1.17).
        f'CMG="{encrypted(bytes(4))}"',
        f'DPB="{encrypted(bytes(1))}"',
        f'GC="{encrypted(bytes([0xFF]))}"',
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
    ]
    lines += [f"{name}=0, 0, 0, 0, C" for name in names]
    return "\r\n".join(lines) + "\r\n"


def encrypted(data: bytes, seed: int = _SEED, project_id: str = _PROJECT_ID) -> str:
    """Return `data` as the PROJECT stream hides it (2.4.3.2), in hexadecimal digits."""
    key = sum(project_id.encode("ascii")) & 0xFF
    found = [seed, seed ^ 2, seed ^ key]
    plain = key
    ignored = bytes((seed & 6) // 2)
    for byte in ignored + struct.pack("<I", len(data)) + data:
        found.append(byte ^ ((found[-2] + plain) & 0xFF))
        plain = byte
    return bytes(found).hex().upper()


def _names(names: Sequence[str] | Mapping[str, str]) -> bytes:
    pairs = (name.encode("ascii") + b"\0" + name.encode("utf-16-le") + b"\0\0" for name in names)
    return b"".join(pairs) + b"\0\0"


# --- compression (2.4.1) ---


def compress(data: bytes) -> bytes:
    """Return `data` as a compressed container (2.4.1.1.1).

    Raises `ValueError` where the last part does not become smaller: the format could store it only with zeros added.
    """
    chunks = (data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK))
    return b"\x01" + b"".join(_compressed_chunk(chunk) for chunk in chunks)


def _compressed_chunk(chunk: bytes) -> bytes:
    packed = b"".join(_token_sequences(chunk))
    if len(packed) > _CHUNK:
        if len(chunk) < _CHUNK:
            raise ValueError("the last chunk cannot be compressed")
        return struct.pack("<H", 0x3000 | (_CHUNK - 1)) + chunk  # stored as it is (2.4.1.3.10)
    return struct.pack("<H", 0xB000 | (len(packed) - 1)) + packed


def _token_sequences(chunk: bytes) -> Iterator[bytes]:
    """Return groups of up to eight tokens, each after a byte whose bits say which are copies (2.4.1.1.7)."""
    position = 0
    while position < len(chunk):
        flags, tokens = 0, b""
        for bit in range(8):
            if position >= len(chunk):
                break
            offset, length = _longest_match(chunk, position)
            if length:
                flags |= 1 << bit
                tokens += struct.pack("<H", _copy_token(position, offset, length))
                position += length
            else:
                tokens += chunk[position : position + 1]
                position += 1
        yield bytes([flags]) + tokens


def _length_bits(position: int) -> int:
    """Return how many bits of a copy token hold the length: the further on, the fewer (2.4.1.3.19.1)."""
    return 16 - max(4, (position - 1).bit_length())


def _longest_match(chunk: bytes, position: int) -> tuple[int, int]:
    """Return how far back the longest repeat of what follows `position` lies, and its length; 0 below three bytes.

    A repeat may run into the bytes that it produces, which is how long runs of one character become short.
    """
    if position == 0:
        return 0, 0
    longest = min((1 << _length_bits(position)) + 2, len(chunk) - position)
    found, length = -1, 3
    while length <= longest:
        # What ends before position + length - 1 begins before position.
        at = chunk.rfind(chunk[position : position + length], 0, position + length - 1)
        if at < 0:
            break
        found, length = at, length + 1
    return (position - found, length - 1) if found >= 0 else (0, 0)


def _copy_token(position: int, offset: int, length: int) -> int:
    return (offset - 1) << _length_bits(position) | (length - 3)
