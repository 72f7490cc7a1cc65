"""The facts of a map while people code: what a coding touches is counted anew, the rest stays."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from cjm_widgets.journeymap import JourneyMap, Privacy, Wishes, share
from cjm_widgets.journeymap.counts import code_counts
from cjm_widgets.journeymap.facts import Quote
from cjm_widgets.journeymap.gather import Pool, pools
from cjm_widgets.measure.curves.units import coded_units
from cjm_widgets.store.contents.touched import Touched
from cjm_widgets.study.evidence import evidence
from cjm_widgets.study.maps.map_facts import (
    Counts,
    Frames,
    Part,
    coded_quotes,
    drawn,
    places_of,
    totals_of,
    weighed,
)

NOWHERE = ""
"""Stands for the stage of what has none."""
ALONE = "text "
"""How the units of a text without respondent begin to name it."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Shown:
    """The quotes of a stage, and what others may see of them."""

    whole: tuple[Quote, ...]
    few: bool
    """Whether too few people are behind the stage."""
    quotes: tuple[Quote, ...]


class Living:
    """A map of what people coded, kept up to date text by text.

    It is what a map made from the beginning would be: a text counts in its own stages only, so
    that only these are counted anew; the curve is computed of all units.

    Parameters
    ----------
    frames
        Of the coded estimate; see `suits`.
    part
        All texts.
    wishes
        With sub-stages opened.
    """

    def __init__(self, frames: Frames, part: Part, wishes: Wishes) -> None:
        self._part, self._wishes = part, wishes
        self._frames = frames.with_units(frames.found.units)
        self._said = _by_stage(frames.codings)
        self._units = _by_stage(frames.found.units)
        self._no_codings, self._no_units = frames.codings.head(0), frames.found.units.head(0)
        self._most = self._weighed()
        self._codes = self._touchpoints = self._channels = pd.DataFrame({"stage": []}, dtype="str")
        self._pools: dict[str, Pool] = {}
        self._privacy = Privacy()
        self._shown: dict[str, _Shown] = {}
        self._count(set(self._said) - {NOWHERE})

    @staticmethod
    def suits(frames: Frames, wishes: Wishes) -> bool:
        """Whether a map of these can be kept up to date."""
        return (
            frames.found.estimate == "coded"
            and wishes.opened
            # What stands for a missing respondent depends on all the others' names.
            and not _alone(frames.codings)
        )

    def take(self, since: Touched) -> bool:
        """Read some codings again; False if everything must be read."""
        frames, store = self._frames, self._frames.store
        if since.codings is None:
            return False
        fresh = evidence.judged(store, frames.journey, texts=since.texts)
        if _alone(fresh):
            return False
        numbers = list(store.coding_numbers(since.codings).values())
        units = _by_stage(coded_units(fresh))
        said = _by_stage(evidence.with_codes(store, fresh, since.texts))
        stages = {
            key
            for some in (self._said, said)
            for key, rows in some.items()
            if rows["coding"].isin(numbers).any()
        }
        for key in stages | {NOWHERE}:
            self._said[key] = _spliced(self._said, said, key, since.texts, self._no_codings)
            self._units[key] = _spliced(self._units, units, key, since.texts, self._no_units)
        self._frames = frames.with_units(pd.concat(self._units.values(), ignore_index=True))
        most = self._weighed()
        if most != self._most:
            self._most, stages = most, set(self._said)
        self._count(stages - {NOWHERE})
        return True

    def facts(self, privacy: Privacy) -> JourneyMap:
        """The map as others may see it; its privacy has a salt."""
        frames = self._frames
        curve = evidence.curve(frames.journey, frames.found)
        counts = Counts(
            curve,
            self._codes,
            self._touchpoints,
            self._channels,
            self._pools,
            {key: len(rows) for key, rows in self._said.items() if key != NOWHERE},
            totals_of(frames, frames.found),
        )
        return self._shared(drawn(frames, self._part, self._wishes, counts), privacy)

    def _weighed(self) -> int:
        return weighed(sum(len(rows) for key, rows in self._said.items() if key != NOWHERE))

    def _count(self, stages: set[str]) -> None:
        """Count some stages anew."""
        frames, pins = self._frames, self._wishes.pins
        of = pd.concat([self._no_units, *(self._units[key] for key in sorted(stages))])
        here = pd.concat([self._no_codings, *(self._said[key] for key in sorted(stages))])
        codes = code_counts(here, {key: key for key in stages})
        self._codes = _renewed(self._codes, codes, stages)
        touchpoints = places_of(frames, of, "touchpoint")
        self._touchpoints = _renewed(self._touchpoints, touchpoints, stages)
        self._channels = _renewed(self._channels, places_of(frames, of, "channel"), stages)
        fresh = pools(coded_quotes(frames, here, self._most, pins), pins)
        self._pools = {k: pool for k, pool in self._pools.items() if k not in stages} | fresh

    def _shared(self, whole: JourneyMap, privacy: Privacy) -> JourneyMap:
        """The same as others may see it; of quotes that are as they were nothing is done again."""
        if privacy != self._privacy:
            self._privacy, self._shown = privacy, {}
        few = {column.key: column.respondents < privacy.minimum for column in whole.stages}
        known = {
            column.key: shown.quotes
            for column in whole.stages
            if (shown := self._shown.get(column.key)) is not None
            and shown.whole is column.quotes
            and shown.few == few[column.key]
        }
        bare = tuple(
            dataclasses.replace(column, quotes=()) if column.key in known else column
            for column in whole.stages
        )
        made = share(dataclasses.replace(whole, stages=bare), privacy)
        stages = tuple(
            dataclasses.replace(column, quotes=known.get(column.key, column.quotes))
            for column in made.stages
        )
        self._shown = {
            column.key: _Shown(column.quotes, few[column.key], told.quotes)
            for column, told in zip(whole.stages, stages, strict=True)
        }
        return dataclasses.replace(made, stages=stages)


def _alone(codings: pd.DataFrame) -> bool:
    return bool(codings["respondent"].str.startswith(ALONE).any())


def _by_stage(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    parts = {str(key): rows for key, rows in frame.groupby("stage", sort=False)}
    return parts | {NOWHERE: frame[frame["stage"].isna()]}


def _spliced(
    known: Mapping[str, pd.DataFrame],
    fresh: Mapping[str, pd.DataFrame],
    key: str,
    texts: Collection[int],
    none: pd.DataFrame,
) -> pd.DataFrame:
    """What is known of a stage, by text, with the rows of some texts replaced."""
    before, now = known.get(key, none), fresh.get(key, none)
    stays = ~before["feedback"].isin(texts)
    if not len(now) and stays.all():
        return before
    both = pd.concat([before[stays], now], ignore_index=True)
    order = np.argsort(both["feedback"].to_numpy(), kind="stable")
    return both.iloc[order].reset_index(drop=True)


def _renewed(frame: pd.DataFrame, fresh: pd.DataFrame, stages: Collection[str]) -> pd.DataFrame:
    """A frame with the rows of some stages replaced."""
    kept = frame[~frame["stage"].isin(stages)]
    if not len(kept):
        return fresh
    return pd.concat([kept, fresh], ignore_index=True) if len(fresh) else kept
