"""Quotes that stand for a stage."""

from __future__ import annotations

import math
import random
import zlib
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjm_widgets.journeymap.facts import Quote
from cjm_widgets.journeymap.gather import gathered, pools
from cjm_widgets.journeymap.quotes import PLACES, Vectors, choose, cut, weigh, words


def quote(text: str, valence: float | None = None, who: str = "") -> Quote:
    return Quote(text=text, short=text, valence=valence, respondent=who)


LATE = [
    quote(f"The parcel came {n} days late and nobody told me why.", -0.5, f"R{n}") for n in range(9)
]


def test_the_chosen_quotes_do_not_depend_on_the_order_of_the_candidates() -> None:
    candidates = [*LATE, quote("Lovely wrapping, thank you very much.", 1.0, "R90")]
    shuffled = candidates[:]
    random.Random(5).shuffle(shuffled)
    best = {q.text for q in choose(candidates, -0.5, most=4)}
    assert choose(candidates, -0.5, most=4) == choose(candidates, -0.5, most=4)
    assert {q.weight for q in choose(shuffled, -0.5, most=4)} == {
        q.weight for q in choose(candidates, -0.5, most=4)
    }
    assert best


def test_a_quote_that_fits_the_stage_comes_before_one_that_does_not() -> None:
    angry = quote("The payment page refused my card three times today.", -1.0, "a")
    happy = quote("The payment page accepted my card at once today, great.", 1.0, "b")
    assert choose([happy, angry], -0.9, most=2)[0].text == angry.text
    assert choose([happy, angry], 0.9, most=2)[0].text == happy.text


def test_a_quote_about_what_most_talk_about_comes_before_a_stray_one() -> None:
    stray = quote("My neighbour keeps bees in an orchard behind the church.", -0.5, "z")
    order = [q.text for q in choose([stray, *LATE], -0.5, most=20)]
    assert order.index(stray.text) > order.index(LATE[0].text)


def test_the_two_drawn_quotes_differ_in_person_and_in_words() -> None:
    mine = [
        quote("The parcel came late and nobody told me why it was so late.", -0.5, "R1"),
        quote("Nobody told me why the parcel came late, it was so late.", -0.5, "R2"),
        quote("Delivery took two weeks although the site promised three days.", -0.5, "R1"),
        quote("The courier left it with a neighbour who was away all summer.", -0.5, "R3"),
    ]
    drawn = [q for q in choose(mine, -0.5, most=10) if q.drawn]
    assert len(drawn) == 2
    assert len({q.respondent for q in drawn}) == 2
    assert not {drawn[0].text, drawn[1].text} <= {mine[0].text, mine[1].text}


def test_one_respondent_alone_gives_one_drawn_quote() -> None:
    mine = [quote(f"Something else about matter number {n} of mine.", 0.0, "R1") for n in range(4)]
    assert sum(q.drawn for q in choose(mine, 0.0, most=9)) == 1


def test_the_same_words_stand_once() -> None:
    twice = [quote("Too slow for me.", -0.5, "a"), quote("too  slow for me.", -0.5, "b")]
    assert len(choose(twice, -0.5, most=9)) == 1


def test_a_bearable_length_weighs_more_than_a_word_or_a_page() -> None:
    weights = weigh(
        [quote("bad"), quote("payment failed twice, then it charged me"), quote("x " * 600)], None
    )
    assert weights[1] == max(weights)


def test_a_long_quote_is_cut_after_a_sentence() -> None:
    text = "The first sentence is whole and long enough. " * 6
    shown = cut(text, 180)
    assert shown.endswith(". …")
    assert len(shown) <= 180


@given(st.text(max_size=900), st.integers(20, 600))
@settings(max_examples=80, deadline=None)
def test_a_cut_text_is_never_longer_than_asked_and_begins_as_the_text(text: str, most: int) -> None:
    shown = cut(text, most)
    assert len(shown) <= most
    assert " ".join(text.split()).startswith(shown.removesuffix("…").rstrip()[:-1])


def test_no_candidates_give_no_quotes() -> None:
    assert choose([], 0.3, most=5) == ()
    assert choose(LATE, -0.5, most=0) == ()


WORDS = st.lists(
    st.sampled_from(["livraison", "tardive", "payment", "slow", "with", "Échoué", "échoue", "a"]),
    max_size=6,
).map(" ".join)


@given(st.lists(WORDS, min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_what_is_kept_of_a_vector_is_the_whole_vector(texts: list[str]) -> None:
    def plain(text: str) -> list[float]:
        made = [0.0] * PLACES
        for word in words(text):
            made[zlib.crc32(word.encode()) % PLACES] += 1
        length = math.hypot(*made)
        return [n / length for n in made] if length else made

    for rows in (Vectors(texts), Vectors(texts)):
        whole = [plain(text) for text in texts]
        assert rows.centre().tolist() == pytest.approx([sum(n) for n in zip(*whole, strict=True)])
        assert [rows.row(i).tolist() for i in range(len(texts))] == [
            pytest.approx(w) for w in whole
        ]
        cosines = [sum(a * b for a, b in zip(w, whole[0], strict=True)) for w in whole]
        assert rows.along(rows.row(0)).tolist() == pytest.approx(cosines)


def test_banned_and_empty_candidates_are_not_weighed_and_equal_ones_keep_their_order() -> None:
    frame = pd.DataFrame(
        {
            "stage": ["buy"] * 5,
            "passage": [
                "  ",
                "Paying took two whole evenings of mine.",
                None,
                "Gone for good.",
                "x",
            ],
            "uid": ["a", "b", "c", "d", "e"],
            "valence": [0.0, -1.0, 0.0, 0.5, None],
            "codes": ["", "slow; late", "", "", "late"],
        }
    )
    pins = {"d": False, "e": True}
    chosen, sizes = gathered(
        pools(frame, pins), {"buy": "buy"}, ["buy", "use"], {}, most=9, pins=pins
    )
    assert [quote.uid for quote in chosen["buy"]] == ["e", "b"]
    assert chosen["buy"][1].codes == ("slow", "late")
    assert [quote.pinned for quote in chosen["buy"]] == [True, False]
    assert chosen["use"] == ()
    assert sizes == {"buy": 5, "use": 0}
    alike = [quote("The parcel came too late for the party.", -1.0, f"R{n}") for n in range(3)]
    order = [f"{q.text}!{n}" for n, q in enumerate(alike)]
    picked = choose([replace(q, text=t) for q, t in zip(alike, order, strict=True)], -1.0, most=3)
    assert [q.text for q in picked if not q.drawn] == order[1:]
