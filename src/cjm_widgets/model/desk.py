"""Desk: what a coding widget may ask of a study, and nothing of how it is stored.

A desk belongs to one coder. Offsets are code points, valences −1…1, stages and codes go
by their keys, coders by name. Every answer is a frozen dataclass that `plain` turns into
what JSON can carry. See docs/protocol.md for the messages between browser and kernel.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from cjm_widgets.model.coding import Coding
from cjm_widgets.model.suggestion import Suggestion, Worth

Act = Literal[
    "code", "edit", "remove", "undo", "redo", "refuse", "codebook", "bulk", "memo", "link"
]
Status = Literal["all", "todo", "done"]
MemoKind = Literal["text", "stage", "code", "coding", "study"]
Order = Literal["order", "random", "stratified", "uncertain", "disagreement"]
Refusal = Literal["conflict", "moved", "invalid", "busy", "lost_file", "newer_schema"]


@dataclass(frozen=True, slots=True)
class StageItem:
    """A stage as the coder's panel shows it."""

    key: str
    names: Mapping[str, str]
    """Language to name."""
    parent: str | None
    """Key of the stage it is part of."""
    n: int
    """Codings of this coder at this stage."""


@dataclass(frozen=True, slots=True)
class CodeItem:
    """A code as the coder's panel shows it."""

    key: str
    name: str
    kind: str
    parent: str | None
    definition: str
    colour: str
    n: int
    """Codings of this coder that bear this code."""


@dataclass(frozen=True, slots=True)
class Filter:
    """An attribute the queue can be filtered by."""

    key: str
    """``channel``, ``touchpoint``, ``language`` or the name of an attribute."""
    values: tuple[str, ...]
    """Its values, the most frequent first, at most 50."""


@dataclass(frozen=True, slots=True)
class Step:
    """The action that an undo or a redo would turn back."""

    op: str
    """The operation's id, as its maker gave it."""
    label: str
    """What it did: ``code``, ``edit``, ``remove``, ``import``, ``add_code``, ``merge_codes``,
    ``recode``, ``memo``…; `cjm_widgets.words` has them under ``history.labels``."""


@dataclass(frozen=True, slots=True)
class Top:
    """What undo and redo would do now."""

    undo: Step | None = None
    redo: Step | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """Which texts the queue shows, and in which order."""

    status: Status = "all"
    """``todo``: not yet coded by this coder; ``done``: coded by this coder."""
    search: str = ""
    """Words, matched as accent-folded word prefixes; all must occur."""
    filters: Mapping[str, str] = field(default_factory=dict)
    """Filter key to the value wanted."""
    order: Order = "order"
    """``order``: as in the study; ``random``: drawn, the same for a coder every time;
    ``stratified``: every stage in turn; ``uncertain``: where the classifier hesitates most;
    ``disagreement``: texts that coders coded differently (for review, not for blind coding).
    Places (`Item.pos`) are those of the order asked for."""


@dataclass(frozen=True, slots=True)
class Opening:
    """All a coder's widget needs before the first text."""

    study: str
    """The study's public name, stable for its life: the browser's outbox goes by it."""
    name: str
    """The study's title."""
    coder: str
    language: str
    seq: int
    """The journal's last number: what `since` counts from."""
    total: int
    """Texts in the study."""
    done: int
    """Texts this coder has coded."""
    stages: tuple[StageItem, ...]
    codes: tuple[CodeItem, ...]
    filters: tuple[Filter, ...]
    bookmark: Mapping[str, Any]
    """Where the coder left off, as `mark` kept it."""
    top: Top
    retired: tuple[CodeItem, ...] = ()
    """Codes that are offered no more and can be offered again."""
    orders: tuple[Order, ...] = ("order",)
    """Orders the queue can be in; none where it goes through a sample, which has its own."""


@dataclass(frozen=True, slots=True)
class Item:
    """A text as a line of the queue."""

    id: int
    pos: int
    """Its place in the study; the queue's order and cursor."""
    title: str
    """Respondent, or the source's id, or the place."""
    channel: str
    language: str
    preview: str
    """Its first 160 code points, white space folded."""
    stages: tuple[str, ...]
    """Keys of the stages this coder has put there, each once, in order of passages."""
    n: int
    """Codings of this coder."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the queue."""

    items: tuple[Item, ...]
    before: int | None
    """Cursor of the previous page; None at the start."""
    after: int | None
    """Cursor of the next page; None at the end."""
    unsearched: int = 0
    """Texts in which a search has not looked yet: their words are still being indexed."""


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """Who speaks in a part of a transcript; offsets are code points, the name not included."""

    start: int
    stop: int
    speaker: str
    """As it stands in the text."""
    role: Literal["respondent", "interviewer"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One text with all a coder needs to work on it."""

    id: int
    pos: int
    version: int
    title: str
    text: str
    language: str
    attributes: tuple[tuple[str, str], ...]
    """Name and value, as they are shown above the text: channel, touchpoint, date, …"""
    sentences: tuple[tuple[int, int], ...]
    """Ranges ``[start, stop)`` in code points, in order, not overlapping."""
    codings: tuple[Coding, ...]
    """This coder's live codings, by start."""
    turns: tuple[SpokenTurn, ...] = ()
    """Who speaks where, in order; empty where the text is no transcript."""


@dataclass(frozen=True, slots=True)
class Op:
    """One thing a coder does."""

    op: str
    """Unique id made by the caller; the same id again returns the first receipt."""
    act: Act
    row: str | None = None
    """The coding's uid: made by the caller for ``code``, known for ``edit`` and ``remove``;
    likewise that of a memo or a link."""
    base: int | str | None = None
    """What an edit or removal builds on: the row's rev, or the op that wrote it last."""
    seen_version: int | None = None
    """The version of the text the coder saw."""
    expect: str | None = None
    """The op that an undo or redo means; None takes whatever is on top."""
    body: Mapping[str, Any] = field(default_factory=dict)
    """``code``: feedback, start, stop and any of stage, valence, codes, memo, origin and, for an
    accepted suggestion, `suggestion`: what was proposed. ``refuse``: a suggestion's fields.
    ``edit``: those of start, stop, stage, valence, codes, memo that change.
    ``codebook``, ``bulk``, ``memo``, ``link``: see docs/protocol.md."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What became of a code that somebody else had merged or retired meanwhile."""

    what: Literal["merged", "retired"]
    code: str
    """Key of the code that was meant."""
    into: str | None = None
    """Key of the code the coding bears instead; None where it keeps the one that was meant."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an op; given only after it is on disk."""

    ok: bool
    op: str
    seq: int = 0
    rows: tuple[Coding, ...] = ()
    """The codings the op changed, as they are now; removed ones have ``gone``."""
    stale: bool = False
    """Whether the text was replaced since the coder saw it."""
    top: Top = Top()
    why: Refusal | None = None
    say: str = ""
    """For a refused op: what happened and what to do, for the log; the widget has its own words."""
    codes: tuple[CodeItem, ...] | None = None
    """The panel as it is now, where the op changed the codebook."""
    notices: tuple[Notice, ...] = ()
    """Codes that were merged or retired since the coder saw them; the coding is kept."""
    reopen: bool = False
    """Whether more rows changed than `rows` tells, so that what is shown must be asked again."""


@dataclass(frozen=True, slots=True)
class Memo:
    """What somebody wrote on something; several on one thing are a thread, the oldest first."""

    uid: str
    on_kind: MemoKind
    on: str
    """Key of the stage or code, uid of the coding, number of the text; empty for the study."""
    author: str
    text: str
    at: str
    """When it was written or last changed: ISO 8601, UTC."""
    mine: bool
    """Whether this coder wrote it, and so may change it."""


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """A passage that a link begins or ends at, as far as is needed to show it and go there."""

    uid: str
    """Of the coding."""
    feedback: int
    title: str
    """What its text is called."""
    words: str
    """Its first 120 code points; empty where the text was replaced since."""


@dataclass(frozen=True, slots=True)
class Link:
    """From one passage of the coder's own to another."""

    uid: str
    start: str
    """Uid of the coding it comes from."""
    stop: str
    """Uid of the coding it leads to."""
    kind: str
    """What the one is to the other, such as ``explains``; may be empty."""
    text: str
    ends: tuple[LinkEnd, ...] = ()
    """Both passages, the one it comes from first."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What this coder's widget must learn since a journal number."""

    seq: int
    rows: tuple[Coding, ...]
    """This coder's codings changed meanwhile (by another kernel, say)."""
    reopen: bool
    """Whether stages, codes or texts changed, so that `open` must be asked again."""
    top: Top


class Desk(Protocol):
    """A coder's desk. Methods may be called from any thread; each is one transaction."""

    def open(self) -> Opening: ...

    def page(
        self, query: Query, *, after: int | None = None, before: int | None = None, limit: int = 30
    ) -> Page:
        """Texts after (or before) a cursor, exclusive, by place; at most `limit` (1 to 200)."""
        ...

    def around(self, query: Query, pos: int, limit: int = 30) -> Page:
        """The page that begins at or before the place `pos`, for a jump."""
        ...

    def next(self, query: Query, pos: int) -> Item | None:
        """The first text after `pos` that fits the query; None when there is no more."""
        ...

    def text(self, id: int) -> Sheet: ...

    def suggest(
        self, feedback: int, within: tuple[int, int] | None = None
    ) -> tuple[Suggestion, ...]:
        """Suggestions for what this coder has neither coded nor refused in a text, or in a range
        of it. Of many sentences only the first 120 are judged."""
        ...

    def worth(self) -> Worth:
        """What suggestions are worth to this coder, as far as it is known; never waited for."""
        ...

    def apply(self, op: Op) -> Receipt:
        """Do one thing and give its receipt; refusals are receipts too, never exceptions."""
        ...

    def since(self, seq: int) -> Changes: ...

    def memos(self, kind: MemoKind, uid: str) -> tuple[Memo, ...]:
        """The thread on something, the oldest first.

        Everybody's on codes, stages, the study and this coder's own codings; only this
        coder's on texts, and none on others' codings: coders are blind to one another.
        """
        ...

    def links(self, feedback: int) -> tuple[Link, ...]:
        """Links that begin or end at this coder's live codings of a text."""
        ...

    def mark(self, values: Mapping[str, Any]) -> None:
        """Keep where the coder is; not journalled."""
        ...


_ATOMS = frozenset((str, int, float, bool, type(None)))
_FIELDS: dict[type, tuple[str, ...]] = {}
"""Names of the fields of each dataclass that `plain` has met: it stands in the way of "Saved"."""


def plain(value: Any) -> Any:
    """Dataclasses, mappings and tuples as what JSON can carry.

    >>> plain(Top(undo=Step("a1", "code")))
    {'undo': {'op': 'a1', 'label': 'code'}, 'redo': None}
    """
    kind = type(value)
    if kind in _ATOMS:
        return value
    names = _FIELDS.get(kind)
    if names is None and dataclasses.is_dataclass(kind):
        names = _FIELDS[kind] = tuple(field.name for field in dataclasses.fields(kind))
    if names is not None:
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value
