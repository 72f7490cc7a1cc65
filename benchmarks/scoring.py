"""Scores: TextBlob's numbers on 65,000 real texts, how fast, and how near to people's.

Needs the texts in ``../shared/data``, which are not part of a clone. Times are of the
processor, medians of rounds, each in a fresh process, in which TextBlob is timed before and
after the others; *cold* begins without any word in memory, when the lexicon is loaded.
"""

from __future__ import annotations

import html
import importlib.util
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from benchmarks.tables import table
from cjm_widgets.score.table import installed, scorer
from cjm_widgets.text.sentences import sentences

DATA = Path(__file__).resolve().parent.parent.parent / "shared/data"
TEXTS = 65_000
PACE = 4_000
"""Texts that TextBlob and VADER are timed on; the fast ones read all."""
LONG, WORDS = 20_000, 32
ROUNDS = 5
LEFT_OUT = "Couldn't be improved"
FEELINGS = {1: -1, 2: 0, 3: -1, 4: -1, 5: 1, 6: -1, 7: 0, 8: 1}
"""Emotions of XED as valences: joy and trust, anticipation and surprise, the others."""


@dataclass(frozen=True)
class Rated:
    """Texts with people's valences; even rows judge, odd ones helped to write the word lists."""

    name: str
    language: str
    frame: pd.DataFrame

    def half(self, judge: bool) -> pd.DataFrame:
        rows = np.arange(1, len(self.frame) + 1) % 2 == (0 if judge else 1)
        return self.frame[rows]


def rated() -> list[Rated]:
    """The sets, with the columns `text`, `valence` and, for the hospital comments, `stage`."""
    english, french = DATA / "sentiment_en", DATA / "sentiment_fr"
    tweets = [line.split("\t") for line in _lines(english / "vader_tweets_GroundTruth.txt")]
    yelp = [line.rsplit("\t", 1) for line in _lines(english / "uci_yelp_labelled.txt")]
    clothing = pd.read_csv(english / "womens_clothing_reviews_1000.csv")
    clothing = clothing.dropna(subset=["Review Text"])
    nhs = pd.read_csv(DATA / "feedback_coded/nhs_phase1_text_data.csv")
    nhs["valence"] = pd.to_numeric(nhs["criticality"], errors="coerce") / 5
    nhs = nhs[nhs["valence"].abs() <= 1].dropna(subset=["feedback", "label"])
    xed = [line.rsplit("\t", 1) for line in _lines(french / "xed_fr-projections.tsv")]
    xed = [row for row in xed if row[1].replace(",", "").replace(" ", "").isdigit()]
    felt = [np.mean([FEELINGS[int(code)] for code in codes.split(",")]) for _, codes in xed]
    said = [html.unescape(row[2]) for row in tweets]
    tweeted = _frame(said, [float(row[1]) / 4 for row in tweets])
    dined = _frame([row[0] for row in yelp], [2 * float(row[1]) - 1 for row in yelp])
    worn = _frame(clothing["Review Text"], (clothing["Rating"] - 3) / 2)
    cared = _frame(nhs["feedback"], nhs["valence"]).assign(stage=nhs["label"].tolist())
    return [
        Rated("tweets", "en", tweeted),
        Rated("yelp", "en", dined),
        Rated("clothing", "en", worn),
        Rated("hospital (NHS)", "en", cared),
        Rated("subtitles (XED)", "fr", _frame([row[0] for row in xed], felt)),
    ]


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").split("\n") if "\t" in line]


def _frame(texts: object, valences: object) -> pd.DataFrame:
    return pd.DataFrame({"text": list(texts), "valence": list(valences)})  # type: ignore[call-overload]


def _more(texts: list[str], language: str) -> Iterator[str]:
    """Texts, then their sentences, then neighbours together."""
    yield from texts
    for text in texts:
        found = sentences(text, language)
        if len(found) > 1:
            yield from (text[start:stop] for start, stop in found)
    for apart in (1, 2):
        yield from (f"{one} {other}" for one, other in zip(texts, texts[apart:], strict=False))


def parity(texts: dict[str, list[str]]) -> None:
    """How many texts score otherwise than TextBlob scores them."""
    rows = []
    left = TEXTS
    for language, given in reversed(texts.items()):  # English, of which there is more, fills up
        wanted = list(dict.fromkeys(_more(given, language)))[:left]
        left -= len(wanted)
        valence = scorer("textblob", language).score(wanted)[0]
        slow = _textblob(language)
        apart = sum(slow(text) != value for text, value in zip(wanted, valence, strict=True))
        rows.append((_own(language), f"{len(wanted):,}", apart))
    table(("scorer", "texts, their sentences, neighbours joined", "other than TextBlob's"), rows)
    print()


def _own(language: str) -> str:
    return "textblob" if language == "en" else "textblob-fr"


def _textblob(language: str) -> Callable[[str], float]:
    from textblob import TextBlob

    if language == "en":
        return lambda text: float(TextBlob(text).sentiment.polarity)
    from textblob_fr import PatternAnalyzer

    analyser = PatternAnalyzer()
    return lambda text: float(analyser.analyze(text)[0])


def _long(texts: list[str]) -> list[str]:
    """20,000 texts of 32 words: neighbours joined, and begun anew when all are used up."""
    words = [word for text in texts for word in text.split()]
    return [
        " ".join(words[begin % (len(words) - WORDS) :][:WORDS])
        for begin in range(0, LONG * WORDS, WORDS)
    ]


def speed(texts: dict[str, list[str]]) -> None:
    """Texts a second, and as a multiple of TextBlob's in the same round: medians of rounds."""
    rows = []
    begun = os.getloadavg()[0]
    for language, short in texts.items():
        given = _long(short)
        paces = [_afresh(given, language) for _ in range(ROUNDS)]
        for name in paces[0]:
            pace = median(one[name] for one in paces)
            ratio = median(one[name] / one["TextBlob"] for one in paces)
            rows.append((language, name, f"{pace:,.0f}", f"{ratio:.1f}×"))
    table(("language", "scorer", "texts a second", "÷ TextBlob"), rows)
    print(f"\nload {begun:.1f} before, {os.getloadavg()[0]:.1f} after\n")


def _afresh(texts: list[str], language: str) -> dict[str, float]:
    """One round, in a process of its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_round, texts, language).result()


def _round(texts: list[str], language: str) -> dict[str, float]:
    """Texts a second of each scorer; TextBlob before and after the others."""
    few = texts[:: max(1, len(texts) // PACE)]
    slow = _textblob(language)
    slow("a good one")  # loads what it needs
    before = _pace(lambda: [slow(text) for text in few], len(few))
    paces = {"TextBlob": before}
    if language == "en" and "vader" in installed():
        vader = scorer("vader")
        vader.score(["a good one"])
        paces["VADER"] = _pace(lambda: vader.score(few), len(few))
    for name in (_own(language), f"cjm-{language}"):
        ours = scorer(name, language)
        ours.score(["a good one"])
        for heat in ("cold", "warm"):
            paces[f"{name}, {heat}"] = _pace(lambda: ours.score(texts), len(texts))  # noqa: B023
    paces["TextBlob"] = (before + _pace(lambda: [slow(text) for text in few], len(few))) / 2
    return paces


def _pace(run: Callable[[], object], n: int) -> float:
    """Texts a second of the processor's time."""
    started = time.process_time()
    run()
    return n / (time.process_time() - started)


def accuracy(sets: list[Rated]) -> None:
    """Agreement with people on the halves that judge."""
    rows = []
    for one in sets:
        half = one.half(judge=True)
        names = {"en": ("textblob", "vader", "cjm-en"), "fr": ("textblob-fr", "cjm-fr")}
        for name in names[one.language]:
            if name not in installed():
                continue
            valence, known = scorer(name, one.language).score(half["text"].tolist())
            rated_ = half["valence"]
            score = pd.Series(valence, half.index)
            rows.append(
                (
                    f"{one.name}, {len(half):,}",
                    name,
                    f"{rated_.corr(score, method='spearman'):.3f}",
                    f"{rated_.corr(score):.3f}",
                    f"{(score - rated_).abs().mean():.3f}",
                    _over_stages(half, score),
                    f"{1 - known.mean():.0%}",
                )
            )
    figures = ("Spearman", "Pearson", "mean error", "over stages", "unknown")
    table(("set, texts that judge", "scorer", *figures), rows)


def _over_stages(half: pd.DataFrame, score: pd.Series[float]) -> str:
    """Root mean square error of the stages' means; the stage with equal ratings is left out."""
    if "stage" not in half:
        return ""
    kept = half.assign(score=score)[half["stage"] != LEFT_OUT]
    means = kept.groupby("stage")[["valence", "score"]].mean()
    return f"{float(np.sqrt(((means['score'] - means['valence']) ** 2).mean())):.3f}"


def run() -> None:
    if not DATA.is_dir() or importlib.util.find_spec("textblob") is None:
        print(f"left out: no texts in {DATA}")
        return
    sets = rated()
    texts = {
        code: [text for one in sets if one.language == code for text in one.frame["text"]]
        for code in ("en", "fr")
    }
    accuracy(sets)
    print()
    parity(texts)
    speed(texts)
