"""Suggestions for the passages of a text: by the journey's words, or by what was learned."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cjm_widgets.model.suggestion import Suggestion
from cjm_widgets.suggest.classifier import WORDS, Head, Model
from cjm_widgets.suggest.vocabulary import Matcher

LIKELY = 0.4
"""Probability from which a stage or a valence is suggested."""
SURE = 0.5
"""Probability from which a code is: several may be right, and none."""
CHUNK = 1_000
TIMES = 3
"""How many words' weight the vocabulary's opinion has."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Passage:
    """What a suggestion is wanted for."""

    feedback: int
    version: int
    start: int
    stop: int
    text: str
    """The passage's own words."""
    language: str
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest answer to one question about a passage, and how sure it is."""

    answer: str
    probability: float
    margin: float
    """Probability less that of the next answer; 1 where there is no other."""


def identity(passage: Passage, said: Sequence[str]) -> str:
    """Name of a suggestion: the same passage and statement give the same name, so that what
    was refused is known again whatever has been learned since."""
    place = (passage.feedback, passage.version, passage.start, passage.stop, *said)
    return hashlib.blake2b(repr(place).encode(), digest_size=10).hexdigest()


def marked(text: str, language: str, context: Sequence[str], matcher: Matcher) -> tuple[str, ...]:
    """What is known of a passage, and the stage that the journey's vocabulary sees in it.

    Where little was coded the vocabulary knows more words than a classifier could have learned;
    how far it is to be trusted is learned like everything else.
    """
    stages = matcher.stages(text, language)[:1]
    return (*context, *[f"vocabulary {n}: {key}" for key, _ in stages for n in range(TIMES)])


def by_words(passages: Sequence[Passage], matcher: Matcher) -> list[Suggestion]:
    """Suggestions by the journey's vocabulary; how probable they are is not known."""
    found = []
    for passage in passages:
        stages = matcher.stages(passage.text, passage.language)
        if not stages:
            continue
        found.append(
            Suggestion(
                uid=identity(passage, [stages[0][0]]),
                feedback=passage.feedback,
                start=passage.start,
                stop=passage.stop,
                stage=stages[0][0],
                words=matcher.words(passage.text, stages[0][0], passage.language)[:WORDS],
                by="vocabulary",
            )
        )
    return found


def by_model(
    passages: Sequence[Passage], model: Model, matcher: Matcher | None = None
) -> list[Suggestion]:
    """Suggestions by what was learned from codings.

    Passages for which nothing is likely, or in which no word speaks for it, have none.
    """
    found: list[Suggestion] = []
    for begin in range(0, len(passages), CHUNK):
        some = passages[begin : begin + CHUNK]
        rows = model.rows([p.text for p in some], [p.context for p in some])
        tables = {
            name: None if head is None else head.probabilities(rows)
            for name, head in (
                ("stage", model.stage),
                ("code", model.codes),
                ("valence", model.valence),
            )
        }
        for at, passage in enumerate(some):
            made = _one(passage, model, tables, at, matcher)
            if made is not None:
                found.append(made)
    return found


def _one(
    passage: Passage,
    model: Model,
    tables: dict[str, Floats | None],
    at: int,
    matcher: Matcher | None,
) -> Suggestion | None:
    stage = _likely(model.stage, tables["stage"], at)
    valence = _likely(model.valence, tables["valence"], at)
    codes: dict[str, float] = {}
    if model.codes is not None and tables["code"] is not None:
        p = tables["code"][at]
        codes = {model.codes.classes[k]: float(p[k]) for k in np.flatnonzero(p >= SURE)}
    if stage is None and not codes:
        return None
    each = {"stage": stage[1]} if stage else {}
    words: tuple[str, ...] = ()
    if stage and model.stage is not None:
        words = model.words(passage.text, model.stage, stage[0])
        if matcher is not None:
            told = matcher.words(passage.text, stage[0], passage.language)
            words = tuple(dict.fromkeys((*told, *words)))
    elif model.codes is not None:
        words = model.words(passage.text, model.codes, max(codes, key=lambda key: codes[key]))
    if not words:
        return None
    said = [stage[0]] if stage else sorted(codes)
    return Suggestion(
        uid=identity(passage, said),
        feedback=passage.feedback,
        start=passage.start,
        stop=passage.stop,
        stage=stage[0] if stage else None,
        codes=tuple(sorted(codes)),
        valence=None if valence is None else int(valence[0]) / 2,
        probability=each.get("stage", max(codes.values(), default=0.0)),
        each={
            **each,
            **({"valence": valence[1]} if valence else {}),
            **{f"code:{key}": p for key, p in codes.items()},
        },
        words=words[:WORDS],
        by="classifier",
        model=model.version,
    )


def _likely(head: Head | None, table: Floats | None, at: int) -> tuple[str, float] | None:
    if head is None or table is None:
        return None
    best = int(table[at].argmax())
    p = float(table[at, best])
    return (head.classes[best], p) if p >= LIKELY else None


def guesses(model: Model, texts: Sequence[str], contexts: Sequence[Sequence[str]]) -> list[Guess]:
    """The likeliest stage of each text (where no stages were learned: valence, then code), with
    its margin: how little the classifier hesitates."""
    head = model.stage or model.valence or model.codes
    found: list[Guess] = []
    if head is None:
        return found
    for begin in range(0, len(texts), CHUNK):
        part = slice(begin, begin + CHUNK)
        table = head.probabilities(model.rows(texts[part], contexts[part]))
        order = np.argsort(-table, axis=1, kind="stable")
        for row, (first, *rest) in zip(table, order.tolist(), strict=True):
            next_best = float(row[rest[0]]) if rest else 0.0
            found.append(
                Guess(head.classes[first], float(row[first]), float(row[first]) - next_best)
            )
    return found
