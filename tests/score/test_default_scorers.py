"""cjm-en and cjm-fr: TextBlob's faults mended, and what nobody should be able to break."""

from __future__ import annotations

import hashlib
import tracemalloc
from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjm_widgets.score.lexical import reading
from cjm_widgets.score.lexical.lexicon import lexicon
from cjm_widgets.score.lexical.scorer import VERSION, LexicalScorer

EN, FR = LexicalScorer("en"), LexicalScorer("fr")

DIGEST = "2: c0caf3ce984dd85f"
"""Of the word lists and rules. When it changes scores do: raise VERSION in scorer.py too."""


def value(text: str, scorer: LexicalScorer = EN) -> float:
    return float(scorer.score([text])[0][0])


def known(text: str, scorer: LexicalScorer = EN) -> bool:
    return bool(scorer.score([text])[1][0])


@pytest.mark.parametrize("not_", ["is not", "isn't", "isn’t", "isnt", "was never", "ISN'T"])
def test_every_spelling_of_a_negation_turns_praise_round(not_: str) -> None:
    assert value(f"it {not_} good") < -0.1 < 0.1 < value("it is good")


@pytest.mark.parametrize(
    ("text", "scorer"),
    [("Rating: 3", EN), ("Grade: D", EN), ("Rating:3", EN), ("http://x.org", EN), ("Note : 3", FR)],
)
def test_a_colon_before_a_figure_or_letter_is_no_emoticon(text: str, scorer: LexicalScorer) -> None:
    assert not known(text, scorer)


@pytest.mark.parametrize(
    "text",
    [
        "Still waiting.",
        "The app keeps failing",
        "It arrived broken",
        "Nobody answered my call",
        "I want a refund",
        "still not delivered",
        "no reply for weeks",
        "They never called back",
        "could be better",
        "waste of money",
        "I do not recommend it",
        "too expensive",
    ],
)
def test_complaints_in_english_are_heard(text: str) -> None:
    assert value(text) < -0.15


@pytest.mark.parametrize(
    "text",
    [
        "Ce n'est pas bien",
        "Ce n’est pas bien",
        "C'est pas terrible du tout, très mauvais",
        "Livraison en retard et colis abîmé",
        "colis abime",
        "Une attente interminable",
        "La machine est en panne",
        "Personne ne répond au téléphone",
        "Toujours pas de remboursement",
        "Je ne recommande pas",
        "Le personnel n'est jamais aimable",
        "Aucune aide",
        "Il n'y a plus de respect",
        "J'ai été déçue",
    ],
)
def test_complaints_in_french_are_heard(text: str) -> None:
    assert value(text, FR) < -0.05


@pytest.mark.parametrize(
    ("text", "scorer"),
    [
        ("not bad at all", EN),
        ("no problems", EN),
        ("I can't complain", EN),
        ("Could not fault the care", EN),
        ("pas mal", FR),
        ("aucun souci", FR),
        ("Je n'ai jamais été déçue", FR),
        ("rien à redire", FR),
    ],
)
def test_what_only_sounds_like_a_complaint_is_none(text: str, scorer: LexicalScorer) -> None:
    assert value(text, scorer) > 0.1


def test_degrees_capitals_stretching_and_exclamation_make_stronger() -> None:
    plain = value("the staff were good")
    assert value("the staff were very good") > plain
    assert value("the staff were GOOD") > plain
    assert value("the staff were gooooood") > plain
    assert value("the staff were good!!!") > value("the staff were good!") > plain
    assert value("a bit slow") > value("slow") > value("very slow")


def test_what_follows_but_counts_for_more() -> None:
    assert value("Good food but slow service") < value("Slow service but good food")
    assert value("Bon repas mais service lent", FR) < value("Service lent mais bon repas", FR)


def test_a_text_in_capitals_says_what_it_says_in_small_letters() -> None:
    text = "The staff were good, I can't complain :D"
    assert value(text.upper()) == value(text.lower().replace(":d", ":D"))
    assert value("TOUJOURS EN RETARD", FR) == value("toujours en retard", FR)


def test_a_name_that_was_taken_out_is_no_kiss() -> None:
    assert value("Thanks xx") > value("Thanks") == value("Thanks Xxxxxx")
    assert not known("Xxxxx from ward xxxx")


def test_what_is_said_of_everything_counts_for_more() -> None:
    assert value("Everything was good") > value("The food was good") > 0
    assert value("Everything was terrible") < 0
    assert value("Tout était bon", FR) > value("Le repas était bon", FR)
    assert value("Everything.") > 0.4


def test_emoji_and_emoticons_alone_say_something() -> None:
    assert value("😍😍") > 0.3 > -0.3 > value("😡")
    assert value("❤️") > 0.2  # with a variation selector
    assert value(":-)") > 0.2 > -0.2 > value(":(")
    assert not known("🚗")


def test_invisible_and_composed_characters_change_nothing() -> None:
    assert value("terr\u200bible") == value("terrible") == value("\ufeffterrible")
    assert value("abi\u0302me\u0301", FR) == value("abîmé", FR)
    assert value("ｔｅｒｒｉｂｌｅ") == value("terrible")


@pytest.mark.parametrize(
    "text", ["", "   ", "\n", "???", "12 34", "הכול נורא", "شيء رهيب", "非常好", "\x00", "\ud800"]
)
def test_what_holds_no_known_word_is_not_known(text: str) -> None:
    assert value(text) == 0.0
    assert not known(text)


def test_right_to_left_text_around_a_known_word_is_read() -> None:
    frame = EN.explain("השירות terrible מאוד")
    assert frame["word"].tolist() == ["terrible"]


def test_mixed_languages_are_read_as_far_as_the_words_are_known() -> None:
    text = "The hotel was terrible, l'accueil était nul"
    assert value(text) < 0
    assert value(text, FR) < 0


SAID = st.lists(
    st.sampled_from(
        [
            *["not", "very", "good", "bad", "GOOD", "isn't", "but", "too", ",", ".", "!!", "😀"],
            *[":)", "no", "more", "could", "be", "better", "never", "answered", "nobody", "-"],
            *["n'est", "pas", "bien", "jamais", "plus", "de", "x", "İ", "ß", "\u200b", "’"],
            "e\u0301",
            *["\n", "\x1c", "\u2028", "wait", "ne", "répond", "..."],
            "a" * 70,
        ]
    ),
    max_size=25,
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(st.one_of(SAID, st.text(max_size=60)), st.sampled_from([EN, FR]))
def test_words_behind_a_score_stand_in_the_text_and_sum_to_it(
    text: str, scorer: LexicalScorer
) -> None:
    valence, flags = scorer.score([text])
    frame = scorer.explain(text)
    assert -1 <= valence[0] <= 1
    assert bool(flags[0]) == bool(len(frame))
    assert frame["weight"].sum() == pytest.approx(valence[0], abs=1e-12)
    for row in frame.itertuples():
        assert text[row.start : row.stop] == row.word
        assert row.word.strip()


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.one_of(SAID, SAID.map(str.upper), st.text(max_size=30)), max_size=20),
    st.sampled_from([EN, FR]),
)
def test_a_text_scores_the_same_alone_and_among_others(
    texts: list[str], scorer: LexicalScorer
) -> None:
    together = scorer.score(texts)[0].tolist()
    assert together == [value(text, scorer) for text in texts]


def test_a_text_of_5_mb_is_scored_and_memory_grows_no_faster_than_the_text() -> None:
    sentence = "The delivery was late and nobody answered. "
    assert value(sentence * 120_000) < -0.9
    text = sentence * 10_000
    tracemalloc.start()
    EN.score([text])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60 * len(text)


@pytest.mark.parametrize("unit", ["x", "a'", "!", ":)", "é\u0301", "no ", "a\u200b", "-"])
def test_endless_words_and_rows_of_marks_are_read(unit: str) -> None:
    # With anything quadratic in it this would not end.
    values = EN.score([unit * 300_000])[0]
    assert np.isfinite(values).all()


def test_the_memory_for_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_MOST", 50)
    reader = reading.Reader(lexicon("en"))
    for at in range(500):
        reader(f"word{at} good")
        assert len(reader._memory) <= 60
        assert len(reader._words) <= 60


def test_no_word_is_listed_twice_with_two_valences() -> None:
    for name in ("en.tsv", "fr.tsv", "faces.tsv"):
        seen: dict[str, str] = {}
        for line in _listing(name).splitlines():
            if line and not line.startswith("#"):
                weight, words = line.split("\t")
                assert -1 <= float(weight) <= 1
                for word in words.split(" " if name == "faces.tsv" else ", "):
                    assert word.strip() == word != ""
                    assert seen.setdefault(word, weight) == weight, (name, word)


def test_lists_and_version_change_together() -> None:
    names = ("en.tsv", "fr.tsv", "faces.tsv", "en.toml", "fr.toml")
    digest = hashlib.sha256("".join(map(_listing, names)).encode()).hexdigest()[:16]
    assert f"{VERSION}: {digest}" == DIGEST
    assert EN.version.startswith(f"{VERSION}+")


def _listing(name: str) -> str:
    home = resources.files("cjm_widgets.score.lexical")
    return home.joinpath(name).read_text(encoding="utf-8")
