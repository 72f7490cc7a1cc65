"""Verbs about personas, about which quotes must or must not stand on a map, and its looks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.journeymap.facts import Persona
from cjm_widgets.study.base import EDITOR, StudyBase
from cjm_widgets.study.given.pictures import data_uri
from cjm_widgets.view.parts.brand import Brand

if TYPE_CHECKING:
    from cjm_widgets.store import Store

COLUMN = "persona"
"""Attribute whose values are personas even where nobody has described them."""
_PLAIN = ("respondent", "channel", "touchpoint", "language")


class PersonaVerbs(StudyBase):
    """Personas, pinned quotes, the corporate theme."""

    def persona(
        self,
        key: str,
        *,
        name: str | None = None,
        description: str | None = None,
        goals: Sequence[str] | str | None = None,
        filter: Mapping[str, object] | None = None,
        picture: str | os.PathLike[str] | None = None,
        remove: bool = False,
        actor: str = EDITOR,
    ) -> Persona:
        """Describe a group of customers; what is not given stays as it is.

        Parameters
        ----------
        key
            Short name that never changes.
        name
            As the card shows it; the key by default.
        description, goals
            What they are like, and what they want.
        filter
            Attribute (or ``channel``, ``touchpoint``, ``language``) to the value, or the
            values, that belong to the persona; several attributes must all hold. By default
            the attribute ``persona`` with the key as its value.
        picture
            A PNG or JPEG file of at most 150 kB, or one to three letters as initials.
        remove
            Take the persona away.
        actor
            Who does it; undone by ``study.undo(actor)``.

        Returns
        -------
        Persona
            As it is now, with `n` texts and `respondents`.

        Raises
        ------
        ArgumentError
            If the key is empty, the picture is none, or the filter names no value.
        UnknownName
            If an attribute of the filter does not exist, or there is nothing to remove.
        """
        if not isinstance(key, str) or not key.strip():
            raise ArgumentError(f"a persona needs a key that is a non-empty text, not {key!r}")
        key = key.strip()
        if remove:
            gone = self._persona(key)
            self._store.drop_document("persona", key, actor)
            return gone
        body: dict[str, Any] = dict(self._store.documents("persona").get(key, {}))
        if name is not None:
            body["name"] = name.strip()
        if description is not None:
            body["description"] = description.strip()
        if goals is not None:
            body["goals"] = [goals] if isinstance(goals, str) else [str(goal) for goal in goals]
        if filter is not None:
            body["filter"] = self._checked_filter(filter)
        if picture is not None:
            body |= _pictured(picture)
        self._store.put_document("persona", key, body, actor)
        return self._persona(key)

    def personas(self) -> pd.DataFrame:
        """The personas, described ones first, then other values of the attribute ``persona``.

        Returns
        -------
        pandas.DataFrame
            Columns `persona` (key), `name`, `description`, `goals` (joined by ``'; '``),
            `filter` (in words), `texts`, `respondents`.
        """
        rows = [
            (
                p.key,
                p.name,
                p.description,
                "; ".join(p.goals),
                "; ".join(f"{a}: {', '.join(v)}" for a, v in p.filter.items()),
                p.n,
                p.respondents,
            )
            for p in self._personas()
        ]
        names = ["persona", "name", "description", "goals", "filter", "texts", "respondents"]
        frame = pd.DataFrame(rows, columns=names)
        return frame.astype(
            {**dict.fromkeys(names[:5], "str"), **dict.fromkeys(names[5:], "Int64")}
        )

    def pin(self, passage: str, *, actor: str = EDITOR) -> None:
        """Have a quote stand on the map before all others of its stage.

        Parameters
        ----------
        passage
            Public name of its coding: the column `uid` of ``study.codings()`` and of
            ``study.map().frames["quotes"]``.
        actor
            Who does it; undone by ``study.undo(actor)``.

        Raises
        ------
        UnknownName
            If there is no such passage.
        """
        self._mark(passage, pinned=True, actor=actor)

    def ban(self, passage: str, *, actor: str = EDITOR) -> None:
        """Keep a quote off every map and every file made of one; otherwise as `pin`."""
        self._mark(passage, pinned=False, actor=actor)

    def unpin(self, passage: str, *, actor: str = EDITOR) -> None:
        """Leave a quote that was pinned or banned to the rules again; otherwise as `pin`."""
        pins = pinned(self._store)
        if passage not in pins:
            raise UnknownName("pinned or banned passage", str(passage), list(pins))
        self._store.drop_document("pin", passage, actor)

    def pins(self) -> pd.DataFrame:
        """What was pinned or banned: `uid`, `what` (``pin`` or ``ban``), `by`."""
        rows = [
            (uid, "pin" if body.get("pinned") else "ban", str(body.get("by", "")))
            for uid, body in self._store.documents("pin").items()
        ]
        return pd.DataFrame(rows, columns=["uid", "what", "by"]).astype("str")

    def theme(
        self,
        *,
        accent: str | None = None,
        font: str | None = None,
        stages: Sequence[str] | None = None,
        logo: str | os.PathLike[str] | None = None,
        remove: bool = False,
        actor: str = EDITOR,
    ) -> Brand:
        """Give maps a house's colours, font and logo; without arguments nothing changes.

        Parameters
        ----------
        accent
            ``#rrggbb`` for headings, chosen stages and buttons. It must be readable on white
            (contrast 4.5 and more); for the dark theme it is lightened until it is.
        font
            Family names, as CSS writes them; the reader's computer must have them, since
            maps load nothing.
        stages
            Colours of the stages in turn, ``#rrggbb``, each with contrast 3 and more on white.
        logo
            A PNG or JPEG file of at most 150 kB.
        remove
            Forget all of it.
        actor
            Who does it; undone by ``study.undo(actor)``.

        Returns
        -------
        Brand
            What holds now.

        Raises
        ------
        ArgumentError
            If a colour is none or too faint, a font's name holds other marks than letters,
            digits, spaces, commas, hyphens and quotes, or the logo is no such picture.
        """
        body: dict[str, Any] = dict(self._store.documents("theme").get("theme", {}))
        if remove:
            if body:
                self._store.drop_document("theme", "theme", actor)
            return Brand()
        given = {
            "accent": accent,
            "font": font,
            "stages": None if stages is None else list(stages),
            "logo": None if logo is None else data_uri(logo, "logo"),
        }
        given = {name: value for name, value in given.items() if value is not None}
        made = Brand.of({**body, **given})
        if given:
            self._store.put_document("theme", "theme", {**body, **given}, actor)
        return made

    def _brand(self) -> Brand:
        return Brand.of(self._store.documents("theme").get("theme", {}))

    def _mark(self, passage: str, *, pinned: bool, actor: str) -> None:
        uid = str(passage)
        text, _, span = uid.partition(":")
        start, _, stop = span.partition("-")
        place = text.isdigit() and start.isdigit() and stop.isdigit()
        if not place and uid not in set(self._store.codings()["uid"]):
            raise UnknownName("passage", uid, list(self._store.codings()["uid"].head(500)))
        self._store.put_document("pin", uid, {"pinned": pinned, "by": actor}, actor)

    def _checked_filter(self, given: Mapping[str, object]) -> dict[str, list[str]]:
        known = [*_PLAIN, *self._store.attributes()["attribute"]]
        made: dict[str, list[str]] = {}
        for column, values in given.items():
            if column not in known:
                raise UnknownName("column of the feedback", str(column), known)
            one = isinstance(values, str) or not isinstance(values, Iterable)
            wanted = [_named(value) for value in ([values] if one else cast("Any", values))]
            if not wanted:
                raise ArgumentError(f"the filter of {column!r} names no value")
            made[column] = wanted
        return made

    def _persona(self, key: str) -> Persona:
        found = {persona.key: persona for persona in self._personas()}
        folded = {p.name.casefold(): p for p in found.values()}
        made = found.get(key) or folded.get(str(key).strip().casefold())
        if made is None:
            raise UnknownName("persona", str(key), list(found))
        return made

    def _personas(self) -> list[Persona]:
        bodies = dict(self._store.documents("persona"))
        if COLUMN in set(self._store.attributes()["attribute"]):
            described = {v for b in bodies.values() for v in b.get("filter", {}).get(COLUMN, [])}
            for value in self._store.attribute_values(COLUMN)["value"].head(50):
                if str(value) not in described:
                    bodies.setdefault(str(value), {})
        return [self._counted(key, body) for key, body in bodies.items()]

    def _counted(self, key: str, body: Mapping[str, Any]) -> Persona:
        chosen = {str(a): tuple(v) for a, v in body.get("filter", {}).items()} or {COLUMN: (key,)}
        numbers = self._numbers_of(chosen)
        who = self._store.values_of("respondent").reindex(numbers)
        name = str(body.get("name") or key)
        return Persona(
            key,
            name,
            str(body.get("description", "")),
            tuple(str(goal) for goal in body.get("goals", ())),
            chosen,
            str(body.get("picture", "")),
            str(body.get("initials") or _initials(name)),
            len(numbers),
            int(who.nunique()) if who.notna().any() else None,
        )

    def _numbers_of(self, chosen: Mapping[str, Iterable[str]]) -> pd.Index[int]:
        """Numbers of the texts for which every filter holds."""
        left: pd.Index[int] | None = None
        known = [*_PLAIN, *self._store.attributes()["attribute"]]
        for column, values in chosen.items():
            if column not in known:
                return pd.Index([], dtype="int64")
            had = self._store.values_of(column)
            texts = had.map(_named, na_action="ignore").astype("str")
            numbers = had.index[texts.isin(list(values))]
            left = numbers if left is None else left.intersection(numbers)
        return pd.Index([], dtype="int64") if left is None else left

    def _filtered(self, chosen: Mapping[str, object]) -> pd.Index[int]:
        """As `_numbers_of`, refused where a column is unknown or nothing is left."""
        numbers = self._numbers_of(self._checked_filter(chosen))
        if not len(numbers):
            told = ", ".join(f"{column}={value!r}" for column, value in chosen.items())
            raise NoEvidence(f"no text has {told}; study.feedback() shows which values there are")
        return numbers


def _named(value: object) -> str:
    """A value of an attribute as people write it: 3, not 3.0."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _initials(name: str) -> str:
    """One or two letters that stand for a name.

    >>> _initials("First-time buyer"), _initials("Ana")
    ('FB', 'A')
    """
    words = [word for word in name.split() if word[:1].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper() or "?"


def _pictured(picture: str | os.PathLike[str]) -> dict[str, str]:
    if isinstance(picture, str) and 1 <= len(picture.strip()) <= 3:
        return {"initials": picture.strip(), "picture": ""}
    return {"picture": data_uri(picture, "picture")}


def pinned(store: Store) -> dict[str, bool]:
    """Uid of a coding to True where its quote is pinned, False where it is banned."""
    return {uid: bool(body.get("pinned")) for uid, body in store.documents("pin").items()}
