"""Which stage texts speak of that nobody has coded: as a column, the vocabulary or the
classifier tells. What has to be read for that is read once and kept with the study."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cjm_widgets.errors import StoreError
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store
from cjm_widgets.store.contents import places
from cjm_widgets.store.desks import learning
from cjm_widgets.store.engine.arrays import repeated
from cjm_widgets.store.tables.facets import LONGEST, shown
from cjm_widgets.study.evidence.staging import Classifier
from cjm_widgets.suggest.mapping import by_mapping, guess_mapping
from cjm_widgets.suggest.passages import LIKELY
from cjm_widgets.suggest.vocabulary import Matcher
from cjm_widgets.text.sentences import sentences

MAPPED = ("touchpoint", "question")
"""Columns that may tell a text's stage, the most telling first. A channel is how feedback was
collected ("chat", "review") and is taken for a stage only where somebody says so."""
VOCABULARY, CLASSIFIER = "(vocabulary)", "(classifier)"
RULES = 1
"""Version of how texts are looked at; another one looks at all of them again."""
CHUNK = 2_000
"""Texts looked at between two writes."""
END = 2**31 - 1
"""Where a text ends whose length nobody has asked for."""
MANY = 20_000
"""Texts left to the classifier beyond which its guesses stand until a tenth more was coded."""
NEAR = 1.1

Mappings = dict[str, dict[str, str]]
"""Column to value to key of the stage."""
Numbers = NDArray[np.int64]
Said = tuple[int, int, int, float]
"""Start, stop, number of the stage (from 1), how probable."""
Look = Callable[[list[learning.Told]], Iterator[list[Said]]]


def mappings(store: Store, journey: Journey, language: str) -> Mappings:
    """Column to mapping: those the user gave, and guesses for the others that can be guessed."""
    live = {stage.key for stage in journey}
    chosen: Mappings = {
        column: {value: key for value, key in mapping.items() if key in live}
        for column, mapping in (store.setting("stages_from") or {}).items()
    }
    known = {*store.attributes()["attribute"], "touchpoint", "channel"}
    for column in MAPPED:
        if column in known and column not in chosen:
            values = store.attribute_values(column)["value"]
            guessed = guess_mapping(values, journey, language)
            # Several questions that all seem to mean one stage share a word that means nothing
            # ("Trust A, question 1"): such a guess would hide what the texts themselves say.
            if guessed and (column == "touchpoint" or len(set(guessed.values())) > 1):
                chosen[column] = guessed
    return chosen


def predicted_places(
    store: Store, journey: Journey, language: str, but: pd.Series[int] | None = None
) -> pd.DataFrame:
    """Where a column, the vocabulary or the classifier say that a stage is spoken of, in all
    texts `but` some; what tells a text's stage first is believed.

    Returns
    -------
    pandas.DataFrame
        Columns `feedback`, `start`, `stop` (far beyond the end where the whole text is meant),
        `stage`, `predicted`, `by`, `member`.
    """
    keys = [stage.key for stage in journey]
    rest = store.text_numbers() if keys else np.zeros(0, dtype=np.int64)
    if but is not None:
        rest = np.setdiff1d(rest, but.unique(), assume_unique=True)
    parts = []
    for column, mapping in mappings(store, journey, language).items():
        if len(rest):
            found = _by_column(store, column, rest, mapping, journey)
            parts.append(found)
            rest = np.setdiff1d(rest, found["feedback"].to_numpy(), assume_unique=True)
    for named, teller in (("vocabulary", _vocabulary), ("classifier", _classifier)):
        if len(rest):
            found = teller(store, journey, rest)
            found = found[(found["number"] > 0) & found["feedback"].isin(rest)]
            parts.append(_told(found, keys, named))
            rest = np.setdiff1d(rest, found["feedback"].to_numpy())
    # The first part gives the columns their kinds where no text has a stage.
    return pd.concat([_told(_nothing(), keys, ""), *parts], ignore_index=True)


def _by_column(
    store: Store, column: str, rest: Numbers, mapping: dict[str, str], journey: Journey
) -> pd.DataFrame:
    """Whole texts whose stage a column tells."""
    numbers, stages = _column(store, column, mapping, journey)
    here = np.isin(numbers, rest) & ~stages.isna()
    made = pd.DataFrame({"feedback": numbers[here], "start": 0, "stop": END, "stage": stages[here]})
    return made.assign(predicted=True, by=repeated("column", len(made)), member=1.0)


def _column(
    store: Store, column: str, mapping: dict[str, str], journey: Journey
) -> tuple[Numbers, Any]:
    """Texts that have a value in a column, and the stage of each, missing where it tells none."""
    # As a filter a column of a million texts is read in a third of the time.
    short = all(len(value) <= LONGEST for value in mapping)
    if short and (bearers := store.bearers(column)) is not None:
        kinds: Any = pd.Series(list(bearers), dtype="str")
        codes = np.repeat(np.arange(len(bearers)), [len(texts) for texts in bearers.values()])
        numbers = np.concatenate([np.zeros(0, dtype=np.int64), *bearers.values()])
    else:
        values = store.values_of(column).dropna()
        if pd.api.types.is_numeric_dtype(values.dtype):  # 1.0 is "1" where a mapping names it
            values = values.map(shown).dropna()
        codes, kinds = pd.factorize(values)
        numbers = values.index.to_numpy()
    return numbers, by_mapping(pd.Series(kinds), mapping, journey).array.take(codes)


def _told(found: pd.DataFrame, keys: Sequence[str], by: str) -> pd.DataFrame:
    stages = pd.array(list(keys), dtype="str").take(found["number"].to_numpy() - 1)
    made = found[["feedback", "start", "stop"]].assign(stage=stages, predicted=True)
    return made.assign(by=repeated(by, len(made)), member=found["member"])


def _nothing() -> pd.DataFrame:
    whole = ("feedback", "start", "stop", "number")
    none = {name: np.array([], dtype=np.int64) for name in whole}
    return pd.DataFrame({**none, "member": np.array([], dtype=np.float64)})


def _vocabulary(store: Store, journey: Journey, rest: Numbers) -> pd.DataFrame:
    """Sentences in which the journey's vocabulary finds a stage."""
    matcher = Matcher(journey)
    number = {stage.key: place for place, stage in enumerate(journey, start=1)}

    def look(texts: list[learning.Told]) -> Iterator[list[Said]]:
        for text in texts:
            said = []
            for start, stop in sentences(text.text, text.language):
                stages = matcher.stages(text.text[start:stop], text.language)
                if stages:
                    said.append((start, stop, number[stages[0][0]], 1.0))
            yield said

    told = [(s.key, s.names, s.parent, s.touchpoints, s.vocabulary) for s in journey]
    version = _digest(repr((RULES, store.language, told)).encode())
    return _kept(store, VOCABULARY, version, rest, look)


def _classifier(store: Store, journey: Journey, rest: Numbers) -> pd.DataFrame:
    """Sentences in which the classifier sees a stage, by models that do not know who speaks."""
    classifier = Classifier(store, journey)
    number = {stage.key: place for place, stage in enumerate(journey, start=1)}

    def look(texts: list[learning.Told]) -> Iterator[list[Said]]:
        cut = [[*sentences(text.text, text.language)] for text in texts]
        pieces = [
            replace(text, text=text.text[start:stop])
            for text, spans in zip(texts, cut, strict=True)
            for start, stop in spans
        ]
        guesses = iter(classifier.stages(pieces))
        for spans in cut:
            seen = [(start, stop, *next(guesses)) for start, stop in spans]
            yield [(a, b, number[stage], p) for a, b, stage, p in seen if p >= LIKELY]

    version, standing = _learned(store, journey, len(rest))
    if not standing and not classifier.ready:
        return _nothing()
    return _kept(store, CLASSIFIER, version, rest, look)


def _learned(store: Store, journey: Journey, texts: int) -> tuple[str, bool]:
    """Version of what there is to learn from, ``number-digest``, and whether it has told before.

    Where very many texts are left to it, an older one stands until a tenth more was coded:
    thousands of ratings and one are learned from as thousands are.
    """
    codings = store.marks({stage.key for stage in journey})
    codings = codings[codings["stage"].notna()]
    parts = codings["coding"].to_numpy().tobytes(), "|".join(codings["stage"]).encode()
    keys = repr([stage.key for stage in journey]).encode()
    n, now = len(codings), _digest(*parts, keys, str(RULES).encode())
    before = store.tellers(CLASSIFIER)
    if f"{n}-{now}" in before:
        return f"{n}-{now}", True
    for version in before if texts > MANY else ():
        older = int(version.partition("-")[0])
        if n / NEAR <= older <= n * NEAR:
            return version, True
    return f"{n}-{now}", False


def _digest(*parts: bytes) -> str:
    made = hashlib.blake2b(digest_size=8)
    for part in parts:
        made.update(part)
    return made.hexdigest()


def _kept(store: Store, teller: str, version: str, rest: Numbers, look: Look) -> pd.DataFrame:
    """What a teller said of texts; those it has not looked at yet it looks at now."""
    found = store.places(teller, version)
    fresh = np.setdiff1d(rest, found["feedback"].to_numpy())
    if not len(fresh):
        return found
    parts = [found]
    for begin in range(0, len(fresh), CHUNK):
        texts = _answers(store, learning.told(store.base, fresh[begin : begin + CHUNK].tolist()))
        rows: list[places.Row] = []
        for text, said in zip(texts, look(texts), strict=True):
            rows += [(text.feedback, text.version, *one) for one in said or [(0, 0, 0, 0.0)]]
        parts.append(_rows(rows))
        # A file that nobody may write to, or that another program holds, can still be drawn.
        with suppress(StoreError):
            store.write_places(teller, version, rows)
    with suppress(StoreError):
        store.drop_places(teller, but=version)
    return pd.concat(parts, ignore_index=True)


def _rows(rows: list[places.Row]) -> pd.DataFrame:
    names = ["feedback", "version", "start", "stop", "number", "member"]
    made = pd.DataFrame(rows, columns=names).drop(columns="version")
    return made.astype({**dict.fromkeys(made.columns, "int64"), "member": "float64"})


def _answers(store: Store, texts: list[learning.Told]) -> list[learning.Told]:
    """The texts with blanks where interviewers speak."""
    words = pd.array([text.text for text in texts], dtype="str")
    numbers = np.array([text.feedback for text in texts], dtype=np.int64)
    said = store.without_interviewers(pd.DataFrame({"feedback": numbers, "text": words}))["text"]
    return [replace(text, text=words) for text, words in zip(texts, said, strict=True)]
