"""What stands in each lane of each stage: codes counted, places counted, notes, ideas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cjm_widgets.journeymap import cells
from cjm_widgets.journeymap.facts import BACKSTAGE, LANES, Entry

if TYPE_CHECKING:
    import pandas as pd

    from cjm_widgets.model.codebook import Codebook
    from cjm_widgets.model.journey import Journey, Stage

Lanes = dict[str, dict[str, list[Entry]]]
"""Stage to lane to entries."""

LANE_OF_KIND = {
    "touchpoint": "touchpoints",
    "pain": "pains",
    "emotion": "emotions",
    "opportunity": "opportunities",
    "theme": "themes",
}
"""Kind of code to the lane where its counts stand."""

_OTHER_NAMES = {
    "goal": "goals",
    "touchpoint": "touchpoints",
    "channel": "touchpoints",
    "channels": "touchpoints",
    "action": "actions",
    "pain": "pains",
    "pain points": "pains",
    "obstacle": "obstacles",
    "motivation": "motivations",
    "opportunity": "opportunities",
    "theme": "themes",
    "emotion": "emotions",
    "team": "teams",
    "system": "systems",
    "campaign": "campaigns",
}
_NO_NOTES = ("quotes", "curve", "kpis")


def lane_name(lane: str) -> str:
    """The key of a lane a user named; a name nobody knows is a lane of its own.

    >>> lane_name("Goal"), lane_name("Pain points"), lane_name("Legal")
    ('goals', 'pains', 'Legal')
    """
    plain = lane.strip()
    folded = plain.casefold()
    if folded in LANES and folded not in _NO_NOTES:
        return folded
    return _OTHER_NAMES.get(folded, plain)


def counted_codes(
    codings: pd.DataFrame | None, codebook: Codebook, top: Mapping[str, str]
) -> Lanes:
    """Different texts per stage and code, in the lanes of the codes' kinds.

    Parameters
    ----------
    codings
        Columns `stage`, `feedback` and `codes` (keys joined by ``'; '``), a coding a row; or,
        counted already, `stage`, `code` and `n`.
    codebook
        Gives names and kinds; a code it does not hold counts as a theme.
    top
        Key of a stage to the column it is drawn in.
    """
    if codings is None or not len(codings):
        return {}
    counts: dict[tuple[str, str], int]
    if {"code", "n"} <= set(codings.columns):
        counts = defaultdict(int)
        for row in cells.rows(codings):
            column = top.get(cells.text(row, "stage"))
            if column is not None:
                counts[column, cells.text(row, "code")] += cells.integer(row, "n") or 0
    else:
        frame = codings[["stage", "feedback", "codes"]].dropna(subset=["stage", "codes"])
        frame = frame[frame["codes"] != ""].assign(
            column=lambda f: f["stage"].map(top), code=lambda f: f["codes"].str.split(";")
        )
        frame = frame.dropna(subset=["column"]).explode("code")
        frame["code"] = frame["code"].str.strip()
        frame = frame[frame["code"] != ""].drop_duplicates(["column", "code", "feedback"])
        sizes = frame.groupby(["column", "code"], sort=True).size()
        counts = {
            (str(column), str(code)): int(n)
            for (column, code), n in zip(sizes.index, sizes.to_list(), strict=True)
        }
    known = {code.key: code for code in codebook}
    made: Lanes = defaultdict(lambda: defaultdict(list))
    for (stage, key), n in counts.items():
        code = known.get(key)
        lane = LANE_OF_KIND[code.kind if code else "theme"]
        made[stage][lane].append(Entry(code.name if code else key, "coded", n, key=key))
    return _by_size(made)


def counted_places(frames: Iterable[pd.DataFrame | None], top: Mapping[str, str]) -> Lanes:
    """Touchpoints and channels with their volume, in the lane of touchpoints.

    Parameters
    ----------
    frames
        Each with `stage`, `n` and either `touchpoint` or `channel`.
    top
        Key of a stage to the column it is drawn in.
    """
    made: Lanes = defaultdict(lambda: defaultdict(list))
    for frame in frames:
        if frame is None:
            continue
        name = "touchpoint" if "touchpoint" in frame.columns else "channel"
        counts: dict[tuple[str, str], int] = defaultdict(int)
        for row in cells.rows(frame):
            column, place = top.get(cells.text(row, "stage")), cells.text(row, name)
            if column is not None and place:
                counts[column, place] += cells.integer(row, "n") or 0
        for (column, place), n in counts.items():
            made[column]["touchpoints"].append(Entry(place, "counted", n))
    return _by_size(made)


def written(notes: pd.DataFrame | None, top: Mapping[str, str]) -> Lanes:
    """Notes in lanes: columns `stage`, `lane`, `text`, optional `author`."""
    made: Lanes = defaultdict(lambda: defaultdict(list))
    for row in cells.rows(notes):
        column, words = top.get(cells.text(row, "stage")), cells.text(row, "text")
        if column is not None and words:
            entry = Entry(words, "note", author=cells.text(row, "author"))
            made[column][lane_name(cells.text(row, "lane"))].append(entry)
    return made


def described(stage: Stage, language: str) -> dict[str, list[Entry]]:
    """What the journey itself says of a stage: the customer's goal."""
    goal = stage.goal.get(language) or stage.goal.get("en") or next(iter(stage.goal.values()), "")
    return {"goals": [Entry(str(goal), "journey")]} if goal else {}


def ideas(stage: Stage, language: str) -> dict[str, list[Entry]]:
    """What is typical of such a stage; stands only where there is nothing of one's own."""
    lists = {"touchpoints": "touchpoints", "opportunities": "remedies"}
    return {
        lane: [Entry(idea, "idea") for idea in found]
        for lane, what in lists.items()
        if (found := stage.listed(what, language))
    }


def merged(
    journey: Journey,
    columns: Iterable[str],
    language: str,
    *parts: Lanes,
    with_ideas: bool = True,
) -> Lanes:
    """All sources in one, notes before counts, ideas last and only in empty lanes."""
    known = {stage.key: stage for stage in journey}
    made: Lanes = {}
    for column in columns:
        lanes: dict[str, list[Entry]] = defaultdict(list)
        for part in parts:
            for lane, entries in part.get(column, {}).items():
                present = {entry.text.casefold() for entry in lanes[lane]}
                lanes[lane] += [e for e in entries if e.text.casefold() not in present]
        stage = known.get(column)
        if stage is not None:
            typical = ideas(stage, language) if with_ideas else {}
            for source in (described(stage, language), typical):
                for lane, entries in source.items():
                    if not lanes.get(lane):
                        lanes[lane] = entries
        made[column] = {lane: entries for lane, entries in lanes.items() if entries}
    return _with_shares(made)


def order(lanes: Lanes, also: Iterable[str]) -> tuple[str, ...]:
    """Lanes with content, from top to bottom; unknown ones stand above the backstage."""
    present = {lane for found in lanes.values() for lane in found} | set(also)
    own = sorted(present - set(LANES))
    front = [lane for lane in LANES if lane in present and lane not in BACKSTAGE]
    return (*front, *own, *(lane for lane in BACKSTAGE if lane in present))


def _by_size(lanes: Lanes) -> Lanes:
    return {
        stage: {
            lane: sorted(entries, key=lambda entry: (-(entry.n or 0), entry.text.casefold()))
            for lane, entries in found.items()
        }
        for stage, found in lanes.items()
    }


def _with_shares(lanes: Lanes) -> Lanes:
    largest: dict[str, int] = defaultdict(int)
    for found in lanes.values():
        for lane, entries in found.items():
            largest[lane] = max([largest[lane], *(entry.n or 0 for entry in entries)])
    return {
        stage: {
            lane: [
                entry if not entry.n else replace(entry, share=entry.n / largest[lane])
                # What people wrote first, then by size, wherever it was counted.
                for entry in sorted(entries, key=lambda e: (e.n is not None, -(e.n or 0)))
            ]
            for lane, entries in found.items()
        }
        for stage, found in lanes.items()
    }
