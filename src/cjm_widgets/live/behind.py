"""What is behind a figure of the dashboard: passages with their sources, or a KPI's periods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cjm_widgets.journeymap.facts import JourneyMap, KpiPanel, Quote, StageColumn
from cjm_widgets.view.parts import cards
from cjm_widgets.view.parts.map_evidence import Evidence
from cjm_widgets.words import say

MOST = 200
"""Passages that are listed; the count says how many there are."""


def behind(
    facts: JourneyMap,
    evidence: Evidence,
    *,
    stage: str = "",
    number: int | None = None,
    ref: str = "",
    kpi: str = "",
) -> dict[str, Any]:
    """The passages of a stage, of a code or touchpoint there, or the periods of a KPI.

    Parameters
    ----------
    facts, evidence
        What is shown, and the numbers of what leads to passages.
    stage
        Key; of another stage than the map's, nothing is found.
    number
        What was clicked, as the cell numbers it.
    ref
        The same by its lasting name, such as ``code:late``.
    kpi
        ``name|segment|stage`` of a KPI.

    Returns
    -------
    dict
        ``title``, ``told`` (how many), ``rows``, ``history`` (period and figure), ``ref``, all
        texts to be shown as they are.
    """
    context = cards.Context(facts.language, lane_names=facts.lane_names)
    named = {n: name for name, n in evidence.names.items()}
    ref = named.get(number, "") if number is not None else ref
    column = next((c for c in facts.stages if c.key == stage), None)
    panel = dict(_panels(facts)).get(kpi)
    history = [] if panel is None else context.history(panel)
    quotes = [] if column is None or (panel and not panel.stage) else _bearing(column, ref)
    return {
        "title": _title(facts, evidence, column, ref, panel),
        "told": _told(facts, evidence, column, ref, len(quotes)),
        "rows": [_row(quote, context) for quote in quotes[:MOST]],
        "history": [list(pair) for pair in history],
        "ref": ref,
    }


def _panels(facts: JourneyMap) -> Iterator[tuple[str, KpiPanel]]:
    """KPIs by what their button says."""
    every = [*facts.kpis, *(panel for column in facts.stages for panel in column.kpis)]
    for panel in every:
        yield f"{panel.name}|{panel.segment}|{panel.stage or ''}", panel


def _bearing(column: StageColumn, ref: str) -> list[Quote]:
    if not ref:
        return list(column.quotes)
    kind, _, name = ref.partition(":")
    if kind == "code":
        return [quote for quote in column.quotes if name in quote.codes]
    return [quote for quote in column.quotes if getattr(quote, kind, "") == name]


def _title(
    facts: JourneyMap,
    evidence: Evidence,
    column: StageColumn | None,
    ref: str,
    panel: KpiPanel | None,
) -> str:
    parts = [] if column is None else [f"{column.number} {column.name}"]
    if ref in evidence.names:
        parts.append(evidence.titles[evidence.names[ref]])
    if panel is not None:
        parts.append(f"{panel.name} ({panel.segment})" if panel.segment else panel.name)
    return " · ".join(parts) or facts.title


def _told(
    facts: JourneyMap, evidence: Evidence, column: StageColumn | None, ref: str, found: int
) -> str:
    """How many passages are listed, out of how many."""
    words = facts.language
    if column is None:
        return ""
    if not found:
        hidden = facts.quotes == "hidden"
        return say("map.quotes_hidden" if hidden else "dashboard.no_passages", words)
    shown = min(found, MOST)
    if ref:
        place = facts.stages.index(column)
        counted = evidence.sizes.get(f"{place}:{evidence.names.get(ref, -1)}", shown)
        return say("map.behind", words, shown=shown, n=counted)
    if column.quotes_total > shown:
        return say("map.quotes_chosen", words, n=shown, total=column.quotes_total)
    return say("map.quotes_of", words, n=shown)


def _row(quote: Quote, context: cards.Context) -> dict[str, Any]:
    return {
        "text": context.quoted(quote.text, quote.language),
        "lang": context.lang(quote),
        "feeling": context.feeling(quote.valence),
        "tone": context.tone(quote.valence),
        "source": context.full_source(quote),
        "memo": quote.memo,
        "feedback": quote.feedback,
        "uid": quote.uid,
    }
