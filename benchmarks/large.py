"""A study of 1,000,000 texts and 200,000 codings, made anew and always the same.

The words are made of syllables, in French and English spelling, some hundred thousand of them,
and as unequally frequent as words are: the first stands in most texts, the last in one.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd

import cjm_widgets as cjm
from cjm_widgets.model.codebook import Code, Codebook

TEXTS, CODED, CODINGS = 1_000_000, 50_000, 200_000
CODERS = ("ana", "ben", "cleo", "dan", "eve")
CODES = 60
_SYLLABLES = (
    "de li ve ry pa ye ment re tard co lis é mi très ca fé sû ser vi ce on time app or der tra in "
    "bo ok ing ho tel chè que client è le prob lem à faç ade mo bile ser veur port ab ier pho ne"
)
_WORDS = 120_000
_COMMON = ("the", "and", "le", "de", "was", "et", "not", "très", "delivery", "réponse")


def vocabulary() -> list[str]:
    """Words from the most to the least frequent."""
    chance = np.random.default_rng(11)
    parts = np.array(_SYLLABLES.split())
    words = dict.fromkeys(_COMMON)
    while len(words) < _WORDS:
        words["".join(chance.choice(parts, chance.integers(2, 6)))] = None
    return list(words)


def write(path: Path, texts: int = TEXTS) -> None:
    """Survey answers as CSV: id, respondent, date, channel, rating and about 16 words."""
    chance = np.random.default_rng(12)
    words = np.array(vocabulary())
    weights = 1 / np.arange(2, len(words) + 2) ** 0.9
    ends = np.cumsum(weights / weights.sum())
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "respondent", "date", "channel", "nps", "comment"])
        for begin in range(0, texts, 50_000):
            count = min(50_000, texts - begin)
            chosen = words[
                np.searchsorted(ends, chance.random((count, 16))).clip(max=len(words) - 1)
            ]
            for i, line in enumerate(chosen, start=begin):
                date = f"2025-{1 + i % 12:02}-{1 + i % 28:02}"
                channel = ("survey", "call", "review")[i % 3]
                out.writerow([f"C-{i:07}", f"R-{i // 3}", date, channel, i % 11, " ".join(line)])


def codings(texts: int = TEXTS, coded: int = CODED, each: int = CODINGS // CODED) -> pd.DataFrame:
    """Four of five coders on each of some texts: stages, steps and codes, often alike."""
    chance = np.random.default_rng(13)
    chosen, n = chance.choice(texts, coded, replace=False), coded * each
    stages = np.array(["discovery", "consideration", "decision", "purchase", "retention"])
    stage = np.repeat(chance.integers(0, len(stages), coded), each)
    stage = np.where(chance.random(n) < 0.2, chance.integers(0, len(stages), n), stage)
    who = (np.repeat(np.arange(coded) % len(CODERS), each) + np.tile(np.arange(each), coded)) % 5
    first, second = chance.integers(0, CODES, n), chance.integers(0, CODES, n)
    return pd.DataFrame(
        {
            "id": [f"C-{at:07}" for at in np.repeat(chosen, each)],
            "coder": np.array(CODERS)[who],
            "stage": stages[stage],
            "valence": chance.integers(-2, 3, n),
            "codes": [f"code-{a:02};code-{b:02}" for a, b in zip(first, second, strict=True)],
        }
    )


def make(study: cjm.Study, folder: Path, texts: int = TEXTS, coded: int = CODED) -> None:
    """Fill an empty study, the search index included."""
    file = folder / "answers.csv"
    write(file, texts)
    study.add(file, text="comment", id="id", respondent="respondent", at="date")
    known = tuple(Code(f"code-{n:02}", f"code {n:02}", "theme") for n in range(CODES))
    study._store.set_codebook(Codebook(known), "boss")
    study.add_codings(codings(texts, coded))
    study._store.index_words()
