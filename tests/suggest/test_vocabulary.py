"""Stages from words: what is found, what counts more, and why."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cjm_widgets.errors import ArgumentError
from cjm_widgets.model.journey import Journey, Stage
from cjm_widgets.suggest import Matcher, stages_of
from cjm_widgets.suggest.phrases import Phrases

SIX = Matcher(Journey.preset("six"))


def entries(phrases: Phrases, text: str) -> list[str]:
    return [hit.phrase.entry for hit in phrases.hits(text)]


@pytest.mark.parametrize(
    ("language", "text", "stage"),
    [
        ("en", "I saw your ad on Instagram", "discovery"),
        ("en", "The website is slow and the photos are tiny", "consideration"),
        ("en", "Too expensive, and no free trial", "decision"),
        ("en", "My card was declined at checkout", "purchase"),
        ("en", "The parcel arrived broken and nobody replied", "retention"),
        ("en", "I recommended you to all my friends", "advocacy"),
        ("fr", "Découvert grâce à une pub sur Insta", "discovery"),
        ("fr", "Le site rame, les filtres ne marchent pas", "consideration"),
        ("fr", "Trop cher, et le devis n’est jamais venu", "decision"),
        ("fr", "PAIEMENT REFUSÉ, panier vide", "purchase"),
        ("fr", "Colis abîmé, service client injoignable", "retention"),
        ("fr", "Je recommande à tous mes amis", "advocacy"),
    ],
)
def test_a_sentence_of_shop_feedback_finds_its_stage(language: str, text: str, stage: str) -> None:
    assert SIX.predict([text], language) == [stage]


def test_a_text_without_a_word_of_the_vocabulary_has_no_stage() -> None:
    assert SIX.stages("Hello there", "en") == ()
    assert SIX.predict(["", "Bonjour", "!?"], "fr") == [None, None, None]


def test_the_longest_phrase_is_meant() -> None:
    phrases = Phrases([("delivery", "after"), ("delivery cost*", "pay"), ("review*", "decide")])
    assert entries(phrases, "Delivery costs are high, delivery is slow") == [
        "delivery cost*",
        "delivery",
    ]


def test_a_star_allows_any_ending_and_no_star_none() -> None:
    phrases = Phrases([("pay*", "a"), ("ad", "b"), ("résultat* de recherche", "c")])
    assert entries(phrases, "payment payroll") == ["pay*", "pay*"]
    assert entries(phrases, "ads bad ad") == ["ad"]
    assert entries(phrases, "Résultats de RECHERCHE") == ["résultat* de recherche"]


def test_case_accents_apostrophes_and_hyphens_do_not_matter() -> None:
    phrases = Phrases([("page d’accueil", "a"), ("pop-up*", "b")])
    assert entries(phrases, "PAGE D'ACCUEIL, pop ups") == ["page d’accueil", "pop-up*"]


def test_a_word_of_two_stages_counts_half_for_each() -> None:
    journey = Journey(
        "j",
        (
            Stage("a", vocabulary={"en": ("review", "search")}),
            Stage("b", vocabulary={"en": ("review", "write a review")}),
        ),
    )
    matcher = Matcher(journey)
    assert matcher.stages("review") == (("a", 0.5), ("b", 0.5))
    assert matcher.stages("review, search") == (("a", 1.5), ("b", 0.5))
    assert matcher.stages("write a review") == (("b", 2.0),)


def test_of_equal_stages_the_earlier_comes_first() -> None:
    assert SIX.predict(["parcel and basket"], "en") == ["purchase"]
    assert SIX.predict(["basket and parcel"], "en") == ["purchase"]


def test_sub_stages_are_found_by_their_own_key() -> None:
    four = Matcher(Journey.preset("four"))
    assert four.predict(["The parcel came late", "Five stars, I left a review"], "en") == [
        "delivery",
        "opinion",
    ]


def test_a_journey_without_vocabulary_goes_by_names_and_touchpoints() -> None:
    journey = Journey(
        "own",
        (
            Stage("s1", {"en": "Booking", "fr": "Réservation"}, touchpoints={"en": ("desks",)}),
            Stage("Stay"),
        ),
    )
    matcher = Matcher(journey)
    texts = ["Bookings failed", "at the desk", "our stay was fine", "nothing"]
    assert matcher.predict(texts, "en") == ["s1", "s1", "Stay", None]
    assert matcher.predict(["La réservation a échoué"], "fr") == ["s1"]


def test_a_language_without_words_is_matched_with_those_of_all() -> None:
    assert SIX.predict(["Das Checkout war kaputt", "Le colis"], "de") == ["purchase", "retention"]
    assert SIX.predict(["Le colis"], "fr-CA") == ["retention"]


def test_a_journey_without_stages_finds_none() -> None:
    assert Matcher(Journey.preset("blank")).predict(["checkout"], "en") == [None]


def test_the_words_that_spoke_for_a_stage_stand_where_they_are_said_to() -> None:
    text = "😀 Le PAIEMENT, la page d’accueil"
    frame = SIX.why(text, "fr")
    assert frame["word"].tolist() == ["PAIEMENT", "page d’accueil"]
    assert frame["stage"].tolist() == ["purchase", "consideration"]
    assert [text[a:b] for a, b in zip(frame["start"], frame["stop"], strict=True)] == frame[
        "word"
    ].tolist()
    assert SIX.why("rien", "fr").empty


@given(st.text(max_size=60), st.sampled_from(["en", "fr", "xx"]))
def test_the_weights_are_those_of_the_words_whatever_the_text(text: str, language: str) -> None:
    why = SIX.why(text, language)
    assert dict(SIX.stages(text, language)) == pytest.approx(
        why.groupby("stage")["weight"].sum().to_dict()
    )
    for word, start, stop in zip(why["word"], why["start"], why["stop"], strict=True):
        assert text[start:stop] == word != ""


def test_several_texts_take_one_language_or_one_each() -> None:
    journey = Journey.preset("six")
    assert stages_of(journey, ["the basket", "rien"], ["en", "fr"]) == [[("purchase", 1.0)], []]
    with pytest.raises(ArgumentError, match="2 texts but 1 languages"):
        stages_of(journey, ["a", "b"], ["en"])
    with pytest.raises(ArgumentError, match="list of texts"):
        stages_of(journey, "a text", "en")


def test_the_vocabulary_agrees_with_people_far_more_often_than_chance(sample_data: Path) -> None:
    with (sample_data / "comments.csv").open(encoding="utf-8-sig", newline="") as file:
        languages = {row["id"]: row["language"] for row in csv.DictReader(file)}
    with (sample_data / "codings.csv").open(encoding="utf-8-sig", newline="") as file:
        codings = [row for row in csv.DictReader(file) if row["id"] in languages]
    found = SIX.predict(
        [row["passage"] for row in codings], [languages[row["id"]] for row in codings]
    )
    told = [(row["stage"], key) for row, key in zip(codings, found, strict=True) if key]
    assert len(told) > 0.6 * len(codings)
    assert sum(stage == key for stage, key in told) > 0.65 * len(told)


def test_words_of_a_stage_are_those_of_the_frame_that_says_why() -> None:
    text = "The checkout asked for payment, payment again, and the website was slow"
    why = SIX.why(text, "en")
    for stage in why["stage"].unique():
        told = tuple(dict.fromkeys(why.loc[why["stage"] == stage, "word"]))
        assert SIX.words(text, stage, "en") == told
    assert SIX.words(text, "advocacy", "en") == ()
