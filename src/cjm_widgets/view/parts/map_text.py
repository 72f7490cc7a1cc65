"""What stands around the map in words: what it rests on, what a reader must know of it."""

from __future__ import annotations

from cjm_widgets.journeymap.facts import JourneyMap, StageColumn
from cjm_widgets.view.parts import cards, figures
from cjm_widgets.words import say


def facts_line(facts: JourneyMap, language: str | None = None) -> str:
    """What the map rests on, in one line: period, respondents, passages, texts."""
    words = language or facts.language
    totals = facts.totals
    parts = [say(f"map.kinds.{facts.kind}", words)]
    parts += [say("map.persona", words, name=facts.persona)] if facts.persona else []
    if facts.compared_with:
        parts.append(say("map.compared_with", words, name=facts.compared_with))
    parts += [figures.span(totals.first, totals.last, words)]
    counted = (
        ("respondents", totals.respondents),
        ("passages", totals.passages),
        ("texts", totals.texts),
    )
    sizes = [say(f"map.facts.{name}", words, n=n) for name, n in counted if n]
    parts.append(", ".join(sizes))
    if facts.made is not None:
        parts.append(say("map.made", words, date=figures.day(facts.made.date(), words)))
    return " · ".join(part for part in parts if part)


def count(shown: int, total: int, context: cards.Context) -> str:
    if total > shown:
        return context.say("map.quotes_chosen", n=shown, total=total)
    return context.say("map.quotes_of", n=shown)


def no_quotes(facts: JourneyMap, context: cards.Context) -> str:
    if facts.quotes == "hidden":
        return context.say("map.quotes_hidden")
    if any(c.quotes_total for c in facts.stages) and facts.minimum > 1:
        return context.say("map.quotes_too_few", n=facts.minimum)
    return context.say("map.no_quotes")


def notes(facts: JourneyMap, context: cards.Context) -> list[str]:
    """What a reader must know of the curve: estimate, scorer, what was predicted or unknown."""
    totals = facts.totals
    told = [] if facts.estimate == "automatic" else [context.say(f"map.by.{facts.estimate}")]
    if facts.scorer and facts.estimate != "coded":
        told.append(context.say("map.scorer", name=facts.scorer))
    if totals.predicted:
        told.append(context.say("map.predicted", percent=context.percent(totals.predicted)))
    if totals.unknown:
        told.append(context.say("map.unknown", percent=context.percent(totals.unknown)))
    if totals.without_stage:
        told.append(context.say("map.without_stage", n=totals.without_stage))
    if facts.filtered and (facts.kpis or any(column.kpis for column in facts.stages)):
        told.append(context.say("map.kpis_of_all"))
    if facts.sampled:
        kept = sum(len(column.quotes) for column in facts.stages)
        told.append(context.say("map.sampled", n=kept, total=facts.sampled))
    if any(column.withheld for column in facts.stages):
        told.append(context.say("map.withheld_note", n=facts.minimum))
    gaps = [column.gap for column in facts.stages if column.gap is not None]
    if gaps:
        open_ = sum(gap > 0 for gap in gaps)
        told.append(context.say("map.legend.target", n=open_, total=len(gaps)))
    if facts.compared_with:
        told.append(context.say("map.legend.compared"))
    return told


def stage_count(facts: JourneyMap, column: StageColumn, shown: int, context: cards.Context) -> str:
    """How many quotes of a stage the page holds, or why none."""
    if shown:
        return count(shown, column.quotes_total, context)
    if facts.quotes == "hidden":
        return context.say("map.quotes_hidden")
    if column.quotes_total and column.respondents < facts.minimum:
        return context.say("map.quotes_too_few", n=facts.minimum)
    return context.say("map.no_quotes")
