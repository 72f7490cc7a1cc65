"""Folding: what compares equal, and the way back to the original."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cjm_widgets.text.fold import fold, fold_map


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Déçu", "decu"),
        ("L’ŒUVRE", "l'oeuvre"),
        ("Großartig", "grossartig"),
        ("e\u0301te\u0301", "ete"),
        ("İstanbul ısı", "istanbul isi"),
        ("a\u00a0b\u202fc\nd", "a b c d"),
        ("3–4 « x »", '3-4 " x "'),
        ("smørrebrød Łódź", "smorrebrod lodz"),
        ("ﬁn ½", "fin 1⁄2"),
        ("😀", "😀"),
    ],
)
def test_case_accents_and_typography_do_not_matter(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(codec="latin-1")))
def test_composed_and_decomposed_accents_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text())
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    folded, back = fold_map(text)
    assert folded == fold(text)
    assert len(back) == len(folded) + 1
    assert back == sorted(back)
    assert back[-1] == len(text)
    for at, character in enumerate(folded):
        assert character in fold(text[back[at]])
