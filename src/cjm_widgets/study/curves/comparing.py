"""Verbs that compare: two periods, two groups, two studies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from cjm_widgets.errors import ArgumentError, NoEvidence
from cjm_widgets.measure.columns import column, numbers
from cjm_widgets.measure.curves.comparison import (
    Pair,
    differences_frame,
    explanation_frame,
    pair_of_units,
)
from cjm_widgets.measure.curves.curve import VALENCE, check_minimum
from cjm_widgets.measure.kpis.periods import period_bounds
from cjm_widgets.study.base import StudyBase
from cjm_widgets.study.curves.curves import WEIGHT, Curves
from cjm_widgets.study.evidence import evidence
from cjm_widgets.study.evidence.grouping import grouped
from cjm_widgets.study.history import PastStudy
from cjm_widgets.view.curves.compare_view import ComparisonView
from cjm_widgets.words import say

if TYPE_CHECKING:
    from cjm_widgets.study.evidence.grouping import Freq
    from cjm_widgets.study.given.personas import PersonaVerbs
    from cjm_widgets.view.parts.theme import Theme

Side = str | Mapping[str, object] | pd.DataFrame | StudyBase | PastStudy[Any]
"""A period, a filter, a frame of ratings, another study, or a study as it was."""
GROUP = "(group)"


@dataclass(frozen=True, slots=True)
class _Taken:
    """One side of a comparison."""

    label: str
    units: pd.DataFrame


class Comparing(Curves):
    """Comparisons of curves."""

    def compare(
        self,
        before: Side,
        after: Side,
        *,
        by: str | None = None,
        estimate: str | None = None,
        weights: str | None = None,
        minimum: int = 1,
        freq: Freq = "Q",
        theme: Theme = "auto",
    ) -> ComparisonView:
        """What differs between two curves, stage by stage, and over all.

        Parameters
        ----------
        before, after
            Each one of: a period (``"2026-Q1"``, ``"2026-03"``, ``"2026"``); a filter, from
            attribute (or ``persona``, ``channel``…) to value or values
            (``{"persona": "new"}``); another `Study`, or one as it was (``study.at(…)``); or a
            frame with the columns `stage` (key or name), `valence` (−1…1) and, where known,
            `respondent`.
        by
            As for `curve`: the comparison within each group. Not with frames and other studies.
        estimate
            ``"coded"`` or ``"automatic"``; None takes the study's, and coded ratings where that
            is the calibrated one. The study's choice is left as it is.
        weights
            An attribute of survey weights, as for `curve`.
        minimum
            Fewest respondents on each side of a stage to show it.
        freq
            Length of a period for ``by="period"``.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        ComparisonView
            Shows itself as a picture with its table and what it says in words. `frame` has per
            stage `before`, `after`, `difference`, `low`, `high`, `p`, `p_holm`, `paired`,
            `n_before`, `n_after`, `respondents_before`, `respondents_after`, `suppressed`;
            `parts` the overall change and what it is made of: `part` (``overall``, ``mix``,
            ``within``), `value`, `low`, `high`, `p`. With `by`, its column first.

        Raises
        ------
        NoEvidence
            If a side has no unit with a stage and a valence.
        ArgumentError, UnknownName
            If a side is none of these, the estimate cannot be compared, or a column is unknown.

        Notes
        -----
        Paired where people recur, adjusted by Holm over all stages shown; the overall change
        is parted after Kitagawa. See `cjm_widgets.measure.curves.differences` and
        `cjm_widgets.measure.curves.comparison`.
        """
        used = self._compared_estimate(estimate)
        sides = [
            self._side(what, given, used, weights)
            for what, given in (("before", before), ("after", after))
        ]
        journey = self.journey
        both = pd.concat([side.units[["stage"]] for side in sides], ignore_index=True)
        stages = evidence.order(journey, both)
        weight = None if weights is None else WEIGHT
        if by is None:
            parted: list[tuple[str, Sequence[pd.DataFrame]]] = [("", [s.units for s in sides])]
        else:
            if any(
                isinstance(given, pd.DataFrame | StudyBase | PastStudy) for given in (before, after)
            ):
                raise ArgumentError(
                    f"by={by!r}: frames and other studies are compared as a whole; leave by out"
                )
            parted = self._parted(by, freq, sides)
        pairs = [
            (group, pair_of_units(units[0], units[1], stages, weight)) for group, units in parted
        ]
        frame = pd.concat(
            [_named(differences_frame(pair), by, group) for group, pair in pairs],
            ignore_index=True,
        )
        parts = pd.concat(
            [
                _named(explanation_frame(pair), by, group)
                for group, pair in pairs
                if by is None or _both(pair)
            ],
            ignore_index=True,
        )
        return ComparisonView(
            _hidden(frame, minimum),
            parts,
            before=sides[0].label,
            after=sides[1].label,
            names={stage.key: stage.name(self.language) for stage in journey},
            by=by,
            estimate=used,
            recurring=_recurring(sides),
            language=self.language,
            theme=theme,
        )

    def _compared_estimate(self, estimate: str | None) -> str:
        used = estimate or self.default_estimate()
        if used != "calibrated":
            return used
        if estimate is None:
            return "coded"
        raise ArgumentError(
            "estimate='calibrated': a calibrated curve corrects the mean of a stage, not single "
            "texts, so that there is nothing to pair; take estimate='coded' or 'automatic'"
        )

    def _side(self, what: str, given: Side, used: str, weights: str | None) -> _Taken:
        if isinstance(given, PastStudy):
            then = self._side(what, given.study, used, weights)
            return _Taken(given.when, then.units)
        if isinstance(given, Comparing):
            units = given._weighted(given._found(used).units, weights)
            return _taken(what, given.name, units)
        if isinstance(given, pd.DataFrame):
            return _taken(what, say(f"compare.{what}", self.language), self._given(what, given))
        units = self._weighted(self._found(used).units, weights)
        if isinstance(given, Mapping):
            # A study has both groups of verbs.
            texts = cast("PersonaVerbs", self)._filtered(self._without_persona(given))
            label = ", ".join(_told(value) for value in given.values())
            return _taken(what, label, units[units["feedback"].isin(texts)])
        bounds = period_bounds(given) if isinstance(given, str) else None
        if bounds is None:
            raise ArgumentError(
                f"{what}={given!r}: what is compared is a period such as '2026-Q1', a filter such "
                f"as {{'persona': 'new'}}, another study, or a frame with stage and valence"
            )
        at: pd.Series[Any] = self._cached("at", lambda: self._store.values_of("at"))
        texts = at.index[(at >= bounds[0]) & (at < bounds[1])]
        if not len(texts):
            raise NoEvidence(f"{what}: no text has a date in {given!r}; {_dates(at)}")
        return _taken(what, str(given), units[units["feedback"].isin(texts)])

    def _without_persona(self, given: Mapping[str, object]) -> Mapping[str, object]:
        """A filter with what a described persona stands for."""
        key = given.get("persona")
        if not isinstance(key, str) or not self._store.documents("persona"):
            return given
        rest = {name: value for name, value in given.items() if name != "persona"}
        return {**cast("PersonaVerbs", self)._persona(key).filter, **rest}

    def _given(self, what: str, frame: pd.DataFrame) -> pd.DataFrame:
        """A frame of somebody's own as units."""
        journey = self.journey
        stages = column(frame, "stage", what)
        keys = {name: journey.stage(str(name)).key for name in stages.dropna().unique()}
        who = frame["respondent"] if "respondent" in frame.columns else pd.Series(index=frame.index)
        alone = pd.Series([f"{what} {i}" for i in range(len(frame))], index=frame.index)
        units = pd.DataFrame(
            {
                "feedback": range(len(frame)),
                "stage": stages.map(keys).astype("str"),
                "valence": numbers(column(frame, "valence", what), f"{what}, valence", VALENCE),
                "known": True,
                "respondent": who.astype("str").fillna(alone).astype("str"),
                "predicted": False,
            }
        )
        if WEIGHT in frame.columns:
            units[WEIGHT] = frame[WEIGHT].to_numpy()
        return units.astype({"feedback": "int64"})

    def _parted(
        self, by: str, freq: str, sides: Sequence[_Taken]
    ) -> list[tuple[str, Sequence[pd.DataFrame]]]:
        """The two sides within each group."""
        groups = self._groups(by, freq)
        parts = [grouped(side.units, groups, GROUP) for side in sides]
        return [
            (str(name), [part[part[GROUP] == name] for part in parts])
            for name in groups.rows["group"].cat.categories
        ]


def _dates(at: pd.Series[Any]) -> str:
    """Where the dates of texts lie, for a refusal."""
    if not at.notna().any():
        return "none has any: bring them in with study.add(…, at='…'), or compare groups"
    return f"those there are lie between {at.min():%Y-%m-%d} and {at.max():%Y-%m-%d}"


def _taken(what: str, label: str, units: pd.DataFrame) -> _Taken:
    if not (units["stage"].notna() & units["valence"].notna()).any():
        raise NoEvidence(
            f"{what}: {label!r} has no text with a stage and a valence; code or score some of it, "
            f"or compare something else"
        )
    return _Taken(label, units)


def _told(value: object) -> str:
    if isinstance(value, str) or not isinstance(value, Sequence):
        return str(value)
    return ", ".join(map(str, value))


def _named(frame: pd.DataFrame, by: str | None, group: str) -> pd.DataFrame:
    if by is not None:
        frame.insert(0, by, pd.Series([group] * len(frame), dtype="str"))
    return frame


def _both(pair: Pair) -> bool:
    return len(pair.before.values) > 0 and len(pair.after.values) > 0


def _hidden(frame: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Stages of too few people on a side are gaps; their n might name a person."""
    check_minimum(minimum)
    sides = frame[["respondents_before", "respondents_after"]]
    hidden = ((sides > 0) & (sides < minimum)).any(axis=1)
    figures = ["before", "after", "difference", "low", "high", "p", "p_holm"]
    frame.loc[hidden, figures] = float("nan")
    counts = ["paired", "n_before", "n_after", *sides.columns]
    frame.loc[hidden, counts] = 0
    frame["suppressed"] = hidden
    return frame


def _recurring(sides: Sequence[_Taken]) -> int:
    """People who have a valence on both sides."""
    people = [
        pd.Series(side.units.loc[side.units["valence"].notna(), "respondent"].unique())
        for side in sides
    ]
    return sum(map(len, people)) - int(pd.concat(people).nunique())
