"""What stands in each lane of each stage: notes, counts, ideas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cjm_widgets.journeymap import cells
from cjm_widgets.journeymap.facts import EVIDENCE, LANES, Entry
from cjm_widgets.journeymap.ideas import fitting

if TYPE_CHECKING:
    import pandas as pd

    from cjm_widgets.model.journey import Journey, Stage

Lanes = dict[str, dict[str, list[Entry]]]
"""Stage to lane to entries."""

_OTHER_NAMES = {
    "goal": "goals",
    "expectations": "goals",
    "goals and expectations": "goals",
    "thought": "thoughts",
    "question": "thoughts",
    "questions": "thoughts",
    "touchpoint": "touchpoints",
    "channel": "touchpoints",
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


def lane_name(lane: str) -> str:
    """The key of a lane a user named; a name nobody knows is a lane of its own.

    >>> lane_name("Goal"), lane_name("Pain points"), lane_name("Legal")
    ('goals', 'pains', 'Legal')
    """
    plain = lane.strip()
    folded = plain.casefold()
    if folded in LANES and folded not in EVIDENCE:
        return folded
    return _OTHER_NAMES.get(folded, plain)


def written(notes: pd.DataFrame | None, top: Mapping[str, str]) -> Lanes:
    """Notes in lanes: columns `stage`, `lane`, `text`, optional `author` and `note` (its uid)."""
    made: Lanes = defaultdict(lambda: defaultdict(list))
    for row in cells.rows(notes):
        column, words = top.get(cells.text(row, "stage")), cells.text(row, "text")
        if column is not None and words:
            author, uid = cells.text(row, "author"), cells.text(row, "note")
            entry = Entry(words, "note", author=author, uid=uid)
            made[column][lane_name(cells.text(row, "lane"))].append(entry)
    return made


def described(stage: Stage, language: str) -> dict[str, list[Entry]]:
    """What the journey itself says of a stage: the customer's goal."""
    goal = stage.goal.get(language) or stage.goal.get("en") or next(iter(stage.goal.values()), "")
    return {"goals": [Entry(str(goal), "journey")]} if goal else {}


def ideas(stage: Stage, language: str) -> dict[str, list[Entry]]:
    """What is typical of such a stage; stands only where there is nothing of one's own."""
    lists = {"touchpoints": "touchpoints", "pains": "difficulties", "opportunities": "remedies"}
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
    """All sources in one: notes before counts; ideas in empty lanes, and beside the pain points
    they fit."""
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
            _beside_pains(lanes, typical)
            for source in (described(stage, language), typical):
                for lane, entries in source.items():
                    if not lanes.get(lane):
                        lanes[lane] = entries
        made[column] = {lane: entries for lane, entries in lanes.items() if entries}
    return _with_shares(made)


def _beside_pains(lanes: dict[str, list[Entry]], typical: dict[str, list[Entry]]) -> None:
    """Say of each idea which pain point it fits; it stands there if people wrote their own."""
    pains = [entry.text for entry in lanes.get("pains", ()) if entry.origin != "idea"]
    remedies = [entry.text for entry in typical.get("opportunities", ())]
    fits = fitting(pains, remedies)
    answer_to = {idea: pain for pain, found in fits.items() for idea in found}
    if not lanes.get("opportunities") and answer_to:
        typical["opportunities"] = sorted(
            (replace(e, fits=answer_to.get(e.text, "")) for e in typical["opportunities"]),
            key=lambda entry: not entry.fits,
        )
        return
    lanes["pains"] = [
        entry
        for pain in lanes.get("pains", ())
        for entry in (pain, *(Entry(i, "idea", fits=pain.text) for i in fits.get(pain.text, ())))
    ]


def _with_shares(lanes: Lanes) -> Lanes:
    """Each count as a share of the lane's largest, and of all mentions of the lane."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0])
    for found in lanes.values():
        for lane, entries in found.items():
            counts[lane] += [entry.n or 0 for entry in entries]
    return {
        stage: {
            lane: [
                entry
                if not entry.n
                else replace(
                    entry, share=entry.n / max(counts[lane]), voice=entry.n / sum(counts[lane])
                )
                for entry in _in_order(entries)
            ]
            for lane, entries in found.items()
        }
        for stage, found in lanes.items()
    }


def _in_order(entries: list[Entry]) -> list[Entry]:
    """What people wrote first, then by size; an idea stays beside what it fits."""
    sizes = {entry.text: entry.n or 0 for entry in entries if not entry.fits}

    def place(entry: Entry) -> tuple[bool, int, str, bool]:
        what = entry.fits if entry.fits in sizes else entry.text
        size = sizes.get(what, 0)
        beside = bool(entry.fits) if entry.fits in sizes else not entry.fits
        return size > 0, -size, what.casefold() if size else "", beside

    return sorted(entries, key=place)
