"""Passages find their way into a corrected text."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from cjm_widgets.text.moves import KEPT, Moves

WORDS = [f"{a}{b}" for a in ("ka", "lo", "mi", "tu", "ser", "nav") for b in "abcdefghijklmnop"]


def moved(old: str, new: str, passage: str) -> tuple[str, bool]:
    """What a passage becomes, and whether it fits."""
    start = old.index(passage)
    move = Moves(old, new).of(start, start + len(passage))
    return new[move.start : move.stop], move.fits


def test_a_passage_takes_corrected_spelling_along() -> None:
    old = "So we went to the page. The chekout was realy slow, and then it failed."
    new = "So, we went to the page. The checkout was really slow, and then it failed twice."
    assert moved(old, new, "The chekout was realy slow") == ("The checkout was really slow", True)
    assert moved(old, new, "chekout") == ("checkout", True)
    assert moved(old, new, "realy slow") == ("really slow", True)
    assert moved(old, new, "it failed.") == ("it failed twice.", True)


def test_words_put_beside_a_passage_stay_outside() -> None:
    old, new = "It was slow. Good photos.", "Well, yes: It was slow. Very much! Good photos."
    assert moved(old, new, "It was slow.") == ("It was slow.", True)
    assert moved(old, new, "Good photos.") == ("Good photos.", True)


def test_a_passage_whose_words_are_gone_does_not_fit() -> None:
    old = "First the search. Then the checkout failed twice. Then the delivery."
    gone = Moves(old, "First the search. Then the delivery.")
    move = gone.of(18, 49)
    assert not move.fits
    assert move.why in ("gone", "changed")
    assert move.kept < KEPT


def test_a_passage_does_not_swallow_what_was_put_between_its_words() -> None:
    old = "The start and the end."
    new = "The start " + "of a very long story that nobody had told before " * 5 + "and the end."
    move = Moves(old, new).of(4, 13)
    assert move.why == "grown"


def test_a_whole_text_stays_a_whole_text() -> None:
    old, new = "The delivery was late.", "I say that the delivery was late."
    move = Moves(old, new).of(0, len(old))
    assert (move.start, move.stop, move.fits) == (0, len(new), True)
    assert Moves(old, "Something else entirely!").of(0, len(old)).why == "changed"


def test_scripts_without_spaces_move_by_characters() -> None:
    old = "配送が遅かったです。写真はとても良かった。"
    new = "先週、配送が遅かったです。写真はとても良かった。"
    assert moved(old, new, "写真はとても良かった") == ("写真はとても良かった", True)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 12))
def test_edits_far_from_a_passage_move_it_exactly(seed: int, edits: int) -> None:
    chance = random.Random(seed)
    words = [chance.choice(WORDS) for _ in range(400)]
    low = chance.randrange(60, 320)
    high = low + chance.randrange(3, 20)
    margin = 15
    before, passage, after = words[: low - margin], words[low:high], words[high + margin :]
    middle = words[low - margin : low], words[high : high + margin]
    changed = _edited(before, edits, chance), _edited(after, edits, chance)
    old = " ".join(words)
    new = " ".join([*changed[0], *middle[0], *passage, *middle[1], *changed[1]])
    start = len(" ".join(words[:low])) + 1
    stop = start + len(" ".join(passage))
    begin = len(" ".join([*changed[0], *middle[0]])) + 1
    move = Moves(old, new).of(start, stop)
    assert (move.start, move.stop, move.kept) == (begin, begin + stop - start, 1.0)


def _edited(words: list[str], edits: int, chance: random.Random) -> list[str]:
    made = list(words)
    for _ in range(edits):
        at = chance.randrange(len(made)) if made else 0
        what = chance.randrange(3)
        if what == 0:
            del made[at : at + chance.randrange(1, 6)]
        elif what == 1:
            made[at:at] = [chance.choice(WORDS) for _ in range(chance.randrange(1, 9))]
        elif made:
            made[at] = made[at] + "x"
    return made or ["x"]


@given(st.text(max_size=40), st.text(max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_a_move_always_lies_within_the_new_text(old: str, new: str, a: int, b: int) -> None:
    start, stop = sorted((min(a, len(old)), min(b, len(old))))
    move = Moves(old, new).of(start, stop)
    assert 0 <= move.start <= move.stop <= len(new)
    assert 0 <= move.kept <= 1


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_nothing_moves_where_nothing_was_corrected(text: str, a: int, b: int) -> None:
    start, stop = sorted((min(a, len(text)), min(b, len(text))))
    move = Moves(text, text).of(start, stop)
    if start < stop:
        assert (move.start, move.stop, move.why) == (start, stop, None)
