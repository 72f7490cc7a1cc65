"""PPTX: the map as slides of native text, tables and charts."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

from cjm_widgets.export.atomic import written_bytes
from cjm_widgets.export.options import Options, facts_of
from cjm_widgets.export.slides import figures, overview, stage
from cjm_widgets.export.slides.deck import Deck
from cjm_widgets.journeymap.facts import JourneyMap

__all__ = ["presentation", "write"]


def write(what: Any, target: Path, options: Options) -> list[Path]:
    """One presentation."""
    facts = facts_of(what)
    made = presentation(replace(facts, language=options.language or facts.language))
    with written_bytes(target) as file:
        file.write(made)
    return [target]


def presentation(facts: JourneyMap) -> bytes:
    """The map as slides: the whole, then a slide a stage, then KPIs and method.

    Up to seven stages stand on one slide of the whole. All texts can be edited, the curve is
    a chart with its numbers, and colours are the presentation's theme colours. What is too
    long for its place ends with ``…``.

    Raises
    ------
    MissingExtra
        If python-pptx is not installed.
    """
    deck = Deck(facts.title)
    overview.add(deck, facts)
    for column in facts.stages:
        stage.add(deck, facts, column)
    figures.add(deck, facts)
    out = io.BytesIO()
    deck.made.save(out)
    return out.getvalue()
