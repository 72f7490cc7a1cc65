"""Verbs about courses: of emotion through an interview, and through the day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from cjm_widgets.errors import NoEvidence, UnknownName
from cjm_widgets.measure.courses.arcs import LEAST_UNITS, POINTS, Method, arcs, hours
from cjm_widgets.study.curves.curves import Curves
from cjm_widgets.study.evidence import evidence
from cjm_widgets.view.curves.arc_view import ArcView, HoursView

if TYPE_CHECKING:
    from cjm_widgets.view.parts.theme import Theme

Unit = Literal["sentence", "turn"]
_ESTIMATES = ("coded", "automatic")


class Courses(Curves):
    """How emotion goes through a text, and through the day."""

    def arcs(
        self,
        texts: Iterable[int] | int | None = None,
        *,
        by: str | None = None,
        method: Method = "average",
        estimate: str | None = None,
        unit: Unit = "sentence",
        points: int = POINTS,
        theme: Theme = "auto",
    ) -> ArcView:
        """The course of emotion through interviews and calls, alone and laid over another.

        Parameters
        ----------
        texts
            Numbers of the texts, as `feedback` gives them; None for all that are long enough.
        by
            An attribute that joins several rows to one interview, in the order they were
            brought in: ``"interview"``.
        method
            ``"average"`` (moving average), ``"loess"`` or ``"dct"``; see
            `cjm_widgets.measure.courses.arcs.arcs`.
        estimate
            ``"coded"``: passages that people rated; ``"automatic"``: sentences that scorers
            know. By default what the curve rests on, scores where that is calibrated.
        unit
            ``"turn"``: a respondent's whole turn in a transcript is one unit, the mean of what is
            known in it; texts without turns keep their sentences or passages.
        points
            Places from beginning to end at which courses are given.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        ArcView
            Shows itself as a picture; `frame` has `text`, `progress`, `valence`; `mean` the
            aligned course with its interval; `extremes` the words at peaks and troughs.

        Raises
        ------
        NoEvidence
            If no text has six units with a valence.
        UnknownName
            If the attribute, the method or the estimate is unknown.

        Notes
        -----
        What an interviewer says has no part in it.
        """
        used = self._kind_of(estimate)
        if by is not None:
            self._known_column(by)
        if unit not in get_args(Unit):
            raise UnknownName("unit of a course", unit, get_args(Unit))
        units = self._coded_units() if used == "coded" else self._scored_units()
        if texts is not None:
            wanted = [texts] if isinstance(texts, int) else list(texts)
            units = units[units["feedback"].isin(wanted)]
        placed = self._placed(self._by_turn(units) if unit == "turn" else units, by)
        found = arcs(placed, method, points)
        return ArcView(
            found,
            units=int(placed["text"].isin(found.frame["text"].unique()).sum()),
            method=method,
            estimate=used,
            language=self.language,
            theme=theme,
        )

    def hours(
        self, *, estimate: str | None = None, width: int = 3, theme: Theme = "auto"
    ) -> HoursView:
        """How people feel at which time of day.

        Parameters
        ----------
        estimate
            As in `arcs`.
        width
            Hours that go together: 1, 2, 3, 4, 6, 8 or 12.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        HoursView
            Shows itself as a picture; `frame` has `hour`, `n`, `respondents`, `mean`, `low`,
            `high`.

        Raises
        ------
        NoEvidence
            If no text has a time of day.
        """
        used = self._kind_of(estimate)
        found = self._found(used)
        once = found.units.groupby("feedback", as_index=False).agg(
            valence=("valence", "mean"), respondent=("respondent", "first")
        )
        frame = hours(once, self._store.values_of("at"), width)
        return HoursView(frame, width=width, estimate=used, language=self.language, theme=theme)

    def _kind_of(self, estimate: str | None) -> str:
        used = estimate or ("coded" if self.default_estimate() == "coded" else "automatic")
        if used not in _ESTIMATES:
            raise UnknownName("estimate of a course", used, _ESTIMATES)
        return used

    def _coded_units(self) -> pd.DataFrame:
        codings = self._store.codings()
        rated = codings[codings["valence"].notna()]
        # Two coders of one passage are one unit.
        return rated.groupby(["feedback", "start", "stop"], as_index=False).agg(
            valence=("valence", "mean"), respondent=("respondent", "first")
        )

    def _scored_units(self) -> pd.DataFrame:
        parts = [
            self._store.scores(name, "sentence", version=version)
            for name, version in evidence.newest_scorers(self._store, None).items()
        ]
        scored = pd.concat(parts, ignore_index=True)
        scored = scored[scored["known"]]
        who = self._store.values_of("respondent")
        columns = ["feedback", "start", "stop", "valence"]
        return scored[columns].assign(respondent=scored["feedback"].map(who))

    def _by_turn(self, units: pd.DataFrame) -> pd.DataFrame:
        """Units of a turn as one; of texts without turns as they are."""
        turns = self._store.turns(units["feedback"].unique())
        turns = turns[turns["role"] == "respondent"].sort_values("start")
        if not len(turns):
            return units
        met = pd.merge_asof(
            units.sort_values("start"),
            turns[["feedback", "start", "stop", "n", "respondent"]].assign(begin=turns["start"]),
            on="start",
            by="feedback",
            suffixes=("", "_turn"),
        )
        inside = met["n"].notna() & (met["start"] < met["stop_turn"])
        spoken = (
            met[inside]
            .groupby(["feedback", "n"], as_index=False)
            .agg(
                valence=("valence", "mean"),
                start=("begin", "first"),
                stop=("stop_turn", "first"),
                respondent=("respondent_turn", "first"),
            )
        )
        spoken = spoken.astype({"start": "int64", "stop": "int64"})
        alone = units[~units["feedback"].isin(turns["feedback"])]
        return pd.concat([alone, spoken[alone.columns]], ignore_index=True)

    def _placed(self, units: pd.DataFrame, by: str | None) -> pd.DataFrame:
        """Units with the interview they belong to, their place in it, and their words."""
        if by is None:
            # Short answers cannot have a course: their words need not be read.
            often = units["feedback"].map(units["feedback"].value_counts())
            units = units[often >= LEAST_UNITS]
        if not len(units):
            raise NoEvidence(
                f"no text has {LEAST_UNITS} sentences or passages with a valence, which a course "
                f"needs: score (study.score()) or code longer texts, or join the parts of an "
                f"interview with by='…'"
            )
        rows = self._store.texts(sorted(units["feedback"].unique())).set_index("feedback")
        length = rows["text"].str.len()
        if by is None:
            joined = _titles(rows)
        else:
            joined = self._store.values_of(by).reindex(rows.index).dropna().astype("str")
        before = length[joined.index].groupby(joined).cumsum() - length[joined.index]
        total = length[joined.index].groupby(joined).sum()
        placed = units[units["feedback"].isin(joined.index)].copy()
        placed["text"] = placed["feedback"].map(joined).astype("str")
        middle = (placed["start"] + placed["stop"]) / 2 + placed["feedback"].map(before)
        whole = placed["feedback"].map(joined.map(total.to_dict()).astype("float64"))
        placed["progress"] = middle / whole
        words = dict(zip(rows.index, rows["text"].astype("str"), strict=True))
        placed["words"] = [
            words[feedback][start:stop]
            for feedback, start, stop in zip(
                placed["feedback"], placed["start"], placed["stop"], strict=True
            )
        ]
        alone = "text " + placed["text"]
        placed["respondent"] = placed["respondent"].fillna(alone).astype("str")
        ends = placed.groupby("text")["progress"].transform
        # From the first words of a respondent to the last: an interviewer's opening is no part.
        reach = (ends("max") - ends("min")).replace(0.0, np.nan)
        placed["progress"] = ((placed["progress"] - ends("min")) / reach).fillna(0.5)
        return placed


def _titles(rows: pd.DataFrame) -> pd.Series[str]:
    """What texts are called: their respondent, where nobody else has it, else their number."""
    names, numbers = rows["respondent"], pd.Series(rows.index.astype("str"), index=rows.index)
    own = names.notna() & ~names.duplicated(keep=False)
    return names.where(own, numbers).astype("str")
