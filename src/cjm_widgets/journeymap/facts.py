"""The facts a journey map shows, as frozen parts; nothing here knows how they are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

Origin = Literal["coded", "counted", "note", "journey", "idea"]
"""Where an entry of a lane comes from: codings, a column of the feedback, somebody's note, the
journey's own description, or the preset's ideas, which are no findings."""

Kind = Literal["current", "future", "day", "blueprint"]
"""Current state; future state, targets beside it; a day with a time axis; service blueprint."""

KINDS: tuple[Kind, ...] = get_args(Kind)

LANES = (
    "goals",
    "touchpoints",
    "channels",
    "actions",
    "thoughts",
    "quotes",
    "curve",
    "targets",
    "compared",
    "pains",
    "obstacles",
    "motivations",
    "emotions",
    "themes",
    "opportunities",
    "kpis",
    "backstage",
    "teams",
    "systems",
    "campaigns",
    "spend",
    "data",
)
"""The lanes a map knows, from top to bottom; lanes of one's own stand above the backstage."""

EVIDENCE = ("quotes", "curve", "targets", "compared", "kpis")
"""Lanes that take no notes: they show evidence, targets and differences only."""

BACKSTAGE = ("backstage", "teams", "systems", "campaigns", "spend", "data")
"""Lanes below the line of visibility: what the customer does not see."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a lane at one stage."""

    text: str
    """What is shown."""
    origin: Origin
    """Where it comes from."""
    n: int | None = None
    """Different texts behind it; None where nothing was counted."""
    share: float | None = None
    """``n`` divided by the largest ``n`` of the lane on this map, 0…1: the bar's length."""
    key: str = ""
    """Key of the code, where it is one."""
    author: str = ""
    """Who wrote the note."""
    valence: float | None = None
    """Mean valence of what was counted, −1…1: how severe a pain point is, how a touchpoint is
    lived; None where nobody gave one."""
    passages: int | None = None
    """Passages behind it; None where nothing was counted."""
    voice: float | None = None
    """Share of voice: its texts among all mentions in its lane on the whole map, 0…1."""
    fits: str = ""
    """Of an idea: name of the pain point it is an answer to."""
    uid: str = ""
    """Public name of the note, by which it can be changed."""
    place: str = ""
    """Of a touchpoint or channel: ``touchpoint``, ``channel``, or empty for a code or a note."""


@dataclass(frozen=True, slots=True)
class Quote:
    """One passage in a customer's own words."""

    text: str
    """The words, at most 400 characters; a cut shows as ``…``."""
    short: str
    """The same for a narrow card, at most 180 characters."""
    valence: float | None = None
    """−1…1 as coded or scored; None where there is none."""
    respondent: str = ""
    channel: str = ""
    at: date | None = None
    language: str = ""
    coder: str = ""
    """Who coded it; empty for a passage that nobody coded."""
    feedback: int | None = None
    """The text's number in the study, which leads back to the evidence."""
    predicted: bool = False
    """Whether its stage was predicted, not given."""
    drawn: bool = False
    """Whether it stands in the stage's own column; the others are in the panel below."""
    weight: float = 0.0
    """How well it represents its stage, 0…1; see `cjm_widgets.journeymap.quotes`."""
    uid: str = ""
    """Public name of its coding; ``text:start-stop`` for a passage that nobody coded."""
    codes: tuple[str, ...] = ()
    """Keys of its codes."""
    memo: str = ""
    """The coder's note on it."""
    touchpoint: str = ""
    source: str = ""
    """File or frame its text came from."""
    source_id: str = ""
    """The text's own id there."""
    pinned: bool = False
    """Whether somebody chose it; it stands first then."""
    fit: float | None = None
    central: float | None = None
    clear: float | None = None
    """Why it was chosen: how near its valence is to the stage's mean, how much it speaks in the
    stage's common words, how well its length reads; 0…1 each."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the answers behind a KPI."""

    name: str
    """``detractors``, ``passives`` or ``promoters``."""
    share: float
    """0…1."""


@dataclass(frozen=True, slots=True)
class KpiPanel:
    """One KPI with its trend and its target."""

    name: str
    value: float | None
    """The newest figure, in ``unit``; None where there is none."""
    stage: str | None = None
    """Key of the stage; None for the whole journey."""
    segment: str = ""
    at: date | None = None
    """First day of the period of ``value``."""
    n: float | None = None
    low: float | None = None
    high: float | None = None
    """Ends of the 95 % interval."""
    unit: str = ""
    target: float | None = None
    direction: str = "up"
    """``up`` or ``down``: which way is good."""
    previous: float | None = None
    change: float | None = None
    """``value`` minus ``previous``, in ``unit``."""
    change_low: float | None = None
    change_high: float | None = None
    verdict: str = ""
    """``better``, ``worse`` or ``unclear`` (the change's interval holds 0); empty if unknown."""
    on_target: bool | None = None
    history: tuple[tuple[date, float], ...] = ()
    """Every period's figure, oldest first."""
    previous_at: date | None = None
    """First day of the period of ``previous``."""
    parts: tuple[Part, ...] = ()
    """Detractors, passives and promoters of an NPS, where they are known."""
    rated: bool = False
    """Whether it was computed from ratings that came with the texts."""
    contradiction: Literal["", "felt_bad", "felt_good"] = ""
    """Where people say bad of the stage and the figure is good, or the other way round; see
    `cjm_widgets.measure.kpis.contradictions`."""
    felt: float | None = None
    """The stage's mean valence, where it contradicts the figure."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is aimed at for a stage: the future state."""

    valence: float | None = None
    """Valence aimed at, −1…1."""
    text: str = ""
    """What is to be different then."""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """How a stage of this map differs from the same stage of another: this minus the other."""

    other: float | None
    """The other map's mean; None without evidence there."""
    n: int = 0
    """The other map's units."""
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    """Ends of the difference's 95 % interval."""
    p: float | None = None
    """p value corrected for the number of stages (Holm)."""

    @property
    def clear(self) -> bool:
        """Whether it is beyond chance at 5 %, all stages taken together."""
        return self.p is not None and self.p < 0.05


@dataclass(frozen=True, slots=True)
class Persona:
    """A described group of customers."""

    key: str
    name: str
    description: str = ""
    goals: tuple[str, ...] = ()
    filter: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Attribute to the values that belong to the persona."""
    picture: str = ""
    """A ``data:image/…`` address, checked; empty where there are initials only."""
    initials: str = ""
    n: int | None = None
    """Texts of the persona."""
    respondents: int | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A stage's mean on a curve laid over the map."""

    stage: str
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    respondents: int = 0


@dataclass(frozen=True, slots=True)
class Overlay:
    """One more curve laid over the map's own."""

    name: str
    points: tuple[Point, ...] = ()
    """In the order of the map's stages."""
    n: int = 0
    respondents: int = 0
    what: Literal["persona", "other", "target"] = "persona"


@dataclass(frozen=True, slots=True)
class StageColumn:
    """One stage: its figures, its lanes and its quotes."""

    key: str
    name: str
    number: int
    """Its place on the map, from 1."""
    n: int = 0
    """Units (texts, sentences or passages) its mean rests on."""
    respondents: int = 0
    mean: float | None = None
    """Mean valence, −1…1; None without evidence."""
    low: float | None = None
    high: float | None = None
    """Ends of the 95 % interval."""
    negative: float | None = None
    neutral: float | None = None
    positive: float | None = None
    """Shares of the units that are negative, neutral and positive, 0…1."""
    unknown: float | None = None
    """Share of units in which the scorer knew no word, 0…1."""
    predicted: float | None = None
    """Share of units whose stage was predicted, 0…1."""
    largest: float | None = None
    """Share of units that one respondent gave, at most, 0…1."""
    grade: Literal["solid", "thin", "none"] = "none"
    stands_apart: bool = False
    """Whether its mean differs from the rest of the journey beyond chance."""
    lanes: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    """Lane to its entries, the most frequent first."""
    quotes: tuple[Quote, ...] = ()
    """The most representative first; the first two differ in respondent and in words."""
    quotes_total: int = 0
    """Passages the quotes were chosen from."""
    kpis: tuple[KpiPanel, ...] = ()
    parent: str = ""
    """Of a sub-stage: its stage's key."""
    group: str = ""
    """Of a sub-stage: its stage's name, which stands above it."""
    parts: tuple[str, ...] = ()
    """Names of the sub-stages that are folded into it."""
    time: str = ""
    """On a day's map: when it is, such as ``08–11 h``."""
    target: Target | None = None
    compared: Difference | None = None
    """Beside another map; None where the map stands alone."""
    withheld: bool = False
    """Whether its figures are held back because too few people speak of it."""

    @property
    def gap(self) -> float | None:
        """The target's valence minus the mean; None where either is missing."""
        if self.target is None or self.target.valence is None or self.mean is None:
            return None
        return self.target.valence - self.mean


@dataclass(frozen=True, slots=True)
class Totals:
    """What the whole map rests on."""

    respondents: int | None = None
    passages: int | None = None
    """Coded passages."""
    texts: int | None = None
    first: date | None = None
    last: date | None = None
    """When the first and the last feedback was given."""
    without_stage: int | None = None
    """Texts for which no stage is known."""
    unknown: float | None = None
    """Share of all units in which the scorer knew no word, 0…1."""
    predicted: float | None = None
    """Share of all units whose stage was predicted, 0…1."""


@dataclass(frozen=True, slots=True)
class JourneyMap:
    """Every fact a journey map shows, computed once."""

    title: str
    language: str
    """``en`` or ``fr``: the language of the stage names and of the entries."""
    estimate: str
    """``coded``, ``automatic`` or ``calibrated``: what the curve rests on."""
    scorer: str
    """Name and version of the scorer; empty for people's ratings."""
    stages: tuple[StageColumn, ...]
    kpis: tuple[KpiPanel, ...] = ()
    """KPIs of the whole journey; a stage's own are in its column."""
    lanes: tuple[str, ...] = ()
    """Lanes with content, from top to bottom."""
    totals: Totals = field(default_factory=Totals)
    persona: str = ""
    made: datetime | None = None
    quotes: Literal["shown", "hidden"] = "shown"
    """Whether privacy allows quotes at all."""
    minimum: int = 1
    """Stages with fewer respondents show no quotes."""
    filtered: bool = False
    """Whether it shows some of the customers only; KPIs are of all of them even so."""
    kind: Kind = "current"
    lane_names: Mapping[str, str] = field(default_factory=dict)
    """Lanes that people renamed, and lanes of their own: key to name."""
    below: tuple[str, ...] = BACKSTAGE
    """Lanes that stand below the line of visibility, where they have content."""
    personas: tuple[Persona, ...] = ()
    """Cards above the map."""
    overlays: tuple[Overlay, ...] = ()
    """Curves laid over the map's own."""
    compared_with: str = ""
    """Title of the map this one is compared with."""
    rows: Literal["chips", "rows"] = "chips"
    """How touchpoints stand: as chips, or a row each with its valence."""
    sampled: int | None = None
    """Passages of which quotes are a sample, where there were too many to weigh all."""

    def stage(self, key: str) -> StageColumn:
        """The column of a stage.

        Raises
        ------
        UnknownName
            If the map has no such stage.
        """
        from cjm_widgets.errors import UnknownName

        for column in self.stages:
            if column.key == key:
                return column
        raise UnknownName("stage", key, [column.key for column in self.stages])


@dataclass(frozen=True, slots=True)
class View:
    """The map once more, under a filter or with its sub-stages opened or closed."""

    facts: JourneyMap
    """The whole map of this view."""
    column: str = ""
    """``persona``, ``channel``, ``period`` or an attribute; empty for the whole."""
    value: str = ""
    """The value it is filtered by, as it is called."""
    opened: bool | None = None
    """Whether sub-stages are shown; None where the journey has none."""
