"""What of a map may be shown to others; applied once, before anything is drawn."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, get_args

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.journeymap.facts import JourneyMap, Overlay, Point, Quote, StageColumn
from cjm_widgets.journeymap.kpis import of_everyone
from cjm_widgets.journeymap.quotes import LONGEST, cut
from cjm_widgets.text.redaction import redact

Quotes = Literal["show", "short", "hide"]
Respondents = Literal["show", "pseudonym", "hide"]


@dataclass(frozen=True, slots=True)
class Privacy:
    """What a map may show of what customers said and who they are."""

    quotes: Quotes = "show"
    """``short``: at most 80 characters of each; ``hide``: no word of any quote, anywhere."""
    respondents: Respondents = "show"
    """``pseudonym``: P-… instead of the id; ``hide``: nothing. Where ids are shown, one that
    holds an address or a number (see `redact`) becomes a pseudonym all the same."""
    redact: bool = True
    """Whether e-mail addresses, telephone numbers and the like are blacked out in quotes."""
    minimum: int = 1
    """Stages with fewer respondents show no quotes, at least 1. Under a filter, and on curves of
    personas, they show no figures either."""
    salt: str = ""
    """A secret of the study. With it a respondent's pseudonym is the same on every map of the
    study; without it pseudonyms are numbers that hold for one map only."""

    def __post_init__(self) -> None:
        if self.quotes not in get_args(Quotes):
            raise UnknownName("choice for quotes", self.quotes, get_args(Quotes))
        if self.respondents not in get_args(Respondents):
            raise UnknownName("choice for respondents", self.respondents, get_args(Respondents))
        if isinstance(self.minimum, bool) or not isinstance(self.minimum, int) or self.minimum < 1:
            raise ArgumentError(
                f"minimum is a whole number of respondents from 1, not {self.minimum!r}"
            )


SHORT = 80
"""Characters of a shortened quote."""


def share(facts: JourneyMap, privacy: Privacy, *, filtered: bool = False) -> JourneyMap:
    """The same map as others may see it.

    Parameters
    ----------
    facts
        The map with everything.
    privacy
        What may be shown.
    filtered
        Whether the map shows some of the customers only. Stages of too few respondents then
        hold no figures either, since the difference from the whole could name a person.

    Returns
    -------
    JourneyMap
        A map that no longer holds what must not be shown; the figures stay as they are.
    """
    alias = _aliases(facts, privacy)
    stages = tuple(_shared(column, privacy, alias) for column in facts.stages)
    if filtered:
        stages = tuple(replace(column, kpis=of_everyone(column.kpis)) for column in stages)
        stages = tuple(_withheld(column, privacy.minimum) for column in stages)
    lanes = facts.lanes
    if privacy.quotes == "hide":
        lanes = tuple(lane for lane in lanes if lane != "quotes")
    return replace(
        facts,
        stages=stages,
        lanes=lanes,
        filtered=filtered or facts.filtered,
        overlays=tuple(_overlay(overlay, privacy.minimum) for overlay in facts.overlays),
        quotes="hidden" if privacy.quotes == "hide" else facts.quotes,
        minimum=max(facts.minimum, privacy.minimum),
    )


def _shared(column: StageColumn, privacy: Privacy, alias: Callable[[str], str]) -> StageColumn:
    # Quotes of a stage in which nobody gave a valence have no respondents in its figures.
    too_few = privacy.minimum > 1 and column.respondents < privacy.minimum
    if privacy.quotes == "hide" or too_few:
        return replace(column, quotes=())
    return replace(column, quotes=tuple(_quote(quote, privacy, alias) for quote in column.quotes))


def _withheld(column: StageColumn, minimum: int) -> StageColumn:
    """A column without figures if too few people are behind them; notes and ideas stay."""
    counted = any(entry.n for entries in column.lanes.values() for entry in entries)
    if column.respondents >= minimum or minimum == 1 or not (column.n or counted):
        return column
    kept = {
        # An idea beside a pain point would name the pain point.
        lane: tuple(
            replace(entry, fits="")
            for entry in entries
            if entry.n is None and not (lane == "pains" and entry.fits)
        )
        for lane, entries in column.lanes.items()
    }
    return replace(
        StageColumn(column.key, column.name, column.number),
        lanes={lane: entries for lane, entries in kept.items() if entries},
        quotes_total=column.quotes_total,
        kpis=tuple(replace(panel, contradiction="", felt=None) for panel in column.kpis),
        parent=column.parent,
        group=column.group,
        parts=column.parts,
        time=column.time,
        target=column.target,
        withheld=True,
    )


def _overlay(overlay: Overlay, minimum: int) -> Overlay:
    points = tuple(
        point
        if point.respondents >= minimum or minimum == 1 or overlay.what == "target"
        else Point(point.stage)
        for point in overlay.points
    )
    return replace(overlay, points=points)


def _quote(quote: Quote, privacy: Privacy, alias: Callable[[str], str]) -> Quote:
    who = alias(quote.respondent) if quote.respondent else ""
    source = source_of(quote.source_id, quote.respondent, privacy, alias)
    made = replace(quote, respondent=who, source_id=source)
    if privacy.redact:
        spoken = quote.language or "en"
        text = redact(_whole_ends(quote.text), spoken)
        made = replace(
            made,
            text=text,
            short=cut(text, LONGEST),
            memo=redact(quote.memo, spoken),
        )
    if privacy.quotes == "short":
        made = replace(made, text=cut(made.text, SHORT), short=cut(made.text, SHORT), memo="")
    return made


def source_of(
    source_id: str, respondent: str, privacy: Privacy, alias: Callable[[str], str]
) -> str:
    """A text's own id as others may see it: where it is its respondent, or tells as much, it is
    no way round what `privacy` says of respondents.

    Parameters
    ----------
    source_id, respondent
        As they were collected; empty where there is none.
    privacy
        What may be shown.
    alias
        See `aliases`.
    """
    if source_id == respondent:
        return alias(respondent) if respondent else ""
    if privacy.respondents != "show" and respondent and respondent in source_id:
        return ""
    return redact(source_id, "en") if privacy.redact else source_id


def _whole_ends(text: str) -> str:
    """Without the number or address that a cut may have left in half, which hides from redact."""
    if not text.endswith("…"):
        return text
    tokens = text.removesuffix("…").split()
    while tokens and any(mark == "@" or mark.isdigit() for mark in tokens[-1]):
        tokens.pop()
    return " ".join([*tokens, "…"])


def _aliases(facts: JourneyMap, privacy: Privacy) -> Callable[[str], str]:
    people = {q.respondent for column in facts.stages for q in column.quotes if q.respondent}
    return aliases(people, privacy)


def aliases(people: set[str], privacy: Privacy) -> Callable[[str], str]:
    """How respondents are named to others; the same on every map and table with one salt.

    Parameters
    ----------
    people
        All who may be asked for.
    privacy
        Its `respondents`, `redact` and `salt` decide.

    Returns
    -------
    callable
        From a respondent's id to what stands for it; empty where it is to be hidden.
    """
    if privacy.respondents == "hide":
        return lambda _: ""
    if privacy.respondents == "show":
        telling = {who for who in people if privacy.redact and redact(who, "en") != who}
    else:
        telling = people
    names = _pseudonyms(telling, privacy.salt)
    return lambda who: names.get(who, who)


def _pseudonyms(people: set[str], salt: str) -> dict[str, str]:
    def mark(who: str) -> str:
        key = hashlib.blake2b(salt.encode(), digest_size=32).digest()
        digest = hashlib.blake2b(who.encode(), key=key, digest_size=5).digest()
        return base64.b32encode(digest).decode()

    order = sorted(people, key=lambda who: (mark(who), who))
    if salt:
        return {who: f"P-{mark(who)[:6]}" for who in order}
    # A digest without a secret could be turned back by trying every address: numbers cannot.
    return {who: f"P-{place:03d}" for place, who in enumerate(order, start=1)}
