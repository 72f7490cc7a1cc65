"""Frames to a journey map's facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, cast

from cjm_widgets.errors import ArgumentError, FrameError, UnknownName
from cjm_widgets.journeymap import cells, counts, lanes
from cjm_widgets.journeymap.arrange import Lane, arranged
from cjm_widgets.journeymap.facts import (
    KINDS,
    Difference,
    JourneyMap,
    Kind,
    KpiPanel,
    Overlay,
    Persona,
    Quote,
    StageColumn,
    Target,
    Totals,
)
from cjm_widgets.journeymap.gather import MOST_CANDIDATES, Pool, Pools, gathered, pools
from cjm_widgets.journeymap.kpis import contradicted, panels
from cjm_widgets.model.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd

    from cjm_widgets.model.journey import Journey

ESTIMATES = ("coded", "automatic", "calibrated")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody wants of a map beyond its evidence."""

    kind: Kind = "current"
    opened: bool = True
    """Whether sub-stages with evidence take their stage's place; else they are folded into it,
    and the curve must have been computed of whole stages."""
    lanes: tuple[Lane, ...] = ()
    """Places, names and presence of lanes."""
    targets: Mapping[str, Target] = field(default_factory=dict)
    """Key of a stage to what is aimed at; drawn on a map of the kind ``future``."""
    pins: Mapping[str, bool] = field(default_factory=dict)
    """Uid of a coding to True where its quote is pinned, False where it is banned."""
    personas: tuple[Persona, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    differences: pd.DataFrame | None = None
    """`stage`, `other`, `n_other`, `difference`, `low`, `high`, `p_holm`: see `Difference`."""
    compared_with: str = ""
    rows: Literal["chips", "rows"] = "chips"
    times: Mapping[str, str] = field(default_factory=dict)
    """Key of a stage to its time of day."""
    candidates: Mapping[str, int] = field(default_factory=dict)
    """Key of a stage to the passages it has, where the quotes given are a sample of them."""


def build(
    journey: Journey,
    curve: pd.DataFrame,
    *,
    title: str | None = None,
    language: str = "en",
    estimate: str = "coded",
    scorer: str = "",
    quotes: pd.DataFrame | Mapping[str, Pool] | None = None,
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
    wishes: Wishes | None = None,
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
        `channel`, `touchpoint`, `at`, `language`, `coder`, `feedback`, `predicted`, `uid`,
        `codes`, `memo`, `source`, `source_id`. Or a `gather.Pool` per stage, which remembers
        what was chosen of it.
    codings, codebook
        For the lanes of pain points, touchpoints, opportunities, emotions and themes: see
        `counts.counted_codes`. A code is counted once per text.
    touchpoints, channels
        Volumes: `stage`, `touchpoint` or `channel`, `n`, and `valence` where known. Channels
        stand in where a stage has no touchpoint.
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
    wishes
        Kind of map, lanes, targets, personas, pins and the like.

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
    _need(notes, ("stage", "lane", "text"), "notes")
    if codings is not None and not {"code", "n"} <= set(codings.columns):
        _need(codings, ("stage", "feedback", "codes"), "codings")
    wanted = wishes or Wishes()
    given = _pools(quotes, wanted.pins)
    if wanted.kind not in KINDS:
        raise UnknownName("kind of map", wanted.kind, KINDS)
    figures = {cells.text(row, "stage"): row for row in cells.rows(curve)}
    top = _columns(journey, figures, given, opened=wanted.opened)
    shown = list(dict.fromkeys(top.values()))
    if not shown:
        raise ArgumentError(
            "a map needs at least one stage: give the journey stages, such as "
            'Journey.of("Search", "Buy", "Use")'
        )
    counted = counts.counted_codes(codings, codebook or Codebook(), top)
    places = counts.counted_places([touchpoints], top)
    by_channel = counts.counted_places([channels], top, "channels")
    for key, found in by_channel.items():
        if not places.get(key) and not counted.get(key, {}).get("touchpoints"):
            places[key] = {"touchpoints": found["channels"]}
    content = lanes.merged(
        journey,
        shown,
        language,
        lanes.written(notes, top),
        places,
        by_channel,
        counted,
        with_ideas=ideas,
    )
    measured = panels(kpis, kpi_history)
    chosen, candidates = gathered(given, top, shown, figures, most_quotes, wanted.pins)
    held = sum(len(pool.rows) for pool in given.values())
    if wanted.candidates:
        candidates = _sizes(wanted.candidates, top, shown)
    total = sum(candidates.values())
    many = max(candidates.values()) > MOST_CANDIDATES
    sampled = total if held and (total > held or many) else None
    named = _names(journey, top, language)
    columns = tuple(
        _column(
            key,
            named.get(key, key),
            place,
            row=figures.get(key, {}),
            content={lane: tuple(entries) for lane, entries in content[key].items()},
            quotes=chosen[key],
            candidates=candidates[key],
            kpis=tuple(panel for panel in measured if panel.stage and top.get(panel.stage) == key),
        )
        for place, key in enumerate(shown, start=1)
    )
    columns = _placed(columns, journey, language, wanted)
    present = {lane for found in content.values() for lane in found} | {"curve"}
    present |= {"quotes"} if any(column.quotes for column in columns) else set()
    present |= {"kpis"} if any(column.kpis for column in columns) else set()
    present |= {"targets"} if any(column.target for column in columns) else set()
    present |= {"compared"} if wanted.differences is not None else set()
    order = arranged(present, wanted.lanes, wanted.kind)
    return JourneyMap(
        title=(title or journey.name(language)).strip(),
        language=language if language == "fr" else "en",
        estimate=estimate,
        scorer=scorer,
        stages=columns,
        # A KPI of a stage that the map does not show would be lost without this.
        kpis=tuple(panel for panel in measured if not panel.stage or panel.stage not in top),
        lanes=order.lanes,
        totals=_totals(totals or {}, columns),
        persona=persona,
        made=made,
        kind=wanted.kind,
        lane_names=order.names,
        below=order.below,
        personas=wanted.personas,
        overlays=wanted.overlays,
        compared_with=wanted.compared_with,
        rows=wanted.rows,
        sampled=sampled,
    )


def _pools(quotes: pd.DataFrame | Mapping[str, Pool] | None, pins: Mapping[str, bool]) -> Pools:
    if isinstance(quotes, Mapping):
        return quotes
    _need(quotes, ("stage",), "quotes")
    return pools(quotes, pins)


def _sizes(
    candidates: Mapping[str, int], top: Mapping[str, str], shown: list[str]
) -> dict[str, int]:
    """Passages of each column."""
    sizes = dict.fromkeys(shown, 0)
    for key, n in candidates.items():
        if (column := top.get(key)) is not None:
            sizes[column] += n
    return sizes


def _names(journey: Journey, top: Mapping[str, str], language: str) -> dict[str, str]:
    """What the columns are called."""
    return {stage.key: stage.name(language) for stage in journey if stage.key in top.values()}


def _placed(
    columns: tuple[StageColumn, ...], journey: Journey, language: str, wanted: Wishes
) -> tuple[StageColumn, ...]:
    """The columns with their place in the tree of stages, target, difference and time."""
    tree = {stage.key: stage for stage in journey}
    shown = {column.key for column in columns}
    differences = {cells.text(row, "stage"): row for row in cells.rows(wanted.differences)}
    made = []
    for column in columns:
        stage = tree.get(column.key)
        parent = tree.get(stage.parent) if stage is not None and stage.parent else None
        folded = () if stage is None else journey.parts(stage.key)
        made.append(
            replace(
                column,
                parent=parent.key if parent else "",
                group=parent.name(language) if parent else "",
                parts=tuple(p.name(language) for p in folded if p.key not in shown),
                time=wanted.times.get(column.key, ""),
                target=wanted.targets.get(column.key) if wanted.kind == "future" else None,
                compared=_difference(differences.get(column.key)),
            )
        )
    return tuple(made)


def _difference(row: cells.Row | None) -> Difference | None:
    if row is None:
        return None
    return Difference(
        other=cells.number(row, "other"),
        n=cells.integer(row, "n_other") or 0,
        difference=cells.number(row, "difference"),
        low=cells.number(row, "low"),
        high=cells.number(row, "high"),
        p=cells.number(row, "p_holm"),
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
    journey: Journey,
    figures: Mapping[str, cells.Row],
    quotes: Pools,
    *,
    opened: bool,
) -> dict[str, str]:
    """Key of each stage to the column it is drawn in, in the order of the columns."""
    seen = {key for key, row in figures.items() if key and (cells.integer(row, "n") or 0) > 0}
    seen |= set(quotes)
    top: dict[str, str] = {}
    for stage in journey.top:
        parts = journey.parts(stage.key)
        if not opened or not any(part.key in seen for part in parts):
            top[stage.key] = stage.key
            top |= {part.key: stage.key for part in parts}
            continue
        if stage.key in seen:
            top[stage.key] = stage.key
        top |= {part.key: part.key for part in parts}
        top.setdefault(stage.key, parts[0].key)
    unknown = [key for key in figures if key in seen and key not in top]
    return top | {key: key for key in unknown}


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
        kpis=_held_against(key, kpis, row),
    )


def _held_against(key: str, kpis: tuple[KpiPanel, ...], row: cells.Row) -> tuple[KpiPanel, ...]:
    """The panels, marked where the valence of the very same stage contradicts them."""
    ends = cells.number(row, "low"), cells.number(row, "high")
    mean = cells.number(row, "mean")
    return tuple(
        one
        for panel in kpis
        for one in contradicted([panel], mean if panel.stage == key else None, ends)
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
