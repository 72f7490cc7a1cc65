"""What stands around the dashboard's map, in words: heading, figures, panels, messages."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from cjm_widgets.journeymap.build import ESTIMATES
from cjm_widgets.journeymap.facts import JourneyMap
from cjm_widgets.live.source import LaneItem
from cjm_widgets.view.maps import map_page
from cjm_widgets.view.parts import cards, figures, marks
from cjm_widgets.view.parts.brand import Brand
from cjm_widgets.view.parts.theme import declarations
from cjm_widgets.words import say


@functools.cache
def sheet() -> str:
    """The style of the KPI panels, for a shadow root of their own."""
    return cards.static("kpis.css")


def colours(brand: Brand) -> dict[str, str]:
    """The palette as CSS declarations, light and dark, with a house's own laid over it."""
    return {
        mode: declarations(mode) + brand.fixed(mode, "").strip("{}") for mode in ("light", "dark")
    }


def face(facts: JourneyMap, brand: Brand, lanes: Sequence[LaneItem]) -> dict[str, Any]:
    """Everything but the map itself, as JSON carries it.

    Parameters
    ----------
    facts
        What is shown, after privacy.
    brand
        A house's own colours and font.
    lanes
        What the menu of lanes lists.
    """
    language = facts.language
    page = map_page.made(facts, map_page.Setting(language, "auto", brand, "across"))
    parts: Any = cards.environment().get_template("parts.html").module
    return {
        "title": facts.title,
        "facts": _facts_line(facts),
        "estimate": facts.estimate,
        "estimates": [
            {"key": key, "name": say(f"map.estimate.{key}", language)} for key in ESTIMATES
        ],
        "warning": page.warning,
        "notes": page.notes,
        "kpis": str(parts.kpi_row(page, clickable=True)) if page.panels else "",
        "sheet": sheet(),
        "colours": colours(brand),
        "stages": [
            {"key": column.key, "name": f"{column.number} {column.name}"} for column in facts.stages
        ],
        "spoken": marks.spoken(facts.stages, language),
        "rows": _rows(facts),
        "lanes": [{"key": lane.key, "title": lane.title, "hidden": lane.hidden} for lane in lanes],
    }


def _rows(facts: JourneyMap) -> list[list[str]]:
    """The curve in words, for those who do not see it."""
    language = facts.language
    return [
        [
            f"{column.number} {column.name}",
            figures.valence(column.mean, language),
            marks.interval(column, language),
            marks.evidence(column, language),
        ]
        for column in facts.stages
    ]


def _facts_line(facts: JourneyMap) -> str:
    """How much the map rests on, in short; the dashboard says itself how fresh it is."""
    totals = facts.totals
    counted = (
        ("respondents", totals.respondents),
        ("passages", totals.passages),
        ("texts", totals.texts),
    )
    return ", ".join(say(f"map.facts.{name}", facts.language, n=n) for name, n in counted if n)
