"""Verbs about the map's lanes: their order and names, what is written into them, what is aimed at.

Everything is kept as documents of the study, journalled, and undone by ``study.undo(actor)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.journeymap.arrange import Lane, arranged, lane_of
from cjm_widgets.journeymap.facts import EVIDENCE, LANES, Target
from cjm_widgets.journeymap.lanes import lane_name
from cjm_widgets.study.base import EDITOR, StudyBase
from cjm_widgets.words import say

if TYPE_CHECKING:
    from cjm_widgets.store import Store

LONGEST = 60
"""Characters of a lane's name."""
_ORDER = "note-order"


class LaneVerbs(StudyBase):
    """Lanes, notes and targets of the map."""

    def lane(
        self,
        name: str,
        *,
        title: str | None = None,
        before: str | None = None,
        hidden: bool | None = None,
        backstage: bool | None = None,
        remove: bool = False,
        actor: str = EDITOR,
    ) -> pd.DataFrame:
        """Name, move, hide or make a lane of the map; what is not given stays as it is.

        Parameters
        ----------
        name
            A lane of the map (``"pains"``, ``"goals"``…: see `lanes`); any other name makes a
            lane of its own, to be filled with notes or with codes under a code of that name.
        title
            What it is called on the map; ``""`` gives its usual name back.
        before
            Lane it is to stand above; ``""`` gives its usual place back. A lane stays on its
            side of the line of visibility.
        hidden
            Whether it is left out of maps and of the files made of them.
        backstage
            Whether it stands below the line of visibility.
        remove
            Forget all of this; a lane of one's own that holds notes still stands on the map.
        actor
            Who does it; undone by ``study.undo(actor)``.

        Returns
        -------
        pandas.DataFrame
            All lanes, as `lanes` gives them.

        Raises
        ------
        ArgumentError
            If a name is empty or longer than 60 characters.
        UnknownName
            If `before` is no lane.
        """
        key = _key(name)
        known = self._store.documents("lane")
        if remove:
            if key in known:
                self._store.drop_document("lane", key, actor)
            return self.lanes()
        body = dict(known.get(key, {}))
        if title is not None:
            body["title"] = _titled(title)
        if before is not None:
            body["before"] = self._lane_known(before) if before else ""
            # A newer wish for a place goes before an older one.
            body["moved"] = 1 + max((int(b.get("moved", 0)) for b in known.values()), default=0)
        if hidden is not None:
            body["hidden"] = bool(hidden)
        if backstage is not None:
            body["backstage"] = bool(backstage)
        if key not in LANES:
            body.setdefault("hidden", False)
        self._store.put_document("lane", key, body, actor)
        return self.lanes()

    def lanes(self) -> pd.DataFrame:
        """The map's lanes from top to bottom, those without content and hidden ones too.

        Returns
        -------
        pandas.DataFrame
            Columns `lane` (key), `title` (as the map calls it), `hidden`, `backstage`, `notes`
            (how many are written into it).
        """
        choices = lane_choices(self._store)
        notes = self.notes()["lane"].map(lane_name).value_counts()
        names = {*LANES, *(choice.key for choice in choices), *(str(lane) for lane in notes.index)}
        visible = set(arranged(names, choices).lanes)
        # With all of them shown, hidden ones have their places too.
        shown = [
            Lane(c.key, c.title, c.before, hidden=False, backstage=c.backstage) for c in choices
        ]
        shown += [Lane("channels", hidden=False)] * all(c.key != "channels" for c in shown)
        whole = arranged(names, shown)
        rows = [
            (
                lane,
                whole.names.get(lane) or self._lane_title(lane),
                lane not in visible,
                lane in whole.below,
                int(notes.get(lane, 0)),
            )
            for lane in whole.lanes
        ]
        frame = pd.DataFrame(rows, columns=["lane", "title", "hidden", "backstage", "notes"])
        return frame.astype({"lane": "str", "title": "str", "hidden": "bool", "backstage": "bool"})

    def notes(self) -> pd.DataFrame:
        """What was written into the map's lanes, in the order in which the map shows it.

        Returns
        -------
        pandas.DataFrame
            Columns `stage` (key), `lane`, `text`, `author`, `at` (UTC), `note` (its public name).
        """
        kept = self._store.notes()
        here = kept[(kept["on_kind"] == "stage") & kept["lane"].notna()]
        columns = ["stage", "lane", "text", "author", "at", "note"]
        frame = here.rename(columns={"on_uid": "stage"})[columns].reset_index(drop=True)
        places = {
            uid: place
            for body in self._store.documents(_ORDER).values()
            for place, uid in enumerate(body.get("notes", []))
        }
        if places:
            frame = frame.assign(place=frame["note"].map(places).fillna(len(places)))
            frame = frame.sort_values("place", kind="stable").drop(columns="place")
        return frame.reset_index(drop=True)

    def change_note(self, note: str, text: str, *, actor: str = EDITOR) -> None:
        """Give a note other words; its author and its place stay.

        Parameters
        ----------
        note
            Its public name, as `notes` gives it in the column `note`.
        text
            The new words.
        actor
            Who does it; undone by ``study.undo(actor)``.

        Raises
        ------
        UnknownName
            If there is no such note.
        ArgumentError
            If the text is empty.
        """
        if not isinstance(text, str) or not text.strip():
            raise ArgumentError("a note needs a text that is not empty; remove_note takes it away")
        self._store.change_note(self._note_known(note), text.strip(), actor)

    def remove_note(self, note: str, *, actor: str = EDITOR) -> None:
        """Take a note off the map; ``study.undo(actor)`` brings it back.

        Raises
        ------
        UnknownName
            If there is no such note.
        """
        self._store.remove_note(self._note_known(note), actor)

    def order_notes(self, notes: Sequence[str], *, actor: str = EDITOR) -> None:
        """Say in which order notes of one lane and stage stand; those not named follow.

        Parameters
        ----------
        notes
            Public names, as `notes` gives them in the column `note`.
        actor
            Who does it; undone by ``study.undo(actor)``.

        Raises
        ------
        UnknownName
            If there is no such note.
        ArgumentError
            If they are not of one lane and one stage.
        """
        wanted = [self._note_known(note) for note in notes]
        places = {
            (str(row["stage"]), lane_name(str(row["lane"])))
            for row in self.notes().to_dict("records")
            if row["note"] in wanted
        }
        if len(places) != 1:
            raise ArgumentError(
                "order_notes takes the notes of one lane at one stage; these are of "
                f"{len(places)}: order each by itself"
            )
        stage, lane = places.pop()
        self._store.put_document(_ORDER, f"{stage}/{lane}", {"notes": wanted}, actor, "note")

    def target(
        self,
        stage: str,
        *,
        valence: float | None = None,
        text: str | None = None,
        remove: bool = False,
        actor: str = EDITOR,
    ) -> pd.DataFrame:
        """Say what is aimed at for a stage; drawn by ``study.map(kind="future")``.

        Parameters
        ----------
        stage
            Key or name.
        valence
            Valence aimed at, −1…1.
        text
            What is to be different then.
        remove
            Take the target away.
        actor
            Who does it; undone by ``study.undo(actor)``.

        Returns
        -------
        pandas.DataFrame
            All targets, as `targets` gives them.

        Raises
        ------
        UnknownName
            If there is no such stage.
        ArgumentError
            If the valence lies outside −1…1, or nothing is said.
        """
        key = self._ensure_journey().stage(stage).key
        known = self._store.documents("target")
        if remove:
            if key in known:
                self._store.drop_document("target", key, actor)
            return self.targets()
        if valence is None and text is None:
            raise ArgumentError("a target needs a valence from −1 to 1, a text, or both")
        body: dict[str, Any] = dict(known.get(key, {}))
        if valence is not None:
            if isinstance(valence, bool) or not -1 <= float(valence) <= 1:
                raise ArgumentError(f"a target's valence lies between −1 and 1, not {valence!r}")
            body["valence"] = float(valence)
        if text is not None:
            body["text"] = str(text).strip()
        self._store.put_document("target", key, {**body, "author": actor}, actor)
        return self.targets()

    def targets(self) -> pd.DataFrame:
        """What is aimed at: `stage` (key), `valence` (−1…1 or missing), `text`, `author`."""
        rows = [
            (key, target.valence, target.text, target.author)
            for key, target in stage_targets(self._store).items()
        ]
        frame = pd.DataFrame(rows, columns=["stage", "valence", "text", "author"])
        return frame.astype({"stage": "str", "valence": "float64", "text": "str", "author": "str"})

    def _note_known(self, note: str) -> str:
        known = list(self.notes()["note"])
        if note not in known:
            raise UnknownName("note", str(note), known)
        return note

    def _lane_known(self, name: str) -> str:
        known = list(self.lanes()["lane"])
        key = _key(name)
        if key not in known:
            raise UnknownName("lane", name, known)
        return key

    def _lane_title(self, lane: str) -> str:
        return say(f"map.lanes.{lane}", self.language) if lane in LANES else lane


def _key(name: str) -> str:
    if not isinstance(name, str) or not name.strip() or len(name.strip()) > LONGEST:
        raise ArgumentError(f"a lane's name is a text of 1 to {LONGEST} characters, not {name!r}")
    folded = name.strip().casefold()
    return folded if folded in EVIDENCE else lane_name(name)


def _titled(title: str) -> str:
    if not isinstance(title, str) or len(title.strip()) > LONGEST:
        raise ArgumentError(f"a lane's title is a text of at most {LONGEST} characters")
    return title.strip()


def lane_choices(store: Store) -> tuple[Lane, ...]:
    """What people chose for lanes, those moved last at the end."""
    bodies = store.documents("lane")
    order = sorted(bodies, key=lambda key: int(bodies[key].get("moved", 0)))
    return tuple(lane_of(key, bodies[key]) for key in order)


def stage_targets(store: Store) -> dict[str, Target]:
    """Key of a stage to what is aimed at."""
    return {
        key: Target(body.get("valence"), str(body.get("text", "")), str(body.get("author", "")))
        for key, body in store.documents("target").items()
    }
