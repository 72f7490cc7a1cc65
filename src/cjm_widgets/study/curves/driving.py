"""Verbs that look further: what goes with loyalty, what comes next, what is worth mending."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.measure.curves.curve import curve_of_units
from cjm_widgets.measure.kpis.kpi_latest import interval_of, scale_of
from cjm_widgets.measure.kpis.kpi_names import RATINGS, match
from cjm_widgets.measure.outlook.drivers import drivers
from cjm_widgets.measure.outlook.forecast import forecast
from cjm_widgets.measure.outlook.opportunities import effort_of, opportunities
from cjm_widgets.study.base import EDITOR
from cjm_widgets.study.curves.curves import Curves
from cjm_widgets.study.evidence import evidence
from cjm_widgets.view.outlook.drivers_view import DriversView
from cjm_widgets.view.outlook.forecast_view import VALENCE, ForecastView
from cjm_widgets.view.outlook.opportunities_view import OpportunitiesView
from cjm_widgets.words import say

if TYPE_CHECKING:
    from cjm_widgets.view.parts.theme import Theme

EFFORT = "effort"
"""Kind of the documents that keep what people say a code's mending would cost."""
MENDED = ("pain", "opportunity")
"""Kinds of codes that can be mended or seized."""
PERIODS = ("D", "W", "M", "Q", "Y")


class Driving(Curves):
    """Drivers, forecasts, opportunities."""

    def drivers(
        self, of: str = "nps", *, estimate: str | None = None, theme: Theme = "auto"
    ) -> DriversView:
        """Which stages go with loyalty: shares of what they explain together.

        Parameters
        ----------
        of
            ``"nps"``, ``"csat"``, ``"ces"``, or any attribute of the feedback that is a number.
        estimate
            Valences by people (``"coded"``) or by scores (``"automatic"``); by default what the
            study's curve rests on, scores where that is calibrated.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        DriversView
            Shows itself as a picture; `frame` has per stage `n`, `mean`, `share` with `low` and
            `high`, `effect` (change of the outcome per unit of valence) with its interval.

        Raises
        ------
        NoEvidence
            If no such figure came with the feedback, too few respondents have both, or the
            stages explain no more than chance: the message says what would help.

        Notes
        -----
        Association only. See `cjm_widgets.measure.outlook.drivers` and docs/drivers.md.
        """
        used = estimate or ("coded" if self.default_estimate() == "coded" else "automatic")
        if used not in ("coded", "automatic"):
            raise UnknownName("estimate of drivers", used, ("coded", "automatic"))
        journey = self.journey
        name = self._outcome(of)
        found = self._found(used)
        frame = pd.DataFrame({"y": self._store.values_of(name)})
        frame["who"] = self._store.values_of("respondent").reindex(frame.index)
        outcome = frame.dropna().set_index("who")["y"]
        if not len(outcome):
            raise NoEvidence(
                f"drivers of {name}: texts with {name} name no respondent, so that nothing can be "
                f"held beside it; bring the feedback in with respondent='…'"
            )
        units = found.units[found.units["stage"].notna()]
        result = drivers(units, outcome, evidence.order(journey, found.units), named=name)
        return DriversView(
            result,
            of=name,
            names=self._stage_names(),
            estimate=used,
            language=self.language,
            theme=theme,
        )

    def forecast(
        self,
        of: str = "NPS",
        periods: int = 4,
        *,
        stage: str | None = None,
        segment: str | None = None,
        freq: str = "Q",
        theme: Theme = "auto",
    ) -> ForecastView:
        """What a KPI, or a stage's valence, will be next.

        Parameters
        ----------
        of
            Name of a KPI as `kpis` shows it, or ``"valence"`` for the emotion at `stage`.
        periods
            How many to foresee, 1 to 12.
        stage
            Key or name of the stage; None for the whole journey.
        segment
            Of a KPI that has several.
        freq
            Period of what is computed from the feedback: ``D``, ``W``, ``M``, ``Q`` or ``Y``.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        ForecastView
            Shows itself as a picture; `frame` as `cjm_widgets.measure.outlook.forecast.forecast`.

        Raises
        ------
        NoEvidence
            If fewer than eight periods have a value with its uncertainty.
        UnknownName
            If there is no such KPI, stage or segment.
        """
        if freq not in PERIODS:
            raise UnknownName("period", freq, PERIODS)
        key = None if stage is None else self.journey.stage(stage).key
        if of.strip().casefold() == "valence":
            series, unit, target = self._felt(key, freq), VALENCE, None
            bounds, of = (-1.0, 1.0), say("forecast.valence", self.language)
        else:
            series, unit, target = self._kpi_series(of, key, segment, freq)
            bounds = _bounds(of, unit, series["value"])
        names = self._stage_names()
        named = of if key is None else f"{of}, {names.get(key, key)}"
        return ForecastView(
            forecast(series, periods, bounds=bounds, named=named),
            of=named,
            unit=unit,
            target=target,
            language=self.language,
            theme=theme,
        )

    def opportunities(
        self,
        effort: Mapping[str, float] | None = None,
        *,
        actor: str = EDITOR,
        theme: Theme = "auto",
    ) -> OpportunitiesView:
        """What mending each pain point would bring its stage, beside the effort it takes.

        Parameters
        ----------
        effort
            Key or name of a code to its effort, 1 (little) to 5 (much); kept with the study.
        actor
            Who says so; undone by ``study.undo(actor)``.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        OpportunitiesView
            Shows itself as a picture; `frame` as
            `cjm_widgets.measure.outlook.opportunities.opportunities`.

        Raises
        ------
        NoEvidence
            If no pain point or opportunity is coded often enough.
        UnknownName, ArgumentError
            If a code is unknown or an effort lies outside 1 to 5.
        """
        book = self.codebook
        said = {
            book.code(name).key: effort_of(name, value) for name, value in (effort or {}).items()
        }
        for key, value in said.items():
            self._store.put_document(EFFORT, key, {"effort": value}, actor)
        given = {uid: float(body["effort"]) for uid, body in self._store.documents(EFFORT).items()}
        codes = {code.key: code.name for code in book if code.kind in MENDED}
        judged = evidence.judged(self._store, self.journey)
        codings = evidence.with_codes(self._store, judged)
        return OpportunitiesView(
            opportunities(codings, list(codes), given),
            codes=codes,
            stages=self._stage_names(),
            language=self.language,
            theme=theme,
        )

    def _stage_names(self) -> dict[str, str]:
        return {stage.key: stage.name(self.language) for stage in self.journey}

    def _outcome(self, of: str) -> str:
        """The attribute that holds an outcome."""
        attributes = self._store.attributes()
        numeric = attributes.loc[attributes["kind"] != "text", "attribute"].tolist()
        if of in numeric:
            return of
        found = match(numeric, RATINGS.get(of.strip().casefold(), (of,)))
        if found is None:
            raise NoEvidence(
                f"drivers of {of!r}: no attribute of the feedback is called that and holds numbers "
                f"(there are: {', '.join(numeric) or 'none'}); bring a column of it in with "
                f"study.add(…), in the same file as the texts"
            )
        return str(found)

    def _felt(self, stage: str | None, freq: str) -> pd.DataFrame:
        """Mean valence by period, of a stage or of all units."""
        used = "coded" if self.default_estimate() == "coded" else "automatic"
        units = self._found(used).units
        units = units[units["stage"].notna() if stage is None else units["stage"] == stage]
        at = units["feedback"].map(self._store.values_of("at"))
        dated = units[at.notna()].assign(stage="all")
        if not len(dated):
            raise NoEvidence("forecast of valence: no text of it has a date; bring at='…' in")
        starts = at.dropna().dt.to_period(freq).dt.start_time
        order = sorted(starts.unique())
        dated = dated.assign(stage=starts.dt.strftime("%Y-%m-%d"))
        keys = [stamp.strftime("%Y-%m-%d") for stamp in order]
        found = curve_of_units(dated.astype({"stage": "str"}), keys)
        return pd.DataFrame(
            {
                "at": order,
                "value": found["mean"],
                "low": found["low"],
                "high": found["high"],
            }
        )

    def _kpi_series(
        self, of: str, stage: str | None, segment: str | None, freq: str
    ) -> tuple[pd.DataFrame, str, float | None]:
        """A KPI's dated figures, completed by the interval that n allows."""
        figures = self._figures(freq)
        named = figures["kpi"].str.casefold() == of.strip().casefold()
        if not named.any():
            if of in {key for one in self.journey for key in (one.key, one.name(self.language))}:
                raise ArgumentError(
                    f"of={of!r} is a stage; to see what its valence will be, write "
                    f"study.forecast('valence', stage={of!r})"
                )
            raise UnknownName("KPI", of, [*figures["kpi"].unique().tolist(), "valence"])
        at_stage = figures["stage"].isna() if stage is None else figures["stage"] == stage
        rows = figures[named & at_stage & figures["at"].notna()]
        segments = rows["segment"].unique().tolist()
        wanted = segment if segment is not None else _first(segments)
        of_segment = rows["segment"].isna() if pd.isna(wanted) else rows["segment"] == wanted
        if segment is not None and not of_segment.any():
            raise UnknownName("segment", segment, [str(s) for s in segments if not pd.isna(s)])
        rows = rows[of_segment].copy()
        unit = rows["unit"].dropna()
        for place, row in rows[rows["low"].isna()].iterrows():
            n = row["n"] if pd.notna(row["n"]) else float("nan")
            unit_of = row["unit"] if pd.notna(row["unit"]) else None
            ends = interval_of(row["kpi"], row["value"], n, unit_of)
            rows.loc[place, ["low", "high"]] = ends
        targets = rows["target"].dropna()
        target = float(targets.iloc[-1]) if len(targets) else None
        return rows, str(unit.iloc[-1]) if len(unit) else "", target


def _bounds(kpi: str, unit: str, values: pd.Series[Any]) -> tuple[float, float]:
    """What a KPI's future cannot pass: the ends of its scale, unless its past did."""
    low, high = scale_of(kpi, unit or None) or (-np.inf, np.inf)
    inside = values.dropna().between(low, high).all()
    return (low, high) if inside else (-np.inf, np.inf)


def _first(segments: list[Any]) -> Any:
    """Figures of no segment where there are any, else the first segment's."""
    return next((s for s in segments if pd.isna(s)), segments[0] if segments else None)
