"""In which order lanes stand, what they are called, and which lines part them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cjm_widgets.journeymap.facts import BACKSTAGE, LANES, JourneyMap, Kind

QUIET = ("channels",)
"""Lanes that stand on a map only where somebody asks for them."""
_FRONT = ("touchpoints", "channels")
"""On a blueprint: where customer and company meet, below the line of interaction."""
_SUPPORT = ("systems", "data", "spend")
"""On a blueprint: what supports those who work backstage."""
_BLUEPRINT = ("actions", "touchpoints", "backstage", "teams", "campaigns", "systems", "data")
"""Lanes that stand on a blueprint even where they are empty."""


@dataclass(frozen=True, slots=True)
class Lane:
    """What somebody chose for a lane."""

    key: str
    title: str = ""
    """What it is called; empty for its usual name."""
    before: str = ""
    """Lane it stands above; empty for its usual place."""
    hidden: bool | None = None
    """Whether it is left out; None for as usual."""
    backstage: bool | None = None
    """Whether it stands below the line of visibility; None for as usual."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Lanes as they are to be drawn."""

    lanes: tuple[str, ...]
    names: dict[str, str]
    below: tuple[str, ...]


def arranged(
    present: Iterable[str], choices: Sequence[Lane] = (), kind: Kind = "current"
) -> Arrangement:
    """The lanes that have content, in order, with what people chose for them.

    Parameters
    ----------
    present
        Lanes with content; on a blueprint those that belong there are added.
    choices
        The later ones go before the earlier ones.
    kind
        Of the map.
    """
    chosen = {choice.key: choice for choice in choices}
    there = set(present) | (set(_BLUEPRINT) if kind == "blueprint" else set())
    shown = {lane for lane in there if not _hidden(lane, chosen.get(lane), kind)}
    # A lane of one's own is shown as soon as it is made, so that it can be filled.
    shown |= {key for key, choice in chosen.items() if key not in LANES and not choice.hidden}
    below = [lane for lane in BACKSTAGE if _below(lane, chosen.get(lane))]
    below += [lane for lane in _others(there, chosen) if _below(lane, chosen.get(lane))]
    order = [lane for lane in LANES if lane not in below]
    order += [lane for lane in _others(there, chosen) if lane not in below]
    order = _placed([*order, *below], choices, below)
    return Arrangement(
        tuple(lane for lane in order if lane in shown),
        {key: choice.title for key, choice in chosen.items() if choice.title},
        tuple(lane for lane in order if lane in below),
    )


def _hidden(lane: str, choice: Lane | None, kind: Kind) -> bool:
    if choice is not None and choice.hidden is not None:
        return choice.hidden
    return lane in QUIET and kind != "blueprint"


def _below(lane: str, choice: Lane | None) -> bool:
    if choice is not None and choice.backstage is not None:
        return choice.backstage
    return lane in BACKSTAGE


def _others(there: set[str], chosen: dict[str, Lane]) -> list[str]:
    """Lanes of one's own: those that were made by name first, then those only notes know."""
    made = [key for key in chosen if key not in LANES]
    return [*made, *sorted(there - set(LANES) - set(made))]


def _placed(order: list[str], choices: Sequence[Lane], below: list[str]) -> list[str]:
    """The order after every wish for a place; a lane never crosses the line of visibility."""
    for choice in choices:
        beside = choice.before in order and (choice.key in below) == (choice.before in below)
        if choice.key in order and choice.key != choice.before and beside:
            order.remove(choice.key)
            order.insert(order.index(choice.before), choice.key)
    return order


def sections(facts: JourneyMap) -> list[tuple[str, tuple[str, ...]]]:
    """Lanes between the map's lines, from top to bottom.

    Returns
    -------
    list
        Each the key of the line above (``""`` for none, ``interaction``, ``visibility``,
        ``internal``; the words stand under ``map.lines``) and the lanes below it. A line
        without lanes is left out.
    """
    below = set(facts.below)
    front = [lane for lane in facts.lanes if lane not in below]
    back = [lane for lane in facts.lanes if lane in below]
    if facts.kind != "blueprint":
        parts = [("", front), ("visibility", back)]
    else:
        parts = [
            ("", [lane for lane in front if lane not in _FRONT]),
            ("interaction", [lane for lane in front if lane in _FRONT]),
            ("visibility", [lane for lane in back if lane not in _SUPPORT]),
            ("internal", [lane for lane in back if lane in _SUPPORT]),
        ]
    return [(line, tuple(lanes)) for line, lanes in parts if lanes]


def lane_of(key: str, body: dict[str, Any]) -> Lane:
    """A choice from a study's document."""
    return Lane(
        key,
        str(body.get("title") or ""),
        str(body.get("before") or ""),
        body.get("hidden"),
        body.get("backstage"),
    )
