"""From a study's evidence to the facts of a map, of all texts or of some."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cjm_widgets.errors import NoEvidence
from cjm_widgets.journeymap import JourneyMap, Overlay, Point, Wishes, build
from cjm_widgets.journeymap.gather import Pool, pools
from cjm_widgets.measure.curves.curve import curve_of_units
from cjm_widgets.measure.kpis.kpi_segments import of_group
from cjm_widgets.measure.kpis.kpis import latest
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
_LASTING = ("about", "asked", "_named", "_kpis")
"""Cached frames that do not rest on codings."""


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


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
    remember: Callable[[str, Callable[[], Any]], Any] = lambda _, make: make()
    """Keeps what was read under a name until the study changes."""
    made: datetime = field(default_factory=_now)

    @cached_property
    def codings(self) -> pd.DataFrame:
        """Passages without their words, which are read of quotes only."""
        said = self.found.said

        def read() -> pd.DataFrame:
            rows = evidence.judged(self.store, self.journey) if said is None else said
            return evidence.with_codes(self.store, rows)

        made: pd.DataFrame = self.remember("codes", read)
        return made

    @cached_property
    def about(self) -> pd.DataFrame:
        """Respondent, date, channel, touchpoint and language of every text."""
        made: pd.DataFrame = self.remember("about", self.store.about)
        return made

    def named(self, column: str) -> tuple[NDArray[np.int64], Any]:
        """A column of `about` as numbers, −1 for none, and what they stand for."""
        if column not in self._named:
            codes, names = pd.factorize(self.about[column])
            self._named[column] = codes.astype(np.int64), names.array
        return self._named[column]

    @cached_property
    def _named(self) -> dict[str, tuple[NDArray[np.int64], Any]]:
        return {}

    @cached_property
    def asked(self) -> dict[str, Any]:
        """How many people gave how many texts, and when."""
        who = self.about["respondent"]
        # A text without respondent counts as one, unless no text says whose it is.
        people = int(who.nunique()) + int(who.isna().sum()) if who.notna().any() else None
        return {"respondents": people, **_spanned(self.about)}

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

    def with_units(self, units: pd.DataFrame) -> Frames:
        """The same with other units; what does not rest on codings is not read again."""
        found = dataclasses.replace(self.found, units=units)
        made = dataclasses.replace(self, found=found, made=_now())
        # Cached values may be set beforehand.
        made.__dict__.update({n: self.__dict__[n] for n in _LASTING if n in self.__dict__})
        return made

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


@dataclass(frozen=True, slots=True)
class Counts:
    """What a map's figures are, before they are put in their places."""

    curve: pd.DataFrame
    codings: pd.DataFrame
    """Codings with their codes; or codes by stage, counted already."""
    touchpoints: pd.DataFrame
    channels: pd.DataFrame
    quotes: Mapping[str, Pool]
    sizes: Mapping[str, int]
    """Passages of each stage, of which the quotes may be a sample."""
    totals: Mapping[str, Any]


def facts_of(frames: Frames, part: Part, wishes: Wishes) -> JourneyMap:
    """The facts of a map.

    Raises
    ------
    NoEvidence
        If a calibrated curve of these texts cannot be given.
    """
    found = _some(frames.found, part.numbers)
    codings = _only(frames.codings, part.numbers)
    if not wishes.opened:
        found = dataclasses.replace(found, units=_folded(found.units, frames.journey))
    quotes, sizes = _quotes(frames, found, codings, part, wishes.pins) if part.quotes else ({}, {})
    counts = Counts(
        evidence.curve(frames.journey, found),
        codings,
        places_of(frames, found.units, "touchpoint"),
        places_of(frames, found.units, "channel"),
        quotes,
        sizes,
        _totals(frames, found, codings, part.numbers),
    )
    return drawn(frames, part, wishes, counts)


def _quotes(
    frames: Frames, found: Evidence, codings: pd.DataFrame, part: Part, pins: Mapping[str, bool]
) -> tuple[Mapping[str, Pool], dict[str, int]]:
    """Quotes to choose from, and how many passages there are, of each stage."""
    coded = found.estimate == "coded"
    rows = codings[codings["stage"].notna()] if coded else found.places
    if coded:
        most = weighed(len(rows)) if part.numbers is None else CANDIDATES
        quotes = coded_quotes(frames, rows, most, pins)
    else:
        quotes = _told_quotes(frames, found, _even(rows, CANDIDATES))
    sizes = {str(key): int(n) for key, n in rows["stage"].value_counts().items()}
    return pools(quotes, pins), sizes


def drawn(frames: Frames, part: Part, wishes: Wishes, counts: Counts) -> JourneyMap:
    """The facts of a map whose figures are known."""
    figures, newest = frames.kpis(part.group)
    return build(
        frames.journey,
        counts.curve,
        title=part.title,
        language=frames.language,
        estimate=frames.found.estimate,
        scorer=frames.found.scorer,
        quotes=counts.quotes,
        codings=counts.codings,
        codebook=frames.codebook,
        touchpoints=counts.touchpoints,
        channels=counts.channels,
        kpis=newest,
        kpi_history=figures,
        notes=frames.notes,
        totals=counts.totals,
        persona=part.persona,
        ideas=part.ideas,
        most_quotes=1000 if part.numbers is None else FILTERED_QUOTES,
        made=frames.made,
        wishes=dataclasses.replace(wishes, candidates=counts.sizes),
    )


def weighed(passages: int) -> int:
    """Passages of each stage that are weighed as quotes, of so many coded ones."""
    return MOST_CODED if passages <= MANY_CODED else CANDIDATES


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


def _told_quotes(frames: Frames, found: Evidence, kept: pd.DataFrame) -> pd.DataFrame:
    """Scored passages, with their words, who said them, where and when."""
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
    return _with_about(frames, made)


def coded_quotes(
    frames: Frames, rows: pd.DataFrame, most: int, pins: Mapping[str, bool]
) -> pd.DataFrame:
    """Codings that are weighed as quotes, with their words, who said them, where and when: of
    each stage an even sample and what is pinned."""
    kept = _even(rows, most)
    if pinned := frames.store.coding_numbers(uid for uid, chosen in pins.items() if chosen):
        also = rows["coding"].isin(list(pinned.values())) & ~rows.index.isin(kept.index)
        kept = pd.concat([rows[also], kept])
    made = kept.merge(frames.store.quoted(kept["coding"]), on="coding", how="inner")
    return _with_about(frames, made.drop(columns="respondent"))


def _even(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """An even sample of each stage, always the same; nothing is cut out of other texts."""
    stage, names = pd.factorize(rows["stage"])
    places = [np.flatnonzero(stage == number) for number in range(len(names))]
    kept = [some[:: -(-len(some) // most)] for some in places]
    return rows.iloc[np.sort(np.concatenate([[], *kept]).astype(np.int64))]


def _with_about(frames: Frames, rows: pd.DataFrame) -> pd.DataFrame:
    about = frames.about.reindex(rows["feedback"]).reset_index(drop=True)
    # Texts without an id of their own are known by their place, which tells a reader nothing.
    own = rows["source_id"].where(~rows["source_id"].str.startswith("~"), "")
    return pd.concat([rows.assign(source_id=own).reset_index(drop=True), about], axis=1)


def places_of(frames: Frames, units: pd.DataFrame, column: str) -> pd.DataFrame:
    """Texts of each stage that came by each touchpoint or channel: stage, column, n, valence."""
    units = units[units["stage"].notna()]
    known, names = frames.named(column)
    row = frames.about.index.get_indexer(pd.Index(units["feedback"]))
    stage, stages = pd.factorize(units["stage"])
    place, width = np.where(row < 0, -1, known[row]), max(len(names), 1)
    told = np.flatnonzero(place >= 0)
    group, groups = pd.factorize(stage[told] * width + place[told])
    # A text of several speakers counts once.
    _, first = np.unique(group * (len(frames.about) + 1) + row[told], return_index=True)
    valence = units["valence"].to_numpy(dtype=np.float64)[told]
    felt = np.isfinite(valence)
    sums = np.bincount(group[felt], valence[felt], minlength=len(groups))
    with np.errstate(invalid="ignore"):
        means = sums / np.bincount(group[felt], minlength=len(groups))
    return pd.DataFrame(
        {
            "stage": pd.Series(stages, dtype="str").array.take(groups // width),
            column: names.take(groups % width),
            "n": np.bincount(group[first], minlength=len(groups)),
            "valence": means,
        }
    )


def _totals(
    frames: Frames, found: Evidence, codings: pd.DataFrame, numbers: pd.Index[Any] | None
) -> dict[str, Any]:
    if numbers is None:
        return totals_of(frames, found)
    some = frames.about.reindex(numbers)
    who = some["respondent"]
    # Where no text says whose it is, nobody knows how many people spoke.
    people = int(who.nunique()) if who.notna().any() else None
    told = {"respondents": people, "passages": len(codings)}
    return told | _spanned(some) | {"without_stage": found.without_stage}


def totals_of(frames: Frames, found: Evidence) -> dict[str, Any]:
    """How much all of a study's map rests on."""
    told = {**frames.asked, "passages": frames.store.passages()}
    return told | {"without_stage": found.without_stage}


def _spanned(about: pd.DataFrame) -> dict[str, Any]:
    return {"texts": len(about), "first": about["at"].min(), "last": about["at"].max()}
