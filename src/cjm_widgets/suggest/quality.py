"""What suggestions are worth: what the classifier would have said of passages it has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cjm_widgets.suggest.classifier import Head, Model, fit
from cjm_widgets.suggest.examples import Kept
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
        among the others would have been).
    """
    fold = folds_of(kept, seed)
    rows: list[tuple[str, str, str, str, float, bool, bool]] = []
    for number in range(FOLDS):
        train = [k for k, f in zip(kept, fold, strict=True) if f != number]
        test = [k for k, f in zip(kept, fold, strict=True) if f == number]
        model = fit(train, seed=seed) if train and test else None
        if model is None:
            continue
        table = compact(joined([k.row for k in test]), model.used)
        for what, head in zip(WHATS, (model.stage, model.codes, model.valence), strict=True):
            if head is None:
                continue
            usual = _usual(train, what)
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


def cross_fitted_models(
    kept: Sequence[Kept], *, seed: int = 0
) -> tuple[list[Model | None], Callable[[str], int]]:
    """A model for each fold, and a function from a respondent to the fold that was left out for
    it (−1 for somebody who is in none: any model will do)."""
    fold = folds_of(kept, seed)
    models = [
        fit([k for k, f in zip(kept, fold, strict=True) if f != number], seed=seed)
        for number in range(FOLDS)
    ]
    of = {k.respondent: int(f) for k, f in zip(kept, fold, strict=True) if k.respondent}
    return models, lambda respondent: of.get(respondent, -1)


def stage_head(model: Model | None) -> Head | None:
    """The part of a model that tells stages."""
    return None if model is None else model.stage
