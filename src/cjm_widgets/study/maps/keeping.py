"""Verbs that keep a map true: its aim, what it lacks, and maps frozen at a moment."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.journeymap import JourneyMap, Privacy, plain, share
from cjm_widgets.study.base import EDITOR
from cjm_widgets.study.maps import findings, snapshots
from cjm_widgets.study.maps.maps import Maps
from cjm_widgets.view.maps.check_view import CheckView
from cjm_widgets.view.maps.map_view import MapView

if TYPE_CHECKING:
    from cjm_widgets.view.parts.theme import Theme

DAYS = 90
"""Review interval of a study that has chosen none: a quarter."""
_SETTING = "review_days"
LONGEST = 2_000


class Keeping(Maps):
    """Aim, check, snapshots."""

    def aim(self, text: str | None = None, *, actor: str = EDITOR) -> str:
        """What the map is for: the question it is to answer, the decision it is to serve.

        Parameters
        ----------
        text
            The aim, at most 2,000 characters; ``""`` takes it away, None only asks.
        actor
            Who says it; undone by ``study.undo(actor)``.

        Returns
        -------
        str
            The aim that holds now; empty if there is none.
        """
        kept = self._store.documents("aim").get("aim", {})
        if text is None:
            return str(kept.get("text", ""))
        if not isinstance(text, str) or len(text) > LONGEST:
            raise ArgumentError(f"an aim is a text of at most {LONGEST:,} characters")
        if text.strip():
            self._store.put_document("aim", "aim", {"text": text.strip()}, actor)
        elif kept:
            self._store.drop_document("aim", "aim", actor)
        return text.strip()

    def check(
        self, *, days: int | None = None, today: date | None = None, theme: Theme = "auto"
    ) -> CheckView:
        """What the map lacks, what is stale, and what rests on little.

        Parameters
        ----------
        days
            Review interval: a stage whose newest dated text is older is stale, and gravely so
            at twice that age; so is a KPI whose period began over two intervals ago. The
            choice is kept; 90 where none was made.
        today
            The day that ages count to; this day by default.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        CheckView
            Shows itself as a table; `frame` has `what`, `stage` (key; missing for the whole
            map), `severity` (``high``, ``medium``, ``low``), `says`, `remedy`.

        Raises
        ------
        ArgumentError
            If `days` is no whole number from 1.
        """
        if days is not None:
            if isinstance(days, bool) or not isinstance(days, int) or days < 1:
                raise ArgumentError(f"days is a whole number from 1, not {days!r}")
            self._store.set_setting(_SETTING, days)
        interval = int(self._store.setting(_SETTING, DAYS))
        facts, evidence = self._bare_map()
        texts = self._store.totals().texts
        seen = findings.Seen(
            facts,
            aim=self.aim(),
            personas=len(self._store.documents("persona")),
            newest={} if facts is None else self._newest(facts, evidence),
            texts=texts,
            without_stage=0 if facts is None else _without_stage(texts, evidence),
            today=today or datetime.now(UTC).date(),
            days=interval,
            language=self.language,
        )
        names = {} if facts is None else {c.key: f"{c.number}\xa0{c.name}" for c in facts.stages}
        return CheckView(
            findings.found(seen),
            names=names,
            title=self.name,
            days=interval,
            language=self.language,
            theme=theme,
        )

    def _bare_map(self) -> tuple[JourneyMap | None, pd.DataFrame]:
        """The map and the units behind it; no map where nothing can be drawn yet."""
        try:
            _, found = self._chosen(None, None)
            return self._bare_facts(found), found.units
        except NoEvidence:
            return None, pd.DataFrame()

    def _newest(self, facts: JourneyMap, units: pd.DataFrame) -> dict[str, date]:
        """Stage of the map to the day of the newest text behind it, where texts have dates."""
        units = units.dropna(subset=["stage"])
        dated = self._store.values_of("at").dropna()
        if not len(units) or not len(dated):
            return {}
        at = pd.to_datetime(units["feedback"].map(dated))
        newest = at.groupby(units["stage"].astype("str")).max().dropna()
        journey, shown = self.journey, {column.key for column in facts.stages}
        found: dict[str, date] = {}
        for key, moment in newest.items():
            column = str(key) if key in shown else journey.top_of(str(key))
            day = pd.Timestamp(moment).date()
            found[column] = max(day, found.get(column, day))
        return found

    def snapshot(
        self,
        name: str,
        *,
        estimate: str | None = None,
        title: str | None = None,
        kind: str = "current",
        persona: str | None = None,
        actor: str = EDITOR,
    ) -> MapView:
        """Freeze the map as it is now, so that it can be opened again and compared.

        The snapshot holds the map's facts after `privacy`, with the estimate, the scorer and
        the version that computed them: whatever is coded, scored or installed later, it stays
        as it was. `forget` removes a person's words from snapshots too.

        Parameters
        ----------
        name
            Such as ``"2026-Q1"``; each name once.
        estimate, title, kind, persona
            As for `map`.
        actor
            Who does it; undone by ``study.undo(actor)``.

        Returns
        -------
        MapView
            The frozen map.

        Raises
        ------
        ArgumentError
            If the name is empty, or there is such a snapshot already.
        """
        called = _called(name)
        if called in self._store.documents(snapshots.KIND):
            raise ArgumentError(
                f"there is a snapshot {called!r} already, and a snapshot never changes; choose "
                f"another name, or drop it first: study.drop_snapshot({called!r})"
            )
        drawn = self.map(
            title=title,
            estimate=estimate,
            kind=kind,  # type: ignore[arg-type]  # map says what is allowed
            persona=persona,
            filters=False,
        )
        body = snapshots.body(drawn.facts, actor, self._privacy())
        self._store.put_document(snapshots.KIND, called, body, actor)
        return self.open_snapshot(called)

    def snapshots(self) -> pd.DataFrame:
        """The frozen maps, the oldest first.

        Returns
        -------
        pandas.DataFrame
            `snapshot` (name), `at` (UTC), `author`, `title`, `kind`, `estimate`, `scorer`,
            `version` (of this package), `stages`, `texts`, `passages`.
        """
        return snapshots.listed(self._store.documents(snapshots.KIND))

    def open_snapshot(self, name: str, *, theme: Theme = "auto") -> MapView:
        """A frozen map as it was.

        What `privacy` hides now is hidden here too, also if it was shown then.

        Parameters
        ----------
        name
            As it was given to `snapshot`.
        theme
            As for `map`.

        Raises
        ------
        UnknownName
            If there is no such snapshot.
        """
        kept = self._snapshot(name)
        facts = plain.loaded(kept["facts"])
        then = str(kept.get("respondents", "show"))
        shown = share(facts, _now(self._salted(), then))
        return MapView(shown, language=self.language, theme=theme)

    def drop_snapshot(self, name: str, *, actor: str = EDITOR) -> None:
        """Take a frozen map away; ``study.undo(actor)`` brings it back.

        Raises
        ------
        UnknownName
            If there is no such snapshot.
        """
        self._snapshot(name)
        self._store.drop_document(snapshots.KIND, _called(name), actor)

    def compare_snapshots(self, before: str, after: str) -> pd.DataFrame:
        """What changed from one frozen map to another, stage by stage.

        Parameters
        ----------
        before, after
            Names of snapshots.

        Returns
        -------
        pandas.DataFrame
            `stage` (key), `name`, `before`, `after` (means, −1…1), `n_before`, `n_after`,
            `difference` (after minus before) with its 95 % interval `low`, `high`, and `says`:
            ``clear``, ``unclear``, ``no evidence``, ``other method`` or ``new`` and ``gone``
            for stages of one map only.

        Raises
        ------
        UnknownName
            If there is no such snapshot.

        Notes
        -----
        Differences are of the published means; their intervals are those of Zou and Donner
        (2008) from the published intervals, as if different people spoke, which is too wide
        where the same people spoke twice. Maps of another estimate or scorer are not subtracted:
        a change of method is no change of mood.
        """
        first, second = (plain.loaded(self._snapshot(name)["facts"]) for name in (before, after))
        return snapshots.compared(first, second)

    def _snapshot(self, name: str) -> dict[str, Any]:
        kept = self._store.documents(snapshots.KIND)
        called = _called(name)
        if called not in kept:
            raise UnknownName("snapshot", name, list(kept))
        return kept[called]


def _called(name: str) -> str:
    found = re.sub(r"\s+", " ", name).strip() if isinstance(name, str) else ""
    if not found or len(found) > 100:
        raise ArgumentError(
            f'a snapshot has a name of 1 to 100 characters, such as "2026-Q1", not {name!r}'
        )
    return found


def _now(privacy: Privacy, then: str) -> Privacy:
    """Today's privacy for a map in which respondents were named as `then`."""
    if then == "pseudonym" and privacy.respondents == "pseudonym":
        # They are pseudonyms of this study already.
        return dataclasses.replace(privacy, respondents="show")
    return privacy


def _without_stage(texts: int, units: pd.DataFrame) -> int:
    """Texts that the estimate in use brings to no stage."""
    staged = units.dropna(subset=["stage"])["feedback"].nunique()
    return max(0, texts - int(staged))
