"""A Word template into what a `Program` is made from."""

from __future__ import annotations

from collections.abc import Mapping
from types import CodeType
from typing import Any

from perfxl.document.package.docx_zip import CORE_PROPERTIES, DECLARATION, DOCUMENT
from perfxl.document.template.word_template import compiled
from perfxl.fast.template.compiler import PartCode
from perfxl.fast.template.markup_proof import Unproven
from perfxl.fast.template.program import Kept
from perfxl.storage.zip_archive import CONTENT_TYPES, packed_once


def compilation(template: bytes, *, portable: bool = False) -> Kept | None:
    """Return the template as `program` keeps it, None where jinja2 has to print it. Raises `TemplateFault`.

    What is `portable` holds sources in place of code, which is for one version of Python alone.
    """
    word = compiled(template)
    codes: dict[str, CodeType | str] = {}
    done: dict[str, bytes] = {}
    drawn = marked = units = False
    try:
        for part in word.compiled:
            title = part.name == CORE_PROPERTIES
            code = PartCode(part.source, part.template.environment, plain=title)
            drawn |= code.charts
            if part.name == DOCUMENT:
                marked, units = "<w:bookmarkStart" in part.source, code.units
            if code.constant and not title and part.name != DOCUMENT:
                done[part.name] = DECLARATION + part.rendered({}).encode()
            else:
                compiled_code = compile(code.source, f"<{part.name}>", "exec")
                codes[part.name] = code.source if portable else compiled_code
    except (Unproven, SyntaxError):  # Python takes no more than twenty loops within one another
        return None
    rules = word.contents
    if rules is not None and "<w:t" in rules.opening + rules.closing:
        units = False

    def kept(parts: Mapping[str, bytes]) -> dict[str, tuple[Any, ...] | None]:
        names = sorted(parts, key=lambda name: name != CONTENT_TYPES)
        return {name: None if name in codes else tuple(packed_once(done.get(name, parts[name]))) for name in names}

    known = word.layout.shapes
    return (
        kept(word.parts),
        kept(word.numbered),
        codes,
        None if rules is None else (dict(rules.levels), *rules[1:4], dict(rules.styles), *rules[5:]),
        (tuple(known.plain), known.default, {style: tuple(shape) for style, shape in known.styles.items()}),
        marked if units else None,
        ({**word.parts, **done}, {**word.numbered, **done}) if drawn else None,
    )
