"""Verbs that draw the map."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.journeymap import KINDS, JourneyMap, Persona, Privacy, View, Wishes, share
from cjm_widgets.study.curves.curves import COLUMNS, Curves
from cjm_widgets.study.evidence import filters
from cjm_widgets.study.evidence.scoring import Scoring
from cjm_widgets.study.given.lanes import LaneVerbs, lane_choices, stage_targets
from cjm_widgets.study.given.personas import PersonaVerbs, pinned
from cjm_widgets.study.maps.map_facts import HOURS, Frames, Part, facts_of, overlay
from cjm_widgets.view.maps.map_compare import compare_maps
from cjm_widgets.view.maps.map_view import MapView

if TYPE_CHECKING:
    from cjm_widgets.journeymap.facts import Kind
    from cjm_widgets.study.evidence.evidence import Evidence
    from cjm_widgets.view.parts.theme import Theme

MOST_OVERLAYS = 4
"""Curves laid over the map's own; more could not be told apart."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Order:
    """What one map is made of, to be made again under its filters."""

    frames: Frames
    part: Part
    wishes: Wishes
    privacy: Privacy
    laid: tuple[Persona, ...]


class Maps(LaneVerbs, PersonaVerbs, Curves, Scoring):
    """The journey map and its privacy."""

    def map(
        self,
        *,
        title: str | None = None,
        kind: Kind = "current",
        estimate: str | None = None,
        scorer: str | None = None,
        persona: str | None = None,
        personas: Sequence[str] = (),
        filter: Mapping[str, object] | None = None,
        filters: bool | Sequence[str] = True,
        compare_with: MapView | Mapping[str, object] | str | None = None,
        side_by_side: bool = False,
        touchpoints: Literal["chips", "rows"] = "chips",
        opened: bool = True,
        layout: Literal["across", "down"] = "across",
        ideas: bool = True,
        theme: Theme = "auto",
    ) -> MapView:
        """The journey map with its KPI panels.

        Parameters
        ----------
        title
            Above the map; the study's name by default.
        kind
            ``"current"``; ``"future"``: beside each stage what is aimed at (`target`), and the
            gap; ``"day"``: a time axis, by the hour at which texts were given, or the stages
            of the journey ``"day"``; ``"blueprint"``: lines of interaction, of visibility and
            of internal interaction, backstage lanes shown even where they are empty.
        estimate, scorer
            What the emotion curve rests on: see `curve`.
        persona
            Key or name of a persona (`persona`): the map of their texts, with their card.
        personas
            Up to four personas whose curves are laid over the map's own.
        filter
            Column of the feedback to value or values: the map of these texts.
        filters
            Filters that the page carries with it, so that they work without a kernel: True for
            personas, segment, product, channel, region and period; else names of columns;
            False for none. At most 24 (6 of more than 100,000 texts), one at a time.
        compare_with
            Another map of this or another study, a filter, or a persona: its curve is laid
            over this one's, and differences are marked and tested (Holm over the stages).
        side_by_side
            With `compare_with`: whether the other map's lanes stand below each of this one's.
        touchpoints
            ``"chips"``, or ``"rows"``: each in a row of its own with its volume and valence.
        opened
            Whether sub-stages stand as columns of their own, or are folded into their stage;
            the page can show both.
        layout
            ``"across"``: a stage a column; ``"down"``: a stage a row. The page can show both.
        ideas
            Whether the journey's typical touchpoints, difficulties and remedies stand, marked
            as ideas, in lanes that are empty and beside the pain points they fit.
        theme
            ``auto`` follows the reader's system; ``light`` or ``dark`` stay.

        Returns
        -------
        MapView
            Shows itself, with and without a kernel; `page()` is the offline HTML page,
            `frames` the facts, `layout()` the map in Bokeh. What `privacy` hides is not in it.

        Raises
        ------
        UnknownName
            If kind, persona or a column is unknown.
        ArgumentError
            If more than four personas are to be laid over the map.
        NoEvidence
            If no text is left, or a day's map has no times.
        """
        if kind not in KINDS:
            raise UnknownName("kind of map", kind, KINDS)
        for what, given, allowed in (
            ("touchpoints", touchpoints, ("chips", "rows")),
            ("layout", layout, ("across", "down")),
        ):
            if given not in allowed:
                raise UnknownName(what, given, allowed)
        used, found = self._chosen(estimate, scorer)
        frames = self._frames(found)
        if kind == "day" and frames.journey.kind != "day":
            frames = frames.by_hour()
        card = None if persona is None else self._persona(persona)
        numbers = self._chosen_texts(card, filter)
        laid = self._laid(personas)
        wishes = Wishes(
            kind=kind,
            opened=opened,
            lanes=lane_choices(self._store),
            targets=stage_targets(self._store),
            pins=pinned(self._store),
            personas=tuple(laid) if card is None else (card, *laid),
            rows=touchpoints,
            times=_times() if kind == "day" and frames.journey.key == "day" else {},
        )
        called = (card.key, card.name) if card else _called(filter)
        part = Part(numbers, title or self.name, card.name if card else "", ideas, called)
        order = _Order(frames, part, wishes, self._salted(), tuple(laid))
        facts, units = self._drawn(order, part, wishes)
        made = MapView(
            facts,
            language=self.language,
            theme=theme,
            brand=self._brand(),
            layout=layout,
            views=lambda: self._views(order, filters),
            units=units,
        )
        if compare_with is None:
            return made
        other = self._other(compare_with, used, scorer, opened=opened)
        return compare_maps(made, other, side_by_side=side_by_side)

    def _bare_facts(self, found: Evidence) -> JourneyMap:
        """The map without quotes and ideas, as others may see it."""
        wishes = Wishes(lanes=lane_choices(self._store), targets=stage_targets(self._store))
        part = Part(None, self.name, "", ideas=False, quotes=False)
        return share(facts_of(self._frames(found), part, wishes), self._salted(), filtered=False)

    def _frames(self, found: Evidence) -> Frames:
        """What maps of some evidence are made of."""
        return Frames(
            self._store,
            self.journey,
            self.codebook,
            found,
            self.language,
            self._figures(),
            self.notes(),
            self._cached,
        )

    def _chosen_texts(
        self, card: Persona | None, chosen: Mapping[str, object] | None
    ) -> pd.Index[Any] | None:
        """Numbers of the texts that persona and filter leave; None for all."""
        left = None if chosen is None else self._filtered(chosen)
        if card is None:
            return left
        of_card = self._filtered(card.filter)
        return of_card if left is None else left.intersection(of_card)

    def _laid(self, personas: Sequence[str]) -> list[Persona]:
        """The personas whose curves are laid over the map's."""
        if isinstance(personas, str):
            personas = (personas,)
        if len(personas) > MOST_OVERLAYS:
            raise ArgumentError(
                f"personas: {len(personas)} curves could not be told apart; lay at most "
                f"{MOST_OVERLAYS} over one map"
            )
        return [self._persona(name) for name in personas]

    def _other(
        self,
        given: MapView | Mapping[str, object] | str,
        estimate: str,
        scorer: str | None,
        *,
        opened: bool,
    ) -> MapView:
        if isinstance(given, MapView):
            return given
        if isinstance(given, str):
            card = self._persona(given)
            return self.map(
                title=card.name,
                persona=given,
                estimate=estimate,
                scorer=scorer,
                opened=opened,
                filters=False,
            )
        told = ", ".join(
            str(v) if isinstance(v, str) else ", ".join(map(str, v))  # type: ignore[call-overload]  # checked by the filter
            for v in given.values()
        )
        return self.map(
            title=told,
            filter=given,
            estimate=estimate,
            scorer=scorer,
            opened=opened,
            filters=False,
        )

    def _drawn(self, order: _Order, part: Part, wishes: Wishes) -> tuple[JourneyMap, pd.DataFrame]:
        """Facts as others may see them, and the units behind their curve."""
        whole = facts_of(order.frames, part, wishes)
        if wishes.personas == order.wishes.personas:
            lines = tuple(
                overlay(order.frames, self._numbers_of(one.filter), one.name, whole)
                for one in order.laid
            )
            whole = dataclasses.replace(whole, overlays=lines)
        facts = share(whole, order.privacy, filtered=part.numbers is not None)
        return facts, _units_of(order.frames, part.numbers, whole)

    def _views(self, order: _Order, wanted: bool | Sequence[str]) -> tuple[tuple[View, ...], int]:
        """The same map under filters and with sub-stages opened or folded."""
        found, left = filters.choices(
            wanted if order.part.numbers is None else False,
            self._personas(),
            lambda one: self._numbers_of(one.filter),
            [*COLUMNS[1:], *self._store.attributes()["attribute"]],
            self._store.values_of,
            self.language,
        )
        nested = any(stage.parent for stage in order.frames.journey)
        wishes = order.wishes
        made: list[View] = []
        if nested:
            folded = dataclasses.replace(wishes, opened=not wishes.opened)
            facts, _ = self._drawn(order, order.part, folded)
            made.append(View(facts, opened=not wishes.opened))
        for choice in found:
            cards = (choice.persona,) if choice.persona else ()
            called = choice.value, *(card.key for card in cards)
            some = dataclasses.replace(order.part, numbers=choice.numbers, group=called)
            try:
                facts, _ = self._drawn(order, some, dataclasses.replace(wishes, personas=cards))
            except NoEvidence:
                # A calibrated curve of so few ratings would mean nothing.
                left += 1
                continue
            made.append(View(facts, choice.column, choice.value, wishes.opened if nested else None))
        return tuple(made), left

    def privacy(
        self,
        *,
        quotes: str | None = None,
        respondents: str | None = None,
        redact: bool | None = None,
        minimum: int | None = None,
    ) -> Privacy:
        """What maps, drawn or exported, may show; the choice is kept with the study.

        Parameters
        ----------
        quotes
            ``"show"``, ``"short"`` (at most 80 characters of each) or ``"hide"``.
        respondents
            ``"show"``, ``"pseudonym"`` or ``"hide"``: how they are named beside their words.
        redact
            Whether e-mail addresses, telephone numbers and the like are blacked out in quotes.
        minimum
            Stages with fewer respondents show no quotes, and under a filter no figures.

        Returns
        -------
        Privacy
            What holds now; without arguments nothing changes.

        Raises
        ------
        UnknownName, ArgumentError
            If a choice is none of the above.
        """
        given = {"quotes": quotes, "respondents": respondents, "redact": redact, "minimum": minimum}
        chosen = {name: value for name, value in given.items() if value is not None}
        now = dataclasses.replace(self._privacy(), **chosen)  # type: ignore[arg-type]  # it checks
        return self._salted(now) if chosen else now


def _called(chosen: Mapping[str, object] | None) -> tuple[str, ...]:
    """What the customers that one value of one column leaves are called."""
    values = list((chosen or {}).values())
    return (values[0],) if len(values) == 1 and isinstance(values[0], str) else ()


def _times() -> dict[str, str]:
    """Stage of the day to its hours, such as ``08–12 h``."""
    return {key: f"{start:02}–{stop:02} h" for key, (start, stop) in HOURS.items()}


def _units_of(frames: Frames, numbers: pd.Index[Any] | None, facts: JourneyMap) -> pd.DataFrame:
    """The units behind a map's curve, at the stages it shows, to be compared with another's."""
    units = frames.found.units
    if numbers is not None:
        units = units[units["feedback"].isin(numbers)]
    shown = {column.key for column in facts.stages}
    keys = {
        stage.key: stage.key if stage.key in shown else frames.journey.top_of(stage.key)
        for stage in frames.journey
    }
    return units.assign(stage=units["stage"].map(keys).astype("str"))
