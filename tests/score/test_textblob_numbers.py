"""The fast path against TextBlob itself: the same numbers, bit for bit."""

from __future__ import annotations

import csv
import itertools
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cjm_widgets.score.chunks import FEW, chunk
from cjm_widgets.score.pattern.engine import engine
from cjm_widgets.score.pattern.fast import Fast
from cjm_widgets.score.pattern.steps import ADVERB

FAST = {language: Fast(engine(language)) for language in ("en", "fr")}


def bits(value: float) -> bytes:
    return struct.pack("d", float(value))


def by_textblob(text: str, language: str) -> tuple[float, bool]:
    """Polarity and whether anything was assessed, by the packages' own public entries."""
    if language == "en":
        from textblob import TextBlob

        found = TextBlob(text).sentiment_assessments
        assert found.polarity == TextBlob(text).sentiment.polarity
        return found.polarity, bool(found.assessments)
    from textblob_fr import PatternAnalyzer
    from textblob_fr.fr import sentiment

    polarity, _ = PatternAnalyzer().analyze(text)
    tokens = " ".join(sentiment.tokenizer(text)).split()
    return polarity, bool(sentiment.assessments((w.lower(), None) for w in tokens))


def agrees(text: str, language: str) -> bool:
    theirs, ours = by_textblob(text, language), FAST[language](text)
    return bits(theirs[0]) == bits(ours[0]) and theirs[1] == ours[1]


FACES = sorted(engine("en").typed)
WORDS = {language: sorted(dict.keys(engine(language).sentiment)) for language in FAST}
FRAGMENTS = [
    *".,;:!?()[]{}`'\"@#$^&*+-|=~_", "...", "..", "(!)", "( ! )", "(!", "!)", "n't", "'s", "'ll",
    "don't", "isn't", "can't", "Dn't", "not", "no", "never", "n'", "ne", "pas", "jamais", "sans",
    "rien", "l'", "qu'", "d’", "L’", "really", "very", "extremely", "vraiment", "très", "Mr.",
    "U.S.", "e.g.", "etc.", "T.", "adj.", "END-OF-SENTENCE", "8)", "°O°", "o_O", "o.O", ">.>",
    "\n", "\n\n", "\r\n\r\n", "\r", "\t", "\x1c", "\x85", "\xa0", "\u2003", "“", "”", "‘", "’",
    "``", "&rsquo;", "&rsquo", "İ", "ß", "🙂", "❤️", "♥", "D", "p", "O", "c", "S", "b", "X", "8",
    "<", "3", "-D", "complex", "a", "I", "is",
]  # fmt: skip


def adversarial(language: str) -> st.SearchStrategy[str]:
    """Texts of lexicon words, fragments and emoticons pulled apart, with and without spaces."""
    torn = st.builds(
        lambda face, gaps: "".join(c + gap for c, gap in zip(face, gaps, strict=False)),
        st.sampled_from(FACES),
        st.lists(st.sampled_from(["", "", " "]), min_size=5, max_size=5),
    )
    noise = st.text(alphabet="abcDXx8:;=()!.,'-PpSs3oO°<>/\\*^_ \n", min_size=1, max_size=5)
    piece = st.one_of(
        st.sampled_from(WORDS[language]),
        st.sampled_from(FRAGMENTS),
        torn,
        noise,
        st.text(max_size=6),
    )
    gap = st.sampled_from([" ", " ", " ", "", "", "  ", "\n", " \n\n"])
    pairs = st.lists(st.tuples(piece, gap, st.booleans()), max_size=14)
    return pairs.map(
        lambda parts: "".join((word.upper() if up else word) + gap for word, gap, up in parts)
    )


@settings(max_examples=700, deadline=None, suppress_health_check=list(HealthCheck))
@given(adversarial("en"))
def test_any_english_text_scores_as_textblob_scores_it(text: str) -> None:
    assert agrees(text, "en")


@settings(max_examples=700, deadline=None, suppress_health_check=list(HealthCheck))
@given(adversarial("fr"))
def test_any_french_text_scores_as_textblob_fr_scores_it(text: str) -> None:
    from textblob_fr._text import RE_SYNSET

    if not RE_SYNSET.match(text):
        assert agrees(text, "fr")


def bulk_agrees(texts: list[str], language: str) -> bool:
    valence, known = FAST[language].many(texts)
    ours = [(bits(v), bool(k)) for v, k in zip(valence, known, strict=True)]
    theirs = [by_textblob(text, language) for text in texts]
    return ours == [(bits(v), k) for v, k in theirs]


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(adversarial("en"), min_size=FEW, max_size=14))
def test_many_english_texts_at_once_score_as_textblob_scores_each(texts: list[str]) -> None:
    assert bulk_agrees(texts, "en")


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(adversarial("fr"), min_size=FEW, max_size=14))
def test_many_french_texts_at_once_score_as_textblob_fr_scores_each(texts: list[str]) -> None:
    from textblob_fr._text import RE_SYNSET

    assert bulk_agrees([text for text in texts if not RE_SYNSET.match(text)], "fr")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_signs_in_which_no_word_is_found_are_left_to_their_code(language: str) -> None:
    words = FAST[language]._words
    words.pop(" ", None)
    assert words[" "] is not None
    assert words.joins([" "])


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(["en", "fr"]), st.data())
def test_a_word_is_parted_as_their_tokenizer_parts_it(language: str, data: st.DataObject) -> None:
    words = FAST[language]._words
    for word in data.draw(adversarial(language)).replace(" ", "").split():
        # Their mark for a sentence's end is no token to them; `Steps` asks for it by itself.
        if word != "END-OF-SENTENCE":
            assert words._split(word) == engine(language).tokens(word)


def test_pieces_of_a_few_words_come_out_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["not", "good", " very good : )", ": (", "", "x" * 90, "great!", "not so bad", ")", "3"]
    monkeypatch.setattr("cjm_widgets.score.chunks.FEW", 1)
    for most in (1, 10, 20, 100):
        monkeypatch.setattr("cjm_widgets.score.chunks.CHARACTERS", most)
        assert bulk_agrees(texts, "en")


def test_half_a_character_among_many_texts_harms_none() -> None:
    texts = ["good \ud800", "bad", "fine"] * FEW
    assert bulk_agrees(texts, "en")


def test_white_space_is_what_python_takes_for_it() -> None:
    every = [f"a{chr(c)}b" for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    parts = chunk(every)
    assert parts is not None
    assert np.diff(parts.borders).tolist() == [len(text.split()) for text in every]


def test_the_words_of_many_texts_are_not_all_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cjm_widgets.score.pattern.steps._MOST", 100)
    monkeypatch.setattr("cjm_widgets.score.chunks.CHARACTERS", 2000)
    fast = Fast(engine("en"))
    texts = [f"word{at} was good{at} and great" for at in range(3000)]
    assert fast.many(texts)[1].all()
    assert len(fast._words) < 500


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "text",
    [
        "", " ", "good", "bon", ": -)", "nice : -) day", "bad >: (", "x : D", "great ( ! )",
        "> : )", "END-OF-SENTENCE good", "good.\n\n:\n\n)", "L’ ;) bon", "not really very good!!!",
        "vraiment pas très bon !", "Rating: 3", "Note : 3", "isn't good", "not good", "X D",
        ": 'bon", "bad: Dn't care", "((((good))))", "good...bad", "adj. good", "il n'est pas bon",
        "♥ ♥", "8 -D",
    ],
)  # fmt: skip
def test_texts_that_broke_earlier_tries_score_right(language: str, text: str) -> None:
    assert agrees(text, language)


def real_texts(folder: Path) -> dict[str, list[str]]:
    with (folder / "feedback_coded/nhs_phase1_text_data.csv").open(
        encoding="utf-8", errors="replace", newline=""
    ) as file:
        english = [row["feedback"] for row in itertools.islice(csv.DictReader(file), 0, None, 4)]
    tweets = folder / "sentiment_en/vader_tweets_GroundTruth.txt"
    lines = tweets.read_text(encoding="utf-8", errors="replace").splitlines()
    english += [line.rsplit("\t", 1)[-1] for line in lines[::3]]
    films = (folder / "sentiment_fr/xed_fr-projections.tsv").read_text(encoding="utf-8")
    return {"en": english, "fr": [line.split("\t")[0] for line in films.splitlines()[::4]]}


def test_thousands_of_real_texts_score_as_textblob_scores_them(shared_data: Path) -> None:
    for language, texts in real_texts(shared_data).items():
        assert len(texts) > 1500
        wrong = [text for text in texts if not agrees(text, language)]
        assert wrong == []
        valence, known = FAST[language].many(texts)
        alone = [FAST[language](text) for text in texts]
        assert list(zip(valence.tolist(), known.tolist(), strict=True)) == alone


@pytest.mark.parametrize("language", ["en", "fr"])
def test_forgetting_words_in_between_changes_nothing(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cjm_widgets.score.pattern.steps._MOST", 3)
    fast = Fast(engine(language))
    texts = ["not very good, or was it : ) ?", "pas très bon : ( vraiment", "a b c d e f g good"]
    for text in texts * 3:
        assert fast(text) == FAST[language](text)


@pytest.mark.parametrize("text", ["c_267", "a-1", "v_00", "n-99"])
def test_french_texts_that_look_like_a_word_sense_do_not_crash(text: str) -> None:
    from textblob_fr import PatternAnalyzer

    with pytest.raises(AttributeError):  # once this is mended there, our own way may go
        PatternAnalyzer().analyze(text)
    assert FAST["fr"](text) == (0.0, False)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_lexicon_is_such_that_steps_of_a_word_may_be_summed_up(language: str) -> None:
    # A word that negates and is an adverb would make the order of steps within a word matter.
    special = Fast(engine(language))._words._special.values()
    words = [step for steps in special for step in steps if isinstance(step, tuple)]
    assert len(words) > 2000
    assert all(intensity > 0 for _, intensity, _, _ in words)
    assert not any(modifier == ADVERB and negates for _, _, modifier, negates in words)


@pytest.mark.parametrize("piece", ["!", "(", "good!", ".", "’", "aB.", ": - ", "' . "])
def test_a_text_without_end_is_scored_all_the_same(piece: str) -> None:
    text = piece * (300_000 // len(piece))
    assert -1 <= FAST["en"](text)[0] <= 1


def test_neither_nltk_nor_scikit_learn_is_loaded_and_textblob_stays_whole() -> None:
    code = (
        "import sys\n"
        "from cjm_widgets.score.texts import score_texts\n"
        "assert score_texts(['great', 'nul'])['known'].tolist() == [True, False]\n"
        "score_texts(['nul'], lang='fr')\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "assert not loaded & {'nltk', 'sklearn', 'textblob', 'textblob_fr'}, loaded\n"
        "import textblob, textblob_fr\n"
        "assert textblob.TextBlob('great').sentiment.polarity == 0.8\n"
        "assert textblob.en.sentiment('great')[0] == 0.8\n"
        "assert textblob_fr.PatternAnalyzer().analyze('nul')[0] < 0\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
