"""Offsets: Python's code points against what UTF-16 itself says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cjm_widgets.errors import ArgumentError
from cjm_widgets.text.offsets import from_utf16, to_utf16, utf16_length

PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["👩‍👩‍👧‍👦", "🇫🇷", "é", "e\u0301", "\r\n", "שלום", "مرحبا", "𝒳", "❤️", "a", "\n", "中"]
        ),
        st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=5),
    ),
    max_size=12,
).map("".join)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(PIECES)
def test_offsets_are_those_of_the_utf16_encoding(text: str) -> None:
    every = list(range(len(text) + 1))
    oracle = [units(text[:offset]) for offset in every]
    assert to_utf16(text, every) == oracle
    assert from_utf16(text, oracle) == every
    assert utf16_length(text) == oracle[-1]


@given(PIECES)
def test_the_inside_of_a_pair_is_refused_or_clamped_to_its_start(text: str) -> None:
    starts = set(to_utf16(text, range(len(text) + 1)))
    for unit in set(range(utf16_length(text) + 1)) - starts:
        with pytest.raises(ArgumentError, match="within a character"):
            from_utf16(text, [unit])
        assert from_utf16(text, [unit], clamp=True) == from_utf16(text, [unit - 1])


def test_many_offsets_come_in_any_order() -> None:
    assert to_utf16("😀b😀", [3, 0, 2, 1, 3]) == [5, 0, 3, 2, 5]
    assert from_utf16("😀b😀", [5, 0, 3]) == [3, 0, 2]


@pytest.mark.parametrize("offset", [-1, 3])
def test_an_offset_outside_the_text_is_refused(offset: int) -> None:
    with pytest.raises(ArgumentError, match="outside"):
        to_utf16("ab", [offset])
    with pytest.raises(ArgumentError, match="outside"):
        from_utf16("ab", [offset])


def test_clamping_brings_an_offset_outside_the_text_to_its_end() -> None:
    assert from_utf16("a😀", [-5, 99], clamp=True) == [0, 2]
