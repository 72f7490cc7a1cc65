"""KPI panels in words: value, change, target, sparkline; direction decides what is good."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from cjm_widgets.journeymap.facts import KpiPanel
from cjm_widgets.view.parts import figures
from cjm_widgets.words import say

SPARK_WIDTH, SPARK_HEIGHT = 64, 22


@dataclass(frozen=True, slots=True)
class PartText:
    """A part of the answers, as a piece of a bar."""

    tone: str
    """``neg``, ``neu`` or ``pos``."""
    width: float
    """In per cent."""
    text: str


_TONES = {"detractors": "neg", "passives": "neu", "promoters": "pos"}


@dataclass(frozen=True, slots=True)
class PanelText:
    """One KPI panel as it is written."""

    name: str
    segment: str
    stage: str | None
    value_text: str
    number_text: str
    unit_text: str
    """The value in two parts, of which the unit may stand smaller."""
    n_text: str
    period_text: str
    interval_text: str
    change_text: str
    change_class: str
    """``up`` for good, ``down`` for bad, ``same`` for neither; never decided by the sign."""
    target_text: str
    target_class: str
    change_more: str
    """The change's interval, and the period it is measured from."""
    span_text: str
    """First and last period of the trend; empty where there is none."""
    parts: tuple[PartText, ...]
    """Detractors, passives and promoters of an NPS."""
    contradiction: str
    """That people feel otherwise about the stage than the figure says."""
    behind_text: str
    """What stands behind the figure."""
    parts_text: str
    """The parts in one line."""
    spark: str
    """Points of an SVG polyline; empty where there is no trend."""
    spark_end: tuple[float, float] | None
    spark_label: str


@functools.lru_cache(maxsize=1000)
def panel_text(panel: KpiPanel, language: str) -> PanelText:
    """A panel in the words of a language.

    Kept, since a page writes the same panel in several places and in each of its views.
    """
    change_text, change_class = _change(panel, language)
    target_text, target_class = _target(panel, language)
    digits = digits_of(panel)
    spark = _spark(panel)
    first, last = _ends(panel, language) if spark else ("", "")
    number_text, unit_text = (
        (say("kpi.no_value", language), "")
        if panel.value is None
        else figures.amount_parts(panel.value, panel.unit, language, digits=digits)
    )
    label = ""
    if spark:
        label = say(
            "kpi.trend",
            language,
            name=panel.name,
            first=first,
            last=last,
            values=", ".join(figures.plain(value, language) for _, value in panel.history),
        )
    parts = _parts(panel, language)
    return PanelText(
        name=panel.name,
        segment=panel.segment,
        stage=panel.stage,
        value_text=f"{number_text}\xa0{unit_text}" if unit_text else number_text,
        number_text=number_text,
        unit_text=unit_text,
        n_text="" if panel.n is None else say("kpi.n", language, n=round(panel.n)),
        period_text=_period(panel, language),
        interval_text=""
        if panel.low is None or panel.high is None
        else say(
            "kpi.interval",
            language,
            low=figures.plain(panel.low, language, digits=digits),
            high=figures.plain(panel.high, language, digits=digits),
        ),
        change_text=change_text,
        change_class=change_class,
        target_text=target_text,
        target_class=target_class,
        change_more=_change_more(panel, language),
        span_text=say("kpi.span", language, first=first, last=last) if spark else "",
        parts=parts,
        parts_text=" · ".join(part.text for part in parts),
        contradiction=_contradiction(panel, language),
        behind_text=_behind(panel, language),
        spark=" ".join(f"{x:.1f},{y:.1f}" for x, y in spark),
        spark_end=spark[-1] if spark else None,
        spark_label=label,
    )


def _parts(panel: KpiPanel, language: str) -> tuple[PartText, ...]:
    return tuple(
        PartText(
            _TONES.get(part.name, "neu"),
            round(100 * part.share, 1),
            say(f"kpi.parts.{part.name}", language, percent=figures.percent(part.share, language)),
        )
        for part in panel.parts
    )


def digits_of(panel: KpiPanel) -> int | None:
    """Decimals of a panel's value, of its interval and of its trend; see `figures.decimals`."""
    return figures.decimals(panel.value, panel.low, panel.high)


def _change_digits(panel: KpiPanel) -> int:
    """Decimals the change is worth by its interval, but never so few that it reads as none."""
    found = figures.decimals(panel.change, panel.change_low, panel.change_high)
    few = found is not None and panel.change is not None and round(panel.change, found) != 0
    return found if few and found is not None else 3


def _ends(panel: KpiPanel, language: str) -> tuple[str, str]:
    """What the first and the last period of the trend are called."""
    dates = [at for at, _ in panel.history]
    first, last = (figures.period(at, dates, language) for at in (dates[0], dates[-1]))
    return first, last


def _period(panel: KpiPanel, language: str) -> str:
    if panel.at is None:
        return "" if panel.value is None else say("kpi.undated", language)
    return figures.period(panel.at, [at for at, _ in panel.history], language)


def _change_more(panel: KpiPanel, language: str) -> str:
    """Interval of the change and what it is a change from; empty where neither is known."""
    if panel.change is None or panel.previous_at is None:
        return ""
    dates = [at for at, _ in panel.history] + [panel.previous_at]
    before = figures.period(panel.previous_at, dates, language).replace(" ", "\xa0")
    if panel.change_low is None or panel.change_high is None:
        return say("kpi.change_since", language, before=before)
    digits = figures.decimals(panel.change, panel.change_low, panel.change_high)
    low, high = (
        figures.plain(end, language, sign=True, digits=digits)
        for end in (panel.change_low, panel.change_high)
    )
    return say("kpi.change_more", language, low=low, high=high, before=before)


def _contradiction(panel: KpiPanel, language: str) -> str:
    if not panel.contradiction or panel.felt is None:
        return ""
    told = figures.valence(panel.felt, language)
    return f"⇄\xa0{say(f'kpi.{panel.contradiction}', language, value=told)}"


def _behind(panel: KpiPanel, language: str) -> str:
    """What a reader finds behind the figure."""
    if panel.rated:
        return say("kpi.behind_ratings", language, name=repr(panel.name))
    return say("kpi.behind_stage" if panel.stage else "kpi.behind_table", language)


def _change(panel: KpiPanel, language: str) -> tuple[str, str]:
    if panel.change is None:
        return "", "same"
    size = figures.plain(round(abs(panel.change), _change_digits(panel)), language)
    if panel.change == 0 or panel.verdict == "unchanged" or size == "0":
        return say("kpi.unchanged", language), "same"
    arrow = "▲" if panel.change > 0 else "▼"
    if panel.verdict == "unclear":
        return f"{arrow}\xa0{size} {say('kpi.unclear', language)}", "same"
    verdict = panel.verdict or (
        "better" if (panel.change > 0) == (panel.direction == "up") else "worse"
    )
    return (
        f"{arrow}\xa0{size} {say(f'kpi.{verdict}', language)}",
        "up" if verdict == "better" else "down",
    )


def _target(panel: KpiPanel, language: str) -> tuple[str, str]:
    if panel.target is None:
        return "", "same"
    text = say("kpi.target", language, value=figures.plain(panel.target, language))
    if panel.on_target is None:
        return text, "same"
    word = say("kpi.reached" if panel.on_target else "kpi.missed", language)
    return f"{text} {word}", "up" if panel.on_target else "down"


def _spark(panel: KpiPanel) -> list[tuple[float, float]]:
    if len(panel.history) < 2:
        return []
    days = [at.toordinal() for at, _ in panel.history]
    values = [value for _, value in panel.history]
    low, high = min(values), max(values)
    wide = (days[-1] - days[0]) or 1
    tall = high - low
    return [
        (
            3 + (SPARK_WIDTH - 6) * (at - days[0]) / wide,
            SPARK_HEIGHT / 2
            if tall == 0
            else SPARK_HEIGHT - 4 - (SPARK_HEIGHT - 8) * (value - low) / tall,
        )
        for at, value in zip(days, values, strict=True)
    ]
