"""The map as Markdown with tables and quotes, and as a Mermaid journey."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cjm_widgets.export.atomic import written
from cjm_widgets.export.options import Options, facts_of
from cjm_widgets.journeymap.facts import Entry, JourneyMap, StageColumn
from cjm_widgets.view.drawing import metrics
from cjm_widgets.view.drawing.cells import aim, compared, method
from cjm_widgets.view.maps.map_view import facts_line
from cjm_widgets.view.parts import marks
from cjm_widgets.view.parts.cards import Context

_SIGNS = re.compile(r"([\\`*_\[\]|~>$])")
_FIRST = re.compile(r"^(\d*)([-+#=.):])")
"""What opens a list or a heading where it comes first."""
_LINK = re.compile(r"(?i)(://|www\.)")
_KEPT = frozenset(" .,'’()–-/+!?€$&=")
"""Signs that mean nothing to Mermaid inside a name."""
QUOTES = 5
"""Quotes of a stage."""


def escaped(text: str) -> str:
    """A text that Markdown shows as it is: no markup, no HTML, no link.

    >>> escaped("*now* <b> | a_b")
    '\\\\*now\\\\* &lt;b\\\\> \\\\| a\\\\_b'
    """
    plain = metrics.plain(text).replace("&", "&amp;").replace("<", "&lt;")
    marked = _FIRST.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", plain))
    return _LINK.sub(lambda found: found[0].replace(":", "\\:").replace(".", "\\."), marked)


def write_markdown(what: Any, target: Path, options: Options) -> list[Path]:
    """One Markdown file in the dialect of GitHub."""
    facts = _in_language(facts_of(what), options)
    with written(target) as file:
        file.write(markdown(facts))
    return [target]


def write_mermaid(what: Any, target: Path, options: Options) -> list[Path]:
    """One Mermaid file; intervals, counts and quotes are not in it."""
    facts = _in_language(facts_of(what), options)
    with written(target) as file:
        file.write(mermaid(facts))
    return [target]


def _in_language(facts: JourneyMap, options: Options) -> JourneyMap:
    return replace(facts, language=options.language or facts.language)


def markdown(facts: JourneyMap) -> str:
    """The whole map as Markdown: KPIs, the curve, then each stage with its lanes and quotes."""
    context = Context(facts.language)
    parts = [f"# {escaped(facts.title)}", escaped(facts_line(facts, facts.language))]
    if facts.estimate == "automatic":
        parts.append(f"**{escaped(context.say('map.by.automatic'))}**")
    parts += [_kpis(facts, context), _kpi_notes(facts, context), _curve(facts, context)]
    for column in facts.stages:
        parts += _stage(facts, column, context)
    parts.append("---")
    parts.append(escaped(" ".join(method(facts, context))))
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], right: str = "") -> str:
    """A table; `right` tells by letters, ``r`` or other, which columns stand at the right."""
    told = [f"| {' | '.join(row)} |" for row in rows]
    if not told:
        return ""
    rule = ["---:" if right[i : i + 1] == "r" else "---" for i in range(len(heads))]
    return "\n".join([f"| {' | '.join(heads)} |", f"| {' | '.join(rule)} |", *told])


def _kpis(facts: JourneyMap, context: Context) -> str:
    names = {column.key: column.name for column in facts.stages}
    panels = [*facts.kpis, *(panel for column in facts.stages for panel in column.kpis)]
    heads = [context.say(f"kpi.columns.{name}") for name in ("kpi", "stage", "value", "n")]
    heads += [context.say(f"kpi.columns.{name}") for name in ("interval", "change", "target")]
    rows = []
    for panel, text in zip(panels, context.panels(tuple(panels)), strict=True):
        name = f"{text.name} ({text.segment})" if text.segment else text.name
        stage = names.get(panel.stage or "", panel.stage or "")
        count = "" if panel.n is None else context.number(round(panel.n))
        told = (name, stage, text.value_text, count, text.interval_text, text.change_text)
        rows.append([escaped(part) for part in (*told, text.target_text)])
    return _table(heads, rows, "  rr")


def _kpi_notes(facts: JourneyMap, context: Context) -> str:
    """Parts of an NPS, and where people feel otherwise than a figure says."""
    names = {column.key: f" ({column.number} {column.name})" for column in facts.stages}
    panels = [*facts.kpis, *(panel for column in facts.stages for panel in column.kpis)]
    told = []
    for panel, text in zip(panels, context.panels(tuple(panels)), strict=True):
        who = f" ({text.segment})" if text.segment else ""
        called = escaped(f"{text.name}{who}{names.get(panel.stage or '', '')}")
        said = (text.parts_text, text.contradiction)
        told += [f"- **{called}**: {escaped(words)}" for words in said if words]
    return "\n".join(told)


def _curve(facts: JourneyMap, context: Context) -> str:
    keys = ("stage", "mean", "interval", "evidence", "respondents")
    heads = [context.say(f"map.columns.{key}") for key in keys]
    rows = []
    for column in facts.stages:
        mean = context.valence(column.mean) or context.say("map.no_evidence")
        if column.stands_apart:
            mean = f"{mean} ({context.say('map.stands_apart')})"
        told = f"{column.number} {column.name}", mean, context.interval(column)
        people = context.number(column.respondents)
        rows.append([escaped(part) for part in (*told, context.evidence(column), people)])
    return _table(heads, rows, " r  r")


def _stage(facts: JourneyMap, column: StageColumn, context: Context) -> Iterator[str]:
    yield f"## {column.number} {escaped(column.name)}"
    said = [aim(column, facts.language), compared(column, facts.language)]
    yield escaped(" · ".join(part for part in said if part))
    for lane in facts.lanes:
        entries = column.lanes.get(lane, ())
        if not entries:
            continue
        name = facts.lane_names.get(lane) or context.lane_name(lane)
        yield f"**{escaped(name)}**"
        yield "\n".join(_entry(entry, context) for entry in entries)
    for quote in column.quotes[:QUOTES]:
        said_by = escaped(", ".join(context.full_source(quote)))
        source = f"\n>\n> – {said_by}" if said_by else ""
        yield f"> {escaped(context.quoted(quote.text, quote.language))}{source}"


def _entry(entry: Entry, context: Context) -> str:
    count = f" ({context.number(entry.n)})" if entry.n else ""
    if entry.origin == "idea":
        return f"- *{escaped(entry.text)}* ({escaped(context.say('map.idea'))})"
    return f"- {escaped(entry.text)}{count}"


def mermaid(facts: JourneyMap) -> str:
    """The map as a Mermaid journey: a section per stage, a step for its mean valence.

    A step's score is 3 + 2 × valence, rounded: 1 is very bad, 5 very good. Touchpoints that
    have a valence of their own are steps of their own. A stage without evidence has no step,
    since Mermaid knows no gap; a comment says so.
    """
    context = Context(facts.language)
    lines = [
        "journey",
        f"    %% {_name(context.say('export.mermaid'))}",
        f"    title {_name(facts.title) or 'map'}",
    ]
    for column in facts.stages:
        name = _name(f"{column.number} {column.name}")
        if column.mean is None:
            lines.append(f"    %% {name} {_name(marks.evidence(column, facts.language))}")
            continue
        lines.append(f"    section {name}")
        lines.append(f"      {_name(column.name) or name}: {score(column.mean)}")
        places = (entry for entry in column.lanes.get("touchpoints", ()) if _name(entry.text))
        lines += [
            f"      {_name(entry.text)}: {score(entry.valence)}"
            for entry in places
            if entry.valence is not None
        ]
    return "\n".join(lines) + "\n"


def score(valence: float) -> int:
    """A valence −1…1 on Mermaid's five faces.

    >>> score(-1), score(-0.24), score(0.35), score(1)
    (1, 3, 4, 5)
    """
    return min(5, max(1, int(3 + 2 * valence + 0.5)))


def _name(text: str) -> str:
    """A text without what Mermaid reads as its own: colons, semicolons, hashes, brackets."""
    kept = (
        mark if mark in _KEPT or unicodedata.category(mark)[0] in "LMN" else " "
        for mark in metrics.plain(text)
    )
    return " ".join("".join(kept).split())
