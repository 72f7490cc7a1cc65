"""From codings to a table of agreement: overall, per stage, code, text or pair of coders."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.measure.agreement.agreement_formulas import measured
from cjm_widgets.measure.agreement.agreement_passages import (
    MEASURES,
    Passages,
    passage_agreements,
    passages,
)
from cjm_widgets.measure.agreement.agreement_ratings import coded
from cjm_widgets.measure.agreement.agreement_reading import Reading
from cjm_widgets.measure.agreement.agreement_texts import text_rows
from cjm_widgets.model.columns import CODINGS, check
from cjm_widgets.model.estimate import Estimate

On = Literal["stage", "valence", "codes"]
By = Literal["stage", "code", "text", "pair"]
Lengths = Mapping[tuple[int, int], int]
"""Number of a text and its version to its length in code points."""

ALL = "all"
"""Scope of a figure on all texts."""
_USED = ("feedback", "version", "respondent", "start", "stop", "coder", "stage", "valence", "codes")
_MEASURES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "stage": (
        ("percent", "nominal", "percent"),
        ("cohen_kappa", "nominal", "cohen_kappa"),
        ("fleiss_kappa", "nominal", "fleiss_kappa"),
        ("krippendorff_alpha", "nominal", "alpha_nominal"),
        ("gwet_ac1", "nominal", "gwet_ac1"),
    ),
    "valence": (
        ("percent", "nominal", "percent"),
        ("krippendorff_alpha", "ordinal", "alpha_ordinal"),
        ("krippendorff_alpha", "interval", "alpha_interval"),
    ),
    "codes": (
        ("percent", "sets", "percent"),
        ("krippendorff_alpha", "sets", "alpha_jaccard"),
    ),
}
"""What is compared to its measures: name, level, formula."""
_COLUMNS = {
    "measure": "str",
    "level": "str",
    "scope": "str",
    "value": "float64",
    "low": "float64",
    "high": "float64",
    "n": "int64",
    "reading": "str",
}


@dataclass(frozen=True, slots=True)
class _Texts:
    """What coders said of the texts that two or more of them coded."""

    ratings: pd.DataFrame
    """A row per text, a column per coder; None where there is none."""
    respondents: pd.Series[Any]
    """By text."""
    spans: pd.DataFrame
    """Passages of these texts: feedback, version, coder, start, stop, label."""
    lengths: Lengths


def agreement_table(
    codings: pd.DataFrame,
    lengths: Lengths,
    on: On = "stage",
    by: By | None = None,
    language: str = "en",
    *,
    measures: Collection[str] | None = None,
) -> pd.DataFrame:
    """How far coders agree.

    Parameters
    ----------
    codings
        Columns of `cjm_widgets.model.columns.CODINGS` of the coders to compare.
    lengths
        Length of each coded text in its version.
    on
        What is compared. ``stage``, ``valence``: of a coder's main coding of a text, which is
        the longest passage that has one (the earlier of two as long). ``codes``: the set of
        all codes a coder gave in the text.
    by
        None: one scope, ``all``. ``stage``, ``code``: a scope each; of what is compared itself,
        it is this one against all others (who says *purchase*, who does not), of something
        else, the texts to which any coder gave it. ``text``: a scope per text, without
        intervals. ``pair``: a scope per pair of coders.
    language
        Of `reading`.
    measures
        The only measures of texts that are wanted, none of passages then, for which `lengths`
        may be empty; None for all.

    Returns
    -------
    pandas.DataFrame
        `measure`, `level`, `scope` (key of the stage or code, number of the text, the two
        coders, or ``all``), `value`, `low`, `high`, `n` (texts; per text: coders) and
        `reading`, what the figure says in words.

    Raises
    ------
    UnknownName
        If `on` or `by` is unknown.
    FrameError
        If a column is missing or of another kind.
    ArgumentError
        If a text's length is missing.

    Notes
    -----
    Passages are compared among coders who coded the same version of a text. Their measures
    (see `agreement_passages`) have the level ``passages``.
    """
    if on not in get_args(On):
        raise UnknownName("thing to compare (argument 'on')", on, get_args(On))
    if by is not None and by not in get_args(By):
        raise UnknownName("division (argument 'by')", by, get_args(By))
    check(codings, tuple(c for c in CODINGS if c.name in _USED), "agreement_table")
    texts = _shared(codings, on, lengths)
    if by == "text":
        rows = list(text_rows(texts.ratings, on, _passages(texts, each=True), language))
    else:
        rows = [
            (measure, level, scope, found.value, found.low, found.high, found.n, words)
            for measure, level, scope, found, words in _rows(
                codings, texts, on, by, language=language, only=measures
            )
        ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _rows(
    codings: pd.DataFrame,
    texts: _Texts,
    on: On,
    by: By | None,
    *,
    language: str,
    only: Collection[str] | None,
) -> Iterator[tuple[str, str, str, Estimate, str]]:
    for scope, part, one in _scopes(codings, texts, on, by):
        kinds = _MEASURES["stage" if one is not None else on]
        # One coder alone is no table of coders, but figures of no text.
        several = part.ratings.shape[1] > 1
        codes, labels = coded((part.ratings if several else part.ratings.reindex(columns=[0, 1])).T)
        least = _largest(codes, len(labels))
        for measure, level, formula in kinds:
            if only is not None and measure not in only:
                continue
            if formula == "cohen_kappa" and codes.shape[1] != 2:
                continue
            found = measured(formula, codes, labels, part.respondents)
            yield measure, level, scope, found, Reading(measure, found, least).text(language)
        if on != "valence" and only is None:
            # With a single label the whole is where, and nothing is left for what.
            skipped = () if one is None else ("alpha_u_where", "alpha_u_what")
            wanted = [measure for measure in MEASURES if measure not in skipped]
            for measure, found in zip(
                wanted, passage_agreements(_passages(part), wanted), strict=True
            ):
                yield measure, "passages", scope, found, Reading(measure, found).text(language)


def _scopes(
    codings: pd.DataFrame, texts: _Texts, on: On, by: By | None
) -> Iterator[tuple[str, _Texts, str | None]]:
    """Name, texts, and the stage or code that is held against all others, if one is."""
    if by is None:
        yield ALL, texts, None
    elif by == "pair":
        for a, b in combinations(sorted(codings["coder"].unique()), 2):
            two = codings[codings["coder"].isin([a, b])]
            yield f"{a} – {b}", _shared(two, on, texts.lengths), None
    elif {"stage": "stage", "code": "codes"}[by] == on:
        for key in _keys(texts.ratings, on):
            yield key, _one_against_all(texts, on, key), key
    else:
        other = _main(codings, "stage" if by == "stage" else "codes")
        for key in _keys(other, "stage" if by == "stage" else "codes"):
            said = other.map(lambda label, key=key: _has(label, key)).any(axis=1)
            inside = texts.ratings.index.isin(other.index[said])
            yield key, _within(texts, texts.ratings.index[inside]), None


def _shared(codings: pd.DataFrame, on: On, lengths: Lengths) -> _Texts:
    ratings = _main(codings, on)
    ratings = ratings[ratings.notna().sum(axis=1) > 1]
    rows = codings[codings["feedback"].isin(ratings.index)]
    spans = rows[["feedback", "version", "coder", "start", "stop"]].copy()
    if on == "codes":
        spans["label"] = _sets(rows["codes"])
    elif on == "stage":
        spans["label"] = rows["stage"].astype(object)
    else:
        spans["label"] = None
    people = rows.drop_duplicates("feedback").set_index("feedback")["respondent"]
    return _Texts(ratings, people.reindex(ratings.index), spans, lengths)


def _main(codings: pd.DataFrame, on: str) -> pd.DataFrame:
    """What each coder says of each text: a row per text, a column per coder."""
    coders = sorted(codings["coder"].unique())
    if not len(codings):
        return pd.DataFrame(index=pd.Index([], dtype="int64"), dtype=object)
    if on == "codes":
        given: dict[tuple[int, str], frozenset[str]] = {}
        columns = (codings["feedback"], codings["coder"], _sets(codings["codes"]))
        for feedback, coder, codes in zip(*columns, strict=True):
            given[feedback, coder] = given.get((feedback, coder), frozenset()) | codes
        index = pd.MultiIndex.from_tuples(given, names=["feedback", "coder"])
        said = pd.Series(list(given.values()), index=index, dtype=object)
    else:
        rows = codings[codings[on].notna()]
        order = rows.assign(long=rows["start"] - rows["stop"]).sort_values(
            ["long", "start"], kind="stable"
        )
        first = order.drop_duplicates(["feedback", "coder"])
        said = first.set_index(["feedback", "coder"])[on]
    wide = said.astype(object).unstack("coder").reindex(columns=coders).sort_index()
    return wide.astype(object).where(wide.notna(), None)


def _sets(codes: pd.Series[str]) -> pd.Series[Any]:
    made = {text: frozenset(text.split("; ")) - {""} for text in codes.unique()}
    return pd.Series([made[text] for text in codes], index=codes.index, dtype=object)


def _has(label: object, key: str) -> bool:
    return key in label if isinstance(label, frozenset) else label == key


def _keys(ratings: pd.DataFrame, on: str) -> list[str]:
    labels = {label for label in ratings.to_numpy().ravel() if label is not None}
    if on == "codes":
        return sorted({code for one in labels for code in one})
    return sorted(labels)


def _within(texts: _Texts, kept: pd.Index[Any]) -> _Texts:
    return _Texts(
        texts.ratings.loc[kept],
        texts.respondents.loc[kept],
        texts.spans[texts.spans["feedback"].isin(kept)],
        texts.lengths,
    )


def _one_against_all(texts: _Texts, on: On, key: str) -> _Texts:
    """Said or not said, for a single stage or code."""
    yes = texts.ratings.map(lambda label: None if label is None else _has(label, key))
    yes = yes.astype(object).where(texts.ratings.notna(), None)
    labels = texts.spans["label"].map(lambda label: key if _has(label, key) else None)
    return _Texts(
        yes, texts.respondents, texts.spans.assign(label=labels.astype(object)), texts.lengths
    )


def _largest(codes: Any, labels: int) -> float:
    """Share of the ratings that the most frequent label holds, of units that two rated."""
    several = codes[(codes >= 0).sum(axis=1) > 1]
    counts = np.bincount(several[several >= 0], minlength=labels)
    return float(counts.max() / counts.sum()) if counts.sum() else math.nan


def _passages(texts: _Texts, *, each: bool = False) -> Passages:
    """The passages, summed; with `each`, every text is a cluster of its own."""
    spans = texts.spans
    rows: dict[tuple[int, int], dict[str, list[tuple[int, int, Any]]]] = {}
    names = ("feedback", "version", "coder", "start", "stop", "label")
    columns = (spans[name].tolist() for name in names)
    for feedback, version, coder, start, stop, label in zip(*columns, strict=True):
        of = rows.setdefault((feedback, version), {}).setdefault(coder, [])
        # A passage without a stage or code leaves its text uncoded here.
        if isinstance(label, frozenset) and not label:
            continue
        if label is not None and label == label:  # noqa: PLR0124  # NaN is not itself
            of.append((start, stop, label))
    newest: dict[int, int] = {}
    for (feedback, version), coders in rows.items():
        if len(coders) > 1:
            newest[feedback] = max(version, newest.get(feedback, version))
    given: list[tuple[int, list[list[tuple[int, int, Any]]]]] = []
    for feedback in texts.ratings.index:
        version = newest.get(feedback)
        if version is None:
            given.append((0, []))
            continue
        if (feedback, version) not in texts.lengths:
            raise ArgumentError(
                f"lengths: version {version} of text {feedback} is coded, but its length is missing"
            )
        given.append((texts.lengths[feedback, version], [*rows[feedback, version].values()]))
    return passages(given, None if each else texts.respondents)
