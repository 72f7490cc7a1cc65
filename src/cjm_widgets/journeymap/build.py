"""Frames to a journey map's facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, cast

from cjm_widgets.errors import ArgumentError, FrameError, UnknownName
from cjm_widgets.journeymap import cells, lanes
from cjm_widgets.journeymap.facts import JourneyMap, KpiPanel, Quote, StageColumn, Totals
from cjm_widgets.journeymap.kpis import panels
from cjm_widgets.journeymap.quotes import choose
from cjm_widgets.model.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd

    from cjm_widgets.model.journey import Journey

ESTIMATES = ("coded", "automatic", "calibrated")
MOST_CANDIDATES = 2_000
"""Quotes weighed per stage."""


def build(
    journey: Journey,
    curve: pd.DataFrame,
    *,
    title: str | None = None,
    language: str = "en",
    estimate: str = "coded",
    scorer: str = "",
    quotes: pd.DataFrame | None = None,
    codings: pd.DataFrame | None = None,
    codebook: Codebook | None = None,
    touchpoints: pd.DataFrame | None = None,
    channels: pd.DataFrame | None = None,
    kpis: pd.DataFrame | None = None,
    kpi_history: pd.DataFrame | None = None,
    notes: pd.DataFrame | None = None,
    totals: Mapping[str, Any] | None = None,
    persona: str = "",
    ideas: bool = True,
    most_quotes: int = 1000,
    made: datetime | None = None,
) -> JourneyMap:
    """Every fact of a journey map, from frames.

    Parameters
    ----------
    journey
        Its stages are the columns, in order. A stage whose sub-stages have evidence gives
        way to them. A stage that only the frames know comes last, under its key.
    curve
        Columns of `model.columns.CURVE`, a stage a row; optional `share_negative`,
        `share_neutral`, `share_positive`, `unknown`, `predicted`, `largest` (all shares 0…1),
        `grade` (``solid``, ``thin``, ``none``), `stands_apart`.
    title, persona
        Shown as they are; the title is the journey's name by default.
    language
        ``en`` or ``fr``: which names of stages, goals and ideas are taken.
    estimate
        ``coded``, ``automatic`` or ``calibrated``: what the curve rests on.
    scorer
        Name and version of the scorer, where one was used.
    quotes
        Candidates: `stage` and `text` or `passage`; optional `valence`, `respondent`,
        `channel`, `at`, `language`, `coder`, `feedback`, `predicted`.
    codings, codebook
        For the lanes of pain points, touchpoints, opportunities, emotions and themes: see
        `lanes.counted_codes`. A code is counted once per text.
    touchpoints, channels
        Volumes: `stage`, `touchpoint` or `channel`, `n`. Channels stand in where a stage has
        no touchpoint.
    kpis, kpi_history
        See `kpis.panels`.
    notes
        `stage`, `lane`, `text`, optional `author`.
    totals
        `respondents`, `passages`, `texts`, `first`, `last`, `without_stage`; all optional.
    ideas
        Whether a preset's typical touchpoints and remedies stand, marked, in empty lanes.
    most_quotes
        Quotes kept on the whole map, shared out evenly between the stages.
    made
        When the facts were computed.

    Raises
    ------
    FrameError
        If a frame lacks a column it must have.
    ArgumentError, UnknownName
        If there is no stage at all, or the estimate is unknown.
    """
    if estimate not in ESTIMATES:
        raise UnknownName("estimate", estimate, ESTIMATES)
    _need(curve, ("stage", "n", "mean"), "curve")
    _need(quotes, ("stage",), "quotes")
    _need(notes, ("stage", "lane", "text"), "notes")
    if codings is not None and not {"code", "n"} <= set(codings.columns):
        _need(codings, ("stage", "feedback", "codes"), "codings")
    figures = {cells.text(row, "stage"): row for row in cells.rows(curve)}
    top = _columns(journey, figures, quotes)
    shown = list(dict.fromkeys(top.values()))
    if not shown:
        raise ArgumentError(
            "a map needs at least one stage: give the journey stages, such as "
            'Journey.of("Search", "Buy", "Use")'
        )
    counted = lanes.counted_codes(codings, codebook or Codebook(), top)
    places = lanes.counted_places([touchpoints], top)
    for key, found in lanes.counted_places([channels], top).items():
        if not places.get(key) and not counted.get(key, {}).get("touchpoints"):
            places[key] = found
    content = lanes.merged(
        journey, shown, language, lanes.written(notes, top), places, counted, with_ideas=ideas
    )
    measured = panels(kpis, kpi_history)
    chosen, candidates = _quotes(quotes, top, shown, figures, most_quotes)
    names = {stage.key: stage.name(language) for stage in journey}
    columns = tuple(
        _column(
            key,
            names.get(key, key),
            place,
            row=figures.get(key, {}),
            content={lane: tuple(entries) for lane, entries in content[key].items()},
            quotes=chosen[key],
            candidates=candidates[key],
            kpis=tuple(panel for panel in measured if panel.stage and top.get(panel.stage) == key),
        )
        for place, key in enumerate(shown, start=1)
    )
    also = ["curve"]
    also += ["quotes"] if any(column.quotes for column in columns) else []
    also += ["kpis"] if any(column.kpis for column in columns) else []
    return JourneyMap(
        title=(title or journey.name(language)).strip(),
        language=language if language == "fr" else "en",
        estimate=estimate,
        scorer=scorer,
        stages=columns,
        # A KPI of a stage that the map does not show would be lost without this.
        kpis=tuple(panel for panel in measured if not panel.stage or panel.stage not in top),
        lanes=lanes.order(content, also),
        totals=_totals(totals or {}, columns),
        persona=persona,
        made=made,
    )


def _need(frame: pd.DataFrame | None, names: tuple[str, ...], where: str) -> None:
    if frame is None:
        return
    for name in names:
        if name not in frame.columns:
            raise FrameError(
                f"journeymap.build: the frame {where!r} lacks the column {name!r}; it has: "
                f"{', '.join(map(str, frame.columns))}"
            )


def _columns(
    journey: Journey, figures: Mapping[str, cells.Row], quotes: pd.DataFrame | None
) -> dict[str, str]:
    """Key of each stage to the column it is drawn in, in the order of the columns."""
    seen = {key for key, row in figures.items() if key and (cells.integer(row, "n") or 0) > 0}
    if quotes is not None:
        seen |= {str(key) for key in quotes["stage"].dropna().unique()}
    top: dict[str, str] = {}
    for stage in journey.top:
        parts = journey.parts(stage.key)
        if not any(part.key in seen for part in parts):
            top[stage.key] = stage.key
            top |= {part.key: stage.key for part in parts}
            continue
        if stage.key in seen:
            top[stage.key] = stage.key
        top |= {part.key: part.key for part in parts}
        top.setdefault(stage.key, parts[0].key)
    unknown = [key for key in figures if key in seen and key not in top]
    return top | {key: key for key in unknown}


def _quotes(
    frame: pd.DataFrame | None,
    top: Mapping[str, str],
    shown: list[str],
    figures: Mapping[str, cells.Row],
    most: int,
) -> tuple[dict[str, tuple[Quote, ...]], dict[str, int]]:
    """The quotes of each column, and how many there were to choose from."""
    found: dict[str, list[Quote]] = defaultdict(list)
    sizes = dict.fromkeys(shown, 0)
    for column, row in _candidates(frame, top, sizes):
        words = cells.text(row, "passage") or cells.text(row, "text")
        if not words:
            continue
        found[column].append(
            Quote(
                text=words,
                short=words,
                valence=cells.number(row, "valence"),
                respondent=cells.text(row, "respondent"),
                channel=cells.text(row, "channel"),
                at=cells.day(row.get("at")),
                language=cells.text(row, "language"),
                coder=cells.text(row, "coder"),
                feedback=cells.integer(row, "feedback"),
                predicted=cells.flag(row, "predicted"),
            )
        )
    rooms = _shared_out({key: len(found[key]) for key in shown}, most)
    chosen = {
        key: choose(found[key], cells.number(figures.get(key, {}), "mean"), most=rooms[key])
        for key in shown
    }
    return chosen, sizes


def _candidates(
    frame: pd.DataFrame | None, top: Mapping[str, str], sizes: dict[str, int]
) -> Iterator[tuple[str, cells.Row]]:
    """Column and row of each candidate; of very many, an even sample that is always the same."""
    if frame is None or not len(frame):
        return
    column = frame["stage"].map(top)
    for key, part in frame.groupby(column, sort=False):
        sizes[str(key)] = len(part)
        step = -(-len(part) // MOST_CANDIDATES)
        for row in cells.rows(part.iloc[::step]):
            yield str(key), row


def _shared_out(sizes: Mapping[str, int], most: int) -> dict[str, int]:
    """Room per stage: equal shares, what small stages leave going to the others."""
    rooms = dict.fromkeys(sizes, 0)
    left, waiting = most, sorted(sizes, key=lambda key: sizes[key])
    while waiting:
        key = waiting.pop(0)
        rooms[key] = min(sizes[key], left // (len(waiting) + 1))
        left -= rooms[key]
    return rooms


def _column(
    key: str,
    name: str,
    place: int,
    *,
    row: cells.Row,
    content: Mapping[str, Any],
    quotes: tuple[Quote, ...],
    candidates: int,
    kpis: tuple[KpiPanel, ...],
) -> StageColumn:
    mean = cells.number(row, "mean")
    respondents = cells.integer(row, "respondents") or 0
    grade = cells.text(row, "grade")
    if mean is None:
        grade = "none"
    elif grade not in ("solid", "thin"):
        low, high = cells.number(row, "low"), cells.number(row, "high")
        wide = low is None or high is None or (high - low) / 2 > 0.25
        over_half = (cells.number(row, "largest") or 0) > 0.5
        grade = "thin" if respondents < 10 or wide or over_half else "solid"
    return StageColumn(
        key=key,
        name=name,
        number=place,
        n=cells.integer(row, "n") or 0,
        respondents=respondents,
        mean=mean,
        low=cells.number(row, "low"),
        high=cells.number(row, "high"),
        negative=cells.number(row, "share_negative"),
        neutral=cells.number(row, "share_neutral"),
        positive=cells.number(row, "share_positive"),
        unknown=cells.number(row, "unknown"),
        predicted=cells.number(row, "predicted"),
        largest=cells.number(row, "largest"),
        grade=cast(Literal["solid", "thin", "none"], grade),
        stands_apart=cells.flag(row, "stands_apart") and mean is not None,
        lanes=content,
        quotes=quotes,
        quotes_total=candidates,
        kpis=kpis,
    )


def _totals(given: Mapping[str, Any], columns: tuple[StageColumn, ...]) -> Totals:
    def mean_of(name: str) -> float | None:
        pairs = [(column.n, getattr(column, name)) for column in columns if column.n]
        known = [(n, share) for n, share in pairs if share is not None]
        weight = sum(n for n, _ in known)
        return sum(n * share for n, share in known) / weight if weight else None

    return Totals(
        respondents=cells.integer(given, "respondents"),
        passages=cells.integer(given, "passages"),
        texts=cells.integer(given, "texts"),
        first=cells.day(given.get("first")),
        last=cells.day(given.get("last")),
        without_stage=cells.integer(given, "without_stage"),
        unknown=mean_of("unknown"),
        predicted=mean_of("predicted"),
    )
