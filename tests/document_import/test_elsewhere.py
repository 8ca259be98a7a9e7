"""Forms of other places: the values in their fields, and everything else listed."""

import re

import pytest

from document_import import elsewhere, word_maker
from perfxl.document_import.docx_reader import read
from perfxl.document_import.type_choice import best_reading
from perfxl.model.record import leaves, path_text
from perfxl.report_type import catalog

TYPES = tuple(catalog.every(catalog.home()))


@pytest.mark.parametrize("form", elsewhere.DOCUMENTS)
def test_the_values_of_a_form_stand_in_their_fields(form):
    type_id, blocks, expected = elsewhere.DOCUMENTS[form]
    reading = best_reading(read(word_maker.document(*blocks)), TYPES)
    assert reading.report_type.id == type_id
    found = {path_text(path): value for path, value in leaves(reading.values)}
    assert {path: found.get(path) for path in expected} == expected


@pytest.mark.parametrize("form", elsewhere.DOCUMENTS)
def test_every_character_is_a_value_a_label_or_left_over(form):
    _, blocks, _ = elsewhere.DOCUMENTS[form]
    document = read(word_maker.document(*blocks))
    reading = best_reading(document, TYPES)
    told = [str(value) for _, value in leaves(reading.values)]
    told += [one.text for one in [*reading.left, *reading.labels]]
    known = " ".join(told)
    words = {word for piece in document.pieces() for word in re.findall("[一-龥]+", piece.text)}
    assert {word for word in words if word not in known} == set()
