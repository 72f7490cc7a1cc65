"""Which column is what: named by the user, else guessed from names and first rows."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from cjm_widgets.errors import ArgumentError, ReadError, UnknownName
from cjm_widgets.model.columns import FEEDBACK
from cjm_widgets.read import dates, headers
from cjm_widgets.read.arrowed import texts
from cjm_widgets.read.languages import code
from cjm_widgets.read.report import Guess
from cjm_widgets.read.table import Batch, Table
from cjm_widgets.read.vocabulary import ROLES, short, sounds_like_text

_LETTER = re.compile(r"[^\W\d_]")
_FLAGS = frozenset(("true", "false", "yes", "no", "oui", "non", "vrai", "faux", "x"))
_MARKED = re.compile(r"^\s*(https?://|www\.|\S+@\S+\.\w+\s*$|\{)")

_TOLD = 5

SINGLE = ("id", "respondent", "at", "channel", "touchpoint", "language", "stage", "valence")
"""Roles that one column at most has."""


@dataclass(slots=True)
class Plan:
    """What becomes of each column of a table."""

    text: list[int]
    roles: dict[str, int] = field(default_factory=dict)
    attributes: list[tuple[int, str]] = field(default_factory=list)
    """Column and its name in the frame."""
    guessed: list[Guess] = field(default_factory=list)
    guessed_id: bool = False

    @property
    def several(self) -> bool:
        """Whether each row has several texts, one for each question."""
        return len(self.text) > 1

    def settle(self, table: Table, dropped: set[int]) -> None:
        """Give every column without a role a name among the attributes."""
        used = {*self.text, *self.roles.values()}
        left = [j for j in range(len(table.columns)) if j not in used and j not in dropped]
        taken = [column.name for column in FEEDBACK] + (["question"] if self.several else [])
        names = headers.unique([table.columns[j] for j in left], taken)
        self.attributes = list(zip(left, names, strict=True))


def choose(table: Table, sample: Batch, asked: Mapping[str, object], file: str) -> Plan:
    """Find the columns asked for, and guess the others.

    Parameters
    ----------
    table
        The table.
    sample
        Its first rows.
    asked
        Role → column name (for ``text`` also a list of names), or None to guess.
    file
        Name of the file for messages.

    Raises
    ------
    ReadError
        If a column does not exist, or none looks like texts.
    """
    cells = _Cells(sample)
    if table.columns == ["text"] and asked.get("text") is None:
        asked = {**asked, "text": "text"}
    plan = Plan(text=_asked_texts(table, asked.get("text"), file))
    for role in SINGLE:
        name = asked.get(role)
        if name is not None:
            plan.roles[role] = find(table, name, role, file)
    taken = {*plan.text, *plan.roles.values()}
    if not plan.text:
        for role in ("respondent", "at", "language", "channel", "touchpoint", "stage", "id"):
            taken |= set(_named(table, role)[:1]) - set(_named(table, "text"))
        plan.text = [_guess_text(table, cells, taken, plan, file)]
        taken = {*plan.text, *plan.roles.values()}
    cells.texts = max(len(cells.filled(j)) for j in plan.text)
    for role in ("id", "respondent", "at", "channel", "touchpoint", "language", "stage"):
        if role in plan.roles:
            continue
        for j in _named(table, role):
            if j not in taken and cells.suits(j, role):
                plan.roles[role] = j
                plan.guessed_id = plan.guessed_id or role == "id"
                taken.add(j)
                plan.guessed.append(Guess(role, table.columns[j], "name"))
                break
    if asked.get("text") is None:
        _tell_other_texts(table, cells, taken, plan)
    return plan


def _tell_other_texts(table: Table, cells: _Cells, taken: set[int], plan: Plan) -> None:
    """Say which further columns people seem to have written in: a survey has several."""
    asking = [one.rstrip().endswith("?") for one in table.columns]
    free = [j for j in range(len(table.columns)) if j not in taken]
    found = [j for j in free if cells.essays(j, 0.0 if asking[j] else 0.3)]
    if found:
        names = [table.columns[j] for j in found[:_TOLD]] + ["…"] * (len(found) > _TOLD)
        plan.guessed.append(Guess("other_texts", ", ".join(names), "other_texts"))


def find(table: Table, name: object, role: str, file: str) -> int:
    """The number of a column: by its name, without regard to case, or by its label.

    Raises
    ------
    ArgumentError
        If the name is no text.
    ReadError
        If no column, or more than one, is called so.
    """
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise ArgumentError(f"{role}={name!r}: the name of a column is needed")
    wanted = " ".join(str(name).split())
    if wanted in table.columns:
        return table.columns.index(wanted)
    loose = [j for j, one in enumerate(table.columns) if one.casefold() == wanted.casefold()]
    labelled = [j for j, one in enumerate(table.columns) if table.labels.get(one, "") == wanted]
    for matches in (loose, labelled):
        if len(matches) == 1:
            return matches[0]
    raise ReadError(f"{role}={name!r}: {UnknownName('column', name, table.columns)}", file=file)


def _asked_texts(table: Table, asked: object, file: str) -> list[int]:
    if asked is None:
        return []
    if isinstance(asked, str | int):
        return [find(table, asked, "text", file)]
    if not isinstance(asked, Sequence) or not asked:
        raise ArgumentError(f"text={asked!r}: the name of a column, or a list of names, is needed")
    found = [find(table, one, "text", file) for one in asked]
    if len(set(found)) < len(found):
        raise ArgumentError(f"text={asked!r}: a column is named twice")
    return found


def _named(table: Table, role: str) -> list[int]:
    """Columns whose name is one of the role's, the surest first."""
    names = [short(one) for one in table.columns]
    return [j for known in ROLES[role] for j, name in enumerate(names) if name == known]


class _Cells:
    """The cells of the first rows, column by column, when they are asked for."""

    def __init__(self, sample: Batch) -> None:
        self._sample = sample
        self._filled: dict[int, list[str]] = {}
        self.texts = 0
        """Rows in which a text stands; a blank row needs no id."""

    def filled(self, j: int) -> list[str]:
        """The cells of a column in which something stands."""
        if j not in self._filled:
            column = texts(self._sample.columns[j])
            self._filled[j] = [one for one in column.to_pylist() if one and one.strip()]
        return self._filled[j]

    def suits(self, j: int, role: str) -> bool:
        """Whether what stands in a column can be what its name says."""
        kind, filled = self._sample.columns[j].type, self.filled(j)
        if role == "at" and pa.types.is_timestamp(kind):
            return True
        if not filled:
            return False
        if role == "at":
            return sum(map(_is_date, filled)) >= 0.8 * len(filled)
        if role == "language":
            return sum(code(one) is not None for one in filled) >= 0.8 * len(filled)
        if role == "id":
            return len(filled) >= self.texts and len(set(filled)) == len(filled)
        return sum(len(one) > 100 for one in filled) < 0.1 * len(filled)

    def essays(self, j: int, share: float) -> bool:
        """Whether people wrote in a column: hardly a cell twice, a share of three words."""
        filled = self.filled(j)
        if not self.wordy(j) or len(set(filled)) <= 0.6 * len(filled):
            return False
        return sum(one.strip().count(" ") > 1 for one in filled) >= share * len(filled)

    def wordy(self, j: int) -> float:
        """How much a column looks like what people wrote: 0 where it does not at all."""
        filled = self.filled(j)
        if not pa.types.is_string(self._sample.columns[j].type) or not filled:
            return 0.0
        n = len(filled)
        letters = sum(bool(_LETTER.search(one)) for one in filled)
        marked = sum(bool(_MARKED.match(one)) for one in filled)
        dated = sum(map(_is_date, filled[:50]))
        if letters < 0.5 * n or marked > 0.5 * n or dated > 0.5 * min(n, 50):
            return 0.0
        mean = sum(map(len, filled)) / n
        distinct = len(set(filled)) / n
        if n > 1 and distinct == 1 / n:
            distinct = -0.09  # one value throughout was not written by anybody
        if mean < 2 or {one.strip().casefold() for one in filled} <= _FLAGS:
            return 0.0
        spaced = sum(" " in one.strip() for one in filled) / n
        share = math.sqrt(n / max(1, len(self._sample)))
        return mean * (0.1 + distinct) * (0.1 + spaced) * share


def _is_date(text: str) -> bool:
    return dates.one(text, True) is not None or dates.one(text, False) is not None


def _guess_text(table: Table, cells: _Cells, taken: set[int], plan: Plan, file: str) -> int:
    free = [j for j in range(len(table.columns)) if j not in taken]
    score = {j: cells.wordy(j) for j in free}
    groups = (
        ("name", [j for j in _named(table, "text") if score.get(j)]),
        ("name", [j for j in free if score[j] and sounds_like_text(table.columns[j])]),
        ("longest", [j for j in free if score[j]]),
    )
    for because, found in groups:
        if found:
            best = max(found, key=lambda j: score[j])
            plan.guessed.append(Guess("text", table.columns[best], because))
            return best
    shown = ", ".join(table.columns[:20]) + (", …" if len(table.columns) > 20 else "")
    raise ReadError(
        f"no column looks like texts; say which one holds them with text=…; columns: {shown}",
        file=file,
    )
