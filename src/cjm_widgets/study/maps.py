"""Verbs that draw the map and share it."""

from __future__ import annotations

import dataclasses
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cjm_widgets.errors import UnknownName
from cjm_widgets.export import write
from cjm_widgets.journeymap import JourneyMap, Privacy, build, share
from cjm_widgets.journeymap.privacy import aliases
from cjm_widgets.measure.kpis import latest
from cjm_widgets.study import evidence
from cjm_widgets.study.collecting import Collecting
from cjm_widgets.study.curves import Curves
from cjm_widgets.study.evidence import Evidence
from cjm_widgets.study.scoring import Scoring
from cjm_widgets.text.redaction import redact
from cjm_widgets.view.map_view import MapView

if TYPE_CHECKING:
    from cjm_widgets.view.theme import Theme

WORDS = ["passage", "memo"]
"""Columns of codings that hold what customers said, or coders about it."""
CANDIDATES = 400
"""Predicted passages per stage from which quotes are chosen."""


class Maps(Collecting, Curves, Scoring):
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
        return MapView(share(facts, self._salted()), language=self.language, theme=theme)

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
        return self._salted(now) if chosen else now

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
        target = Path(path).expanduser()
        if target.suffix.lower() == ".csv":
            return write(self._tables(estimate), target)
        if target.suffix.lower() != ".html":
            # Said before the map is made, which takes a while in a large study.
            raise UnknownName("kind of file", target.suffix or str(path), (".csv", ".html"))
        return write(self.map(estimate=estimate), target)

    def _facts(
        self, title: str | None, estimate: str | None, scorer: str | None, ideas: bool
    ) -> JourneyMap:
        used, found = self._chosen(estimate, scorer)
        journey = self.journey
        codings = evidence.current(self._store.codings(), journey)
        figures = self._figures()
        notes = self.notes()
        totals = self._store.totals()
        return build(
            journey,
            evidence.curve(journey, found),
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
                # Where no text says whose it is, nobody knows how many people spoke.
                "respondents": totals.respondents if self._store.respondents() else None,
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
        # An even sample of each stage, always the same; nothing is cut out of other texts.
        rank = found.places.groupby("stage", sort=False).cumcount()
        size = found.places.groupby("stage", sort=False)["stage"].transform("size")
        places = found.places[rank % -(-size // CANDIDATES) == 0]
        texts = self._store.texts(places["feedback"])
        rows = places.merge(texts, on="feedback")
        rows["passage"] = [
            text[start:stop]
            for text, start, stop in zip(rows["text"], rows["start"], rows["stop"], strict=True)
        ]
        units = found.units[["feedback", "stage", "valence"]].dropna(subset=["stage"])
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
        privacy = self._salted()
        if estimate is None and not self._store.scorers():
            # What has not been scored is still worth a table of codings; that is no choice of
            # an estimate, which the study would keep.
            journey = self._ensure_journey()
            curve = evidence.curve(journey, evidence.coded(self._store, journey))
        else:
            curve = self.curve(estimate).frame
        return {
            "codings": self._shared(self._store.codings(), privacy),
            "scores": self.scores(),
            "curve": curve,
            "kpis": self._figures(),
        }

    def _shared(self, codings: pd.DataFrame, privacy: Privacy) -> pd.DataFrame:
        """Codings as others may see them: what a map would not show is not in them."""
        made = codings.copy()
        people = set(made["respondent"].dropna())
        alias = aliases(people, privacy)
        made["respondent"] = made["respondent"].map(alias, na_action="ignore")
        # Where a text's id is its respondent, or tells as much, it is no way round.
        made["source_id"] = [
            alias(key) if key in people else redact(key, "en") if privacy.redact else key
            for key in made["source_id"]
        ]
        if privacy.respondents == "hide":
            made = made.drop(columns="respondent")
        if privacy.quotes == "hide":
            return made.drop(columns=WORDS)
        if privacy.minimum > 1:
            who = codings["respondent"].fillna("text " + codings["feedback"].astype("str"))
            counted = who.groupby(codings["stage"], dropna=False).transform("nunique")
            made = made.assign(
                **{name: made[name].mask(counted < privacy.minimum) for name in WORDS}
            )
        if privacy.redact:
            told = made["feedback"].map(self._store.values_of("language")).astype("str")
            spoken = told.fillna(self.language)
            for name in WORDS:
                pairs = zip(made[name], spoken, strict=True)
                plain = [redact(t, code) if isinstance(t, str) else None for t, code in pairs]
                made[name] = pd.array(plain, dtype="str")
        return made
