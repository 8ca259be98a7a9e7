"""What makes the search for slips quick must not change what is found: what is remembered, kept, or passed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_slips import INJECTED, WELL_MADE

from perfxl.checks.language import homophone_slips as slips_module
from perfxl.checks.language import lexicon_index, slip_candidates
from perfxl.checks.language.character_pairs import PairRows, numbers, pairs, places, stretches, twos_of
from perfxl.checks.language.doubled_words import doubled, signs_of_doubling
from perfxl.checks.language.homophone_slips import memory, slips
from perfxl.checks.language.lexicon import lexicon

MISTAKEN = [
    WELL_MADE[place].replace(right, wrong, 1)
    for right, wrong in INJECTED
    for place in [next(place for place, text in enumerate(WELL_MADE) if right in text)]
]


@pytest.fixture
def nothing_remembered(monkeypatch, tmp_path):
    """A program that has read nothing yet, and forgets it all afterwards."""
    monkeypatch.setenv("PERFXL_CACHE", str(tmp_path))
    memory.cache_clear()
    yield
    memory.cache_clear()


def test_what_was_read_before_changes_nothing(nothing_remembered):
    alone = [slips([text]) for text in MISTAKEN]
    assert [slips([text]) for text in reversed(MISTAKEN)] == alone[::-1]
    assert [slips([text]) for text in MISTAKEN] == alone
    assert sum(map(bool, alone)) > 70


def test_a_memory_that_is_full_begins_anew(nothing_remembered, monkeypatch):
    expected = [slips([text]) for text in MISTAKEN]
    monkeypatch.setattr(slip_candidates, "_MOST", 50)
    monkeypatch.setattr(slips_module, "_MOST_READ", 5)
    memory().read.clear()
    assert [slips([text]) for text in MISTAKEN] == expected
    assert len(memory().read) < 50


def test_what_one_run_has_read_the_next_one_knows(nothing_remembered, monkeypatch):
    expected = [slips([text]) for text in MISTAKEN]
    memory().keep()
    memory.cache_clear()
    monkeypatch.setattr(slip_candidates, "lexicon", lambda: pytest.fail("something is judged again"))
    assert [slips([text]) for text in MISTAKEN] == expected


def test_of_too_much_nothing_is_kept(nothing_remembered, monkeypatch):
    expected = [slips([text]) for text in MISTAKEN]
    monkeypatch.setattr(slips_module, "_MOST_KEPT", 10)
    memory().keep()
    memory.cache_clear()
    assert not memory().read
    assert [slips([text]) for text in MISTAKEN] == expected


def test_a_name_is_watched_in_a_document_that_was_read_before(nothing_remembered):
    often = [f"第{number}项：沙垴河区工作" for number in range(4)]
    wrong = "秦皇岛市沙脑河区委员会"
    assert slips([wrong]) == slips(often) == []
    for _ in range(2):
        assert [(slip.wrong, slip.right) for slip in slips([*often, wrong])] == [("沙脑河区", "沙垴河区")]


def test_the_right_form_may_be_any_of_several_that_sound_alike(nothing_remembered):
    texts = ["北待河区", *(f"第{number}项：沙垴河区工作" for number in range(4)), "秦皇岛市沙脑河区委员会"]
    assert ("沙脑河区", "沙垴河区") in [(slip.wrong, slip.right) for slip in slips(texts)]


def test_what_is_around_a_place_says_as_much_as_the_whole_stretch(nothing_remembered):
    suspicions, compared = slip_candidates.Suspicions(), 0
    for text in MISTAKEN:
        lines = slips_module._Lines(stretches(text))
        noticed = suspicions.judged(suspicions.uneasy(lines.text))
        rows = [(place, row) for place, number in places(lines.text, noticed) for row in noticed[number].rows]
        for start, wrong, entry in lines._suspects(rows):
            around = lines._around(start, start + len(wrong))
            clause, begins = lines.clause(start)
            verdicts = {slips_module._is_slip(*where, wrong, entry) for where in (around, (clause.text, begins))}
            assert len(verdicts) == 1, (clause.text, wrong, entry)
            compared += around[0] != clause.text
    assert compared > 80


def test_the_lexicon_is_kept_between_runs_and_worked_out_again_where_it_cannot_be(monkeypatch, tmp_path):
    monkeypatch.setenv("PERFXL_CACHE", str(tmp_path))
    first = lexicon.__wrapped__()
    (kept,) = tmp_path.iterdir()

    def not_again():
        raise AssertionError("the lexicon is worked out although it was kept")

    with monkeypatch.context() as patch:
        patch.setattr(lexicon_index, "worked_out", not_again)
        again = lexicon.__wrapped__()
    assert again.known == first.known
    assert [again.entry(number) for number in range(200)] == [first.entry(number) for number in range(200)]
    kept.write_bytes(kept.read_bytes()[:-100])
    assert lexicon.__wrapped__().terms == first.terms


@pytest.mark.parametrize("text", ["", "一", "一二", "一二三", "一二\n三四\n"])
def test_pairs_are_all_two_characters_that_stand_side_by_side(text):
    ends = {twos_of([number]) for number in pairs(text)} - {text[-1:] + "\n"}
    assert ends == {text[at : at + 2] for at in range(len(text) - 1)} - {text[-1:] + "\n"}


def test_places_are_where_the_wanted_pairs_stand():
    text = "工作工作和公作"
    (wanted,) = numbers("工作")
    assert sorted(places(text, {wanted})) == [(0, wanted), (2, wanted)]


def test_rows_come_back_as_they_were_kept():
    rows = {7: [1, 2, 3], 2**31: [], 9: [4]}
    again = PairRows(PairRows.kept(rows))
    assert {number: list(again.of(number)) for number in again.known} == rows


@given(st.lists(st.text("提升高工作城乡的和，1 \n", min_size=1), min_size=1, max_size=6))
def test_every_text_with_something_doubled_has_a_sign_of_it(texts):
    signs = signs_of_doubling("\n".join(texts))
    assert [text for text in texts if doubled(text) and not any(sign in text for sign in signs)] == []
