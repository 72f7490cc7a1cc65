"""From a study's evidence to the facts of a map, of all texts or of some."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from cjm_widgets.errors import NoEvidence
from cjm_widgets.journeymap import JourneyMap, Overlay, Point, Wishes, build
from cjm_widgets.measure.curve import curve_of_units
from cjm_widgets.measure.kpi_segments import of_group
from cjm_widgets.measure.kpis import latest
from cjm_widgets.model.journey import Journey
from cjm_widgets.study.evidence import evidence
from cjm_widgets.study.evidence.evidence import Evidence
from cjm_widgets.words import say

if TYPE_CHECKING:
    from cjm_widgets.model.codebook import Codebook
    from cjm_widgets.store import Store

CANDIDATES = 400
"""Predicted passages per stage from which quotes are chosen, and candidates under a filter."""
MOST_CODED = 2_000
"""Coded passages per stage from which quotes are chosen."""
MANY_CODED = 50_000
"""Coded passages beyond which quotes are chosen from `CANDIDATES` per stage, too."""
FILTERED_QUOTES = 60
"""Quotes of a map under a filter."""
HOURS = {
    "early-morning": (5, 8),
    "morning": (8, 12),
    "midday": (12, 14),
    "afternoon": (14, 18),
    "evening": (18, 22),
    "night": (22, 5),
}
"""Stages of the preset ``day`` and the hours they stand for."""


@dataclass(frozen=True)
class Frames:
    """The frames of a study that maps are made of; what is slow is read once."""

    store: Store
    journey: Journey
    codebook: Codebook
    found: Evidence
    language: str
    figures: pd.DataFrame
    notes: pd.DataFrame
    made: datetime = field(default_factory=lambda: datetime.now(UTC).replace(tzinfo=None))

    @cached_property
    def codings(self) -> pd.DataFrame:
        """Passages without their words, which are read of quotes only."""
        said = self.found.said
        if said is None:
            said = evidence.judged(self.store, self.journey)
        return evidence.with_codes(self.store, said)

    @cached_property
    def about(self) -> pd.DataFrame:
        """Respondent, date, channel, touchpoint and language of every text."""
        return self.store.about()

    @cached_property
    def _kpis(self) -> dict[tuple[str, ...], tuple[pd.DataFrame, pd.DataFrame]]:
        return {}

    def kpis(self, group: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """All figures of a group of customers, and the newest; most filters have the same."""
        known = set(self.figures["segment"].str.strip().str.casefold().dropna())
        called = tuple(sorted({name.strip().casefold() for name in group} & known))
        if called not in self._kpis:
            figures = of_group(self.figures, called, [say("study.of_comments", self.language)])
            self._kpis[called] = figures, latest(figures)
        return self._kpis[called]

    def by_hour(self) -> Frames:
        """The same on the stages of a day, by the hour at which each text was given.

        Raises
        ------
        NoEvidence
            If no text's date has a time of day.
        """
        at = self.about["at"].dropna()
        if not len(at) or bool((at == at.dt.normalize()).all()):
            raise NoEvidence(
                "a day in the life needs times of day, and the texts' dates have none; give the "
                'study a day\'s stages instead: study.set_journey("day")'
            )
        of_hour = {h % 24: key for key, (a, b) in HOURS.items() for h in range(a, b + 24 * (b < a))}
        stages = at.dt.hour.map(of_hour).astype("str")
        found = dataclasses.replace(
            self.found,
            units=_moved(self.found.units, stages),
            places=_everywhere(_moved(self.found.places, stages), stages),
        )
        changed = dataclasses.replace(
            self,
            journey=Journey.preset("day"),
            found=found,
            figures=self.figures[self.figures["stage"].isna()],
            notes=self.notes.head(0),
        )
        # A cached value may be set beforehand: these codings are the same, at other stages.
        changed.__dict__["codings"] = _moved(self.codings, stages)
        changed.__dict__["about"] = self.about
        return changed


def _moved(frame: pd.DataFrame, stages: pd.Series[str]) -> pd.DataFrame:
    """The same at the hours' stages; what is at no stage counts where its text has nothing else."""
    placed = frame["feedback"].map(stages).astype("str")
    staged = frame["stage"].notna()
    alone = ~frame["feedback"].isin(frame.loc[staged, "feedback"])
    made = frame.assign(stage=placed.where(staged | alone))
    return made.drop_duplicates(["feedback", "stage"]) if "valence" not in frame else made


def _everywhere(places: pd.DataFrame, stages: pd.Series[str]) -> pd.DataFrame:
    """With the texts that had no stage: at which hour they were given is known of them too."""
    others = stages[~stages.index.isin(places["feedback"])]
    added = pd.DataFrame({"feedback": others.index, "stage": others.to_numpy(), "predicted": False})
    return pd.concat([places, added.astype({"stage": "str"})], ignore_index=True)


@dataclass(frozen=True, slots=True)
class Part:
    """Which texts a map is of, and how it is headed."""

    numbers: pd.Index[Any] | None = None
    """Numbers of the texts; None for all."""
    title: str = ""
    persona: str = ""
    ideas: bool = True
    group: tuple[str, ...] = ()
    """What its customers are called as a segment of KPIs."""
    quotes: bool = True
    """Whether quotes are chosen, which takes as long as all the rest."""


def facts_of(frames: Frames, part: Part, wishes: Wishes, estimate: str) -> JourneyMap:
    """The facts of a map.

    Raises
    ------
    NoEvidence
        If a calibrated curve of these texts cannot be given.
    """
    found = _some(frames.found, part.numbers)
    codings = _only(frames.codings, part.numbers)
    journey = frames.journey
    units = found.units
    if not wishes.opened:
        found = dataclasses.replace(found, units=_folded(units, journey))
    chosen: pd.DataFrame | None = None
    sizes: dict[str, int] = {}
    if part.quotes:
        chosen, sizes = _quotes(frames, found, codings, wishes, part.numbers is not None)
    figures, newest = frames.kpis(part.group)
    return build(
        journey,
        evidence.curve(journey, found),
        title=part.title,
        language=frames.language,
        estimate=estimate,
        scorer=found.scorer,
        quotes=chosen,
        codings=codings,
        codebook=frames.codebook,
        touchpoints=_places(frames, found, "touchpoint"),
        channels=_places(frames, found, "channel"),
        kpis=newest,
        kpi_history=figures,
        notes=frames.notes,
        totals=_totals(frames, found, codings, part.numbers),
        persona=part.persona,
        ideas=part.ideas,
        most_quotes=1000 if part.numbers is None else FILTERED_QUOTES,
        made=frames.made,
        wishes=dataclasses.replace(wishes, candidates=sizes),
    )


def overlay(frames: Frames, numbers: pd.Index[Any], name: str, facts: JourneyMap) -> Overlay:
    """The curve of some texts at the stages of a map."""
    found = _some(frames.found, numbers)
    if any(column.parts for column in facts.stages):
        found = dataclasses.replace(found, units=_folded(found.units, frames.journey))
    columns = [column.key for column in facts.stages]
    if found.estimate == "calibrated":
        curve = evidence.curve(frames.journey, found)
    else:
        kept = found.units[found.units["stage"].isin(columns) | found.units["stage"].isna()]
        curve = curve_of_units(kept, columns)
    rows = {str(row["stage"]): row for row in curve.to_dict("records")}
    points = tuple(_point(key, rows.get(key, {})) for key in columns)
    who = found.units.loc[found.units["valence"].notna(), "respondent"].nunique()
    return Overlay(name, points, sum(point.n for point in points), int(who))


def _point(stage: str, row: Mapping[Any, Any]) -> Point:
    def number(name: str) -> float | None:
        value = row.get(name)
        return None if value is None or pd.isna(value) else float(value)

    sizes = int(row.get("n", 0)), int(row.get("respondents", 0))
    return Point(stage, number("mean"), number("low"), number("high"), *sizes)


def _only(frame: pd.DataFrame, numbers: pd.Index[Any] | None) -> pd.DataFrame:
    return frame if numbers is None else frame[frame["feedback"].isin(numbers)]


def _some(found: Evidence, numbers: pd.Index[Any] | None) -> Evidence:
    if numbers is None:
        return found
    units, places = _only(found.units, numbers), _only(found.places, numbers)
    return dataclasses.replace(found, units=units, places=places)


def _folded(units: pd.DataFrame, journey: Journey) -> pd.DataFrame:
    """Units of whole stages: what was said of two sub-stages of one stage counts once."""
    tops = {stage.key: journey.top_of(stage.key) for stage in journey}
    folded = units.assign(stage=units["stage"].map(tops).astype("str"))
    once = ["feedback", "respondent", "stage"]
    if not folded.duplicated(once).any():
        return folded
    means = folded.groupby(once, dropna=False, sort=False)["valence"].transform("mean")
    return folded.assign(valence=means).drop_duplicates(once)


def _quotes(
    frames: Frames, found: Evidence, codings: pd.DataFrame, wishes: Wishes, filtered: bool
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Passages that quotes are chosen from, with who said them, where and when; and how many
    there are of each stage."""
    coded = found.estimate == "coded"
    rows = codings[codings["stage"].notna()] if coded else found.places
    sizes = {str(key): int(n) for key, n in rows["stage"].value_counts().items()}
    few = coded and not filtered and len(rows) <= MANY_CODED
    most = MOST_CODED if few else CANDIDATES
    kept = _even(rows, most)
    if coded:
        pinned = frames.store.coding_numbers(u for u, chosen in wishes.pins.items() if chosen)
        also = rows["coding"].isin(list(pinned.values())) & ~rows.index.isin(kept.index)
        kept = pd.concat([rows[also], kept])
        named = ["number", "passage", "uid", "memo", "source", "source_id"]
        words = frames.store.whole_codings(kept["coding"])[named]
        made = kept.merge(words, left_on="coding", right_on="number", how="inner")
        return _with_about(frames, made.drop(columns=["number", "respondent"])), sizes
    texts = frames.store.texts(kept["feedback"])[["feedback", "source_id", "text"]]
    made = kept.merge(texts, on="feedback")
    made["stop"] = made["stop"].clip(upper=made["text"].str.len())
    spans = list(zip(made["text"], made["start"], made["stop"], strict=True))
    numbers = zip(made["feedback"], made["start"], made["stop"], strict=True)
    made = made.assign(
        passage=[text[start:stop] for text, start, stop in spans],
        uid=[f"{feedback}:{start}-{stop}" for feedback, start, stop in numbers],
    )
    felt = found.units[["feedback", "stage", "valence"]].dropna(subset=["stage"])
    felt = felt.drop_duplicates(["feedback", "stage"])
    made = made.drop(columns="text").merge(felt, on=["feedback", "stage"], how="left")
    return _with_about(frames, made), sizes


def _even(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """An even sample of each stage, always the same; nothing is cut out of other texts."""
    by_stage = rows.groupby("stage", sort=False)
    step = -(-by_stage["stage"].transform("size") // most)
    return rows[by_stage.cumcount() % step == 0]


def _with_about(frames: Frames, rows: pd.DataFrame) -> pd.DataFrame:
    about = frames.about.reindex(rows["feedback"]).reset_index(drop=True)
    # Texts without an id of their own are known by their place, which tells a reader nothing.
    own = rows["source_id"].where(~rows["source_id"].str.startswith("~"), "")
    return pd.concat([rows.assign(source_id=own).reset_index(drop=True), about], axis=1)


def _places(frames: Frames, found: Evidence, column: str) -> pd.DataFrame:
    """Texts of each stage that came by each touchpoint or channel: stage, column, n, valence."""
    units = found.units.dropna(subset=["stage"])
    counted = units.assign(**{column: units["feedback"].map(frames.about[column])})
    groups = counted.dropna(subset=[column]).groupby(["stage", column], observed=True, sort=False)
    return groups.agg(n=("feedback", "nunique"), valence=("valence", "mean")).reset_index()


def _totals(
    frames: Frames, found: Evidence, codings: pd.DataFrame, numbers: pd.Index[Any] | None
) -> dict[str, Any]:
    about = frames.about if numbers is None else frames.about.reindex(numbers)
    who = about["respondent"]
    people: int | None = None
    # Where no text says whose it is, nobody knows how many people spoke.
    if who.notna().any():
        # One alone: in all of a study a text without respondent counts as one.
        people = int(who.nunique()) + (int(who.isna().sum()) if numbers is None else 0)
    passages = frames.store.passages() if numbers is None else len(codings)
    texts, first, last = len(about), about["at"].min(), about["at"].max()
    return {
        "respondents": people,
        "passages": passages,
        "texts": texts,
        "first": first,
        "last": last,
        "without_stage": found.without_stage,
    }
