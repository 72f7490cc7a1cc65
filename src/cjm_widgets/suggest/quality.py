"""What suggestions are worth: what the classifier would have said of passages it has not seen."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cjm_widgets.suggest.classifier import Model, fit
from cjm_widgets.suggest.examples import Kept
from cjm_widgets.suggest.passages import guesses
from cjm_widgets.suggest.words import compact, joined

FOLDS = 5
WHATS = ("stage", "code", "valence")


def answers(kept: Kept, what: str) -> tuple[str, ...]:
    """What a person said of a passage."""
    if what == "stage":
        return () if kept.stage is None else (kept.stage,)
    if what == "code":
        return kept.codes
    return () if kept.step is None else (str(kept.step),)


def folds_of(kept: Sequence[Kept], seed: int = 0, folds: int = FOLDS) -> NDArray[np.int64]:
    """Fold of each passage; all passages of a respondent are in one."""
    who = [k.respondent or k.uid for k in kept]
    place, people = pd.factorize(pd.Series(who, dtype="str"))
    drawn = np.random.default_rng(seed).permutation(len(people)) % folds
    return np.asarray(drawn[place], dtype=np.int64)


def cross_validated(kept: Sequence[Kept], *, seed: int = 0) -> pd.DataFrame:
    """What models say of passages of respondents whom they have not seen.

    Parameters
    ----------
    kept
        Coded passages.
    seed
        Decides the folds.

    Returns
    -------
    pandas.DataFrame
        A row per passage and question somebody answered: `uid`, `respondent`, `what` (stage,
        code, valence), `guess` (the likeliest answer), `probability`, `right` (flag: it is
        what the person said, or one of the codes), `common` (flag: the answer most frequent
        of all would have been).
    """
    fold = folds_of(kept, seed)
    rows: list[tuple[str, str, str, str, float, bool, bool]] = []
    for number in range(FOLDS):
        train = [k for k, f in zip(kept, fold, strict=True) if f != number]
        test = [k for k, f in zip(kept, fold, strict=True) if f == number]
        model = fit(train) if train and test else None
        if model is None:
            continue
        table = compact(joined([k.row for k in test]), model.columns)
        for what, head in zip(WHATS, (model.stage, model.codes, model.valence), strict=True):
            if head is None:
                continue
            usual = _usual(kept, what)
            p = head.probabilities(table)
            for k, guess, chance in zip(test, p.argmax(axis=1), p.max(axis=1), strict=True):
                said = answers(k, what)
                if said:
                    answer = head.classes[int(guess)]
                    who = k.respondent or k.uid
                    rows.append(
                        (k.uid, who, what, answer, float(chance), answer in said, usual in said)
                    )
    columns = ["uid", "respondent", "what", "guess", "probability", "right", "common"]
    kinds = dict.fromkeys(("uid", "respondent", "what", "guess"), "str")
    return pd.DataFrame(rows, columns=columns).astype(
        {**kinds, "probability": "float64", "right": "bool", "common": "bool"}
    )


def _usual(kept: Sequence[Kept], what: str) -> str:
    count = Counter(answer for k in kept for answer in answers(k, what))
    return min(count, key=lambda answer: (-count[answer], answer)) if count else ""


class CrossFitted:
    """Stages that models see in texts, none of them having learned from a text's respondent.

    Parameters
    ----------
    kept
        Coded passages.
    seed
        Decides which respondent is in which fold.
    """

    def __init__(self, kept: Sequence[Kept], *, seed: int = 0) -> None:
        fold = folds_of(kept, seed)
        self._fold = {k.respondent: int(f) for k, f in zip(kept, fold, strict=True)}
        self.models: list[Model] = []
        for number in range(FOLDS):
            rest = [k for k, f in zip(kept, fold, strict=True) if f != number]
            model = fit(rest, only_stage=True)
            if model is None:  # too little to learn from, so there is no classifier at all
                self.models = []
                return
            self.models.append(model)

    def stages(
        self,
        texts: Sequence[str],
        contexts: Sequence[Sequence[str]],
        respondents: Sequence[str],
    ) -> list[tuple[str, float]]:
        """The likeliest stage of each text, with its probability.

        A respondent who was learned from is judged by the one model that had left them out;
        anybody else by one of the models, always the same.
        """
        number = np.array(
            [self._fold.get(who, zlib.crc32(who.encode()) % FOLDS) for who in respondents]
        )
        found: list[tuple[str, float]] = [("", 0.0)] * len(texts)
        for fold, model in enumerate(self.models):
            at = np.flatnonzero(number == fold).tolist()
            some = guesses(model, [texts[i] for i in at], [contexts[i] for i in at])
            for i, guess in zip(at, some, strict=True):
                found[i] = guess.answer, guess.probability
        return found
