"""Verbs that draw the map and share it."""

from __future__ import annotations

import dataclasses
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from cjm_widgets.export import write
from cjm_widgets.journeymap import JourneyMap, Privacy, build, share
from cjm_widgets.measure.curve import curve_of_units
from cjm_widgets.measure.kpis import latest
from cjm_widgets.study import evidence
from cjm_widgets.study.collecting import Collecting
from cjm_widgets.study.curves import Curves
from cjm_widgets.study.evidence import Evidence
from cjm_widgets.view.map_view import MapView

if TYPE_CHECKING:
    from cjm_widgets.view.theme import Theme

CANDIDATES = 400
"""Predicted passages per stage from which quotes are chosen."""


class Maps(Collecting, Curves):
    """The journey map, privacy, files."""

    def map(
        self,
        *,
        title: str | None = None,
        estimate: str | None = None,
        scorer: str | None = None,
        ideas: bool = True,
        theme: Theme = "auto",
    ) -> MapView:
        """The journey map with its KPI panels.

        Parameters
        ----------
        title
            Above the map; the study's name by default.
        estimate, scorer
            What the emotion curve rests on: see `curve`.
        ideas
            Whether the journey's typical touchpoints and remedies stand, marked as ideas, in
            lanes that are empty.
        theme
            ``auto`` follows the reader's system; ``light`` or ``dark`` stay.

        Returns
        -------
        MapView
            Shows itself, with and without a kernel; `page()` is the offline HTML page,
            `frames` the facts, `layout()` the map in Bokeh. What `privacy` hides is not in it.
        """
        facts = self._facts(title, estimate, scorer, ideas)
        return MapView(share(facts, self._privacy()), language=self.language, theme=theme)

    def privacy(
        self,
        *,
        quotes: str | None = None,
        respondents: str | None = None,
        redact: bool | None = None,
        minimum: int | None = None,
    ) -> Privacy:
        """What maps, drawn or exported, may show; the choice is kept with the study.

        Parameters
        ----------
        quotes
            ``"show"`` or ``"hide"``.
        respondents
            ``"show"``, ``"pseudonym"`` or ``"hide"``: how they are named beside their words.
        redact
            Whether e-mail addresses, telephone numbers and the like are blacked out in quotes.
        minimum
            Stages with fewer respondents show no quotes.

        Returns
        -------
        Privacy
            What holds now; without arguments nothing changes.

        Raises
        ------
        UnknownName, ArgumentError
            If a choice is none of the above.
        """
        given = {"quotes": quotes, "respondents": respondents, "redact": redact, "minimum": minimum}
        chosen = {name: value for name, value in given.items() if value is not None}
        now = dataclasses.replace(self._privacy(), **chosen)  # type: ignore[arg-type]  # it checks
        if chosen:
            if not now.salt:
                now = dataclasses.replace(now, salt=secrets.token_hex(16))
            self._store.set_setting("privacy", dataclasses.asdict(now))
        return now

    def export(self, path: str | os.PathLike[str], *, estimate: str | None = None) -> list[Path]:
        """Write the study's map or tables; the suffix picks what.

        Parameters
        ----------
        path
            ``.html``: the map as one offline page. ``.csv``: a file each for codings, scores,
            curve and KPIs beside one another, ``study.codings.csv`` and so on.
        estimate
            What the curve rests on: see `curve`.

        Returns
        -------
        list of Path
            The files written.

        Raises
        ------
        UnknownName
            If no writer knows the suffix.
        ArgumentError
            If the folder does not exist.

        Notes
        -----
        Tables obey `privacy` too: with hidden quotes they hold no words, and respondents are
        named as on the map.
        """
        target = Path(path)
        if target.suffix.lower() == ".csv":
            return write(self._tables(estimate), target)
        return write(self.map(estimate=estimate), target)

    def _privacy(self) -> Privacy:
        return Privacy(**(self._store.setting("privacy") or {}))

    def _facts(
        self, title: str | None, estimate: str | None, scorer: str | None, ideas: bool
    ) -> JourneyMap:
        used = self._choose(estimate)
        found = self._evidence(used, scorer)
        journey = self.journey
        codings = self._store.codings()
        figures = self._figures()
        notes = self.notes()
        totals = self._store.totals()
        return build(
            journey,
            curve_of_units(found.units, evidence.order(journey)),
            title=title or self.name,
            language=self.language,
            estimate=used,
            scorer=found.scorer,
            quotes=self._quotes(found, codings),
            codings=codings,
            codebook=self.codebook,
            touchpoints=self._places(found, "touchpoint"),
            channels=self._places(found, "channel"),
            kpis=latest(figures),
            kpi_history=figures,
            notes=notes,
            totals={
                "respondents": totals.respondents,
                "passages": totals.codings,
                "texts": totals.texts,
                "first": totals.first,
                "last": totals.last,
                "without_stage": found.without_stage,
            },
            ideas=ideas,
            made=datetime.now(UTC).replace(tzinfo=None),
        )

    def _quotes(self, found: Evidence, codings: pd.DataFrame) -> pd.DataFrame:
        """Passages that quotes are chosen from, with who said them, where and when."""
        if found.estimate == "coded":
            spoken = codings[codings["stage"].notna()]
            texts = self._about(spoken["feedback"])
            columns = ["feedback", "stage", "passage", "valence", "coder", "respondent"]
            return spoken[columns].merge(texts.drop(columns="respondent"), on="feedback")
        places = pd.concat(
            part.iloc[:: -(-len(part) // CANDIDATES)]
            for _, part in found.places.groupby("stage", sort=False)
        )
        texts = self._store.texts(places["feedback"])
        rows = places.merge(texts, on="feedback")
        rows["passage"] = [
            text[start:stop]
            for text, start, stop in zip(rows["text"], rows["start"], rows["stop"], strict=True)
        ]
        units = found.units[["feedback", "stage", "valence"]].dropna(subset=["stage"])
        rows["stage"] = rows["stage"].map(self.journey.top_of).astype("str")
        return rows.drop(columns="text").merge(units, on=["feedback", "stage"], how="left")

    def _about(self, numbers: pd.Series[int]) -> pd.DataFrame:
        """Respondent, date, channel and language of some texts, by number."""
        about = {name: self._store.values_of(name) for name in ("respondent", "at", "channel")}
        about["language"] = self._store.values_of("language")
        wanted = pd.Index(numbers.unique(), name="feedback")
        return pd.DataFrame({name: s.reindex(wanted) for name, s in about.items()}).reset_index()

    def _places(self, found: Evidence, column: str) -> pd.DataFrame:
        """How many texts of each stage came by each touchpoint or channel: stage, column, n."""
        units = found.units.dropna(subset=["stage"])
        values = units["feedback"].map(self._store.values_of(column))
        counted = units.assign(**{column: values}).dropna(subset=[column])
        sizes = counted.groupby(["stage", column], observed=True, sort=False)["feedback"].nunique()
        return sizes.rename("n").reset_index()

    def _tables(self, estimate: str | None) -> dict[str, pd.DataFrame]:
        privacy = self._privacy()
        codings = self._store.codings()
        if privacy.quotes == "hide":
            codings = codings.drop(columns=["passage", "memo"])
        if privacy.respondents != "show":
            codings = codings.drop(columns="respondent")
        scores = [
            self._store.scores(name, "text", version) for name, version in self._store.scorers()
        ]
        kpis: Any = self._figures()
        return {
            "codings": codings,
            "scores": pd.concat(scores, ignore_index=True) if scores else pd.DataFrame(),
            "curve": self.curve(estimate).frame,
            "kpis": kpis,
        }
