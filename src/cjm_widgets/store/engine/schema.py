"""The tables of a study, the same on SQLite and PostgreSQL.

Times are microseconds since 1970 in UTC; internal keys are integers, `uid` is public;
`gone` marks a row as removed; `rev` is the journal number of the action whose result the
row shows, 0 for what an import brought and nobody has touched since.
"""

from __future__ import annotations

from sqlalchemy import Column, Double, ForeignKey, Index, MetaData, Table, Text, UniqueConstraint

from cjm_widgets.store.engine.fields import Number as _Id
from cjm_widgets.store.engine.fields import key as _key
from cjm_widgets.store.engine.fields import number as _int
from cjm_widgets.store.engine.fields import part as _part
from cjm_widgets.store.engine.fields import text as _text
from cjm_widgets.store.engine.fields import uid as _uid

APPLICATION = 0x434A4D57
"""SQLite's application_id of a study: the letters CJMW."""

MARK = "cjm-widgets study"
"""What the table `meta` says under `application`, for engines without an application_id."""

metadata = MetaData()

meta = Table("meta", metadata, Column("key", Text, primary_key=True), _text("value", ""))

study = Table(
    "study",
    metadata,
    _part("id"),
    _uid(),
    _int("version", 1),
    _int("seq", 0),
    _text("name", ""),
    _text("language", "en"),
    _text("settings", "{}"),
)

actor = Table(
    "actor",
    metadata,
    _key(),
    _uid(),
    Column("name", Text, nullable=False, unique=True),
    _text("kind", "human"),
)

journey = Table(
    "journey",
    metadata,
    _key(),
    _uid(),
    _text("names", "{}"),
    _text("key", ""),
    _text("kind", "stages"),
    _int("gone", 0),
    _int("rev", 0),
)
"""One row, uid ``journey``: what the journey itself is called."""

stage = Table(
    "stage",
    metadata,
    _key(),
    _uid(),
    _text("parent"),
    _int("place", 0),
    _text("facts", "{}"),
    _int("gone", 0),
    _int("rev", 0),
)
"""The uid is the stage's key; facts: names, goal, touchpoints… as JSON."""

code = Table(
    "code",
    metadata,
    _key(),
    _uid(),
    _text("parent"),
    _int("place", 0),
    _text("kind", "theme"),
    _text("name", ""),
    _text("definition", ""),
    _text("colour", ""),
    _text("merged_into"),
    _int("gone", 0),
    _int("rev", 0),
)

source = Table("source", metadata, _key(), Column("name", Text, nullable=False, unique=True))

batch = Table(
    "batch",
    metadata,
    _key(),
    _uid(),
    _int("source", 0),
    _text("sha256"),
    _text("report", "{}"),
    _int("first", 0),
    _int("n", 0),
    _text("owner"),
    _int("beat", 0),
    _int("seq", 0),
    _int("gone", 0),
    _int("rev", 0),
)
"""One import. While it runs it is `gone` and `owner` names the process; `first` is the
number its first new text got, `n` how many texts it holds."""

feedback = Table(
    "feedback",
    metadata,
    _part("id"),
    _int("batch", 0),
    _int("source", 0),
    _text("source_id"),
    _int("version", 1),
    _text("respondent"),
    _int("at"),
    _text("channel"),
    _text("touchpoint"),
    _text("language"),
    _text("attrs"),
    _int("rev", 0),
    _text("text", ""),
    UniqueConstraint("source", "source_id"),
)
"""Texts with their current words. The id is also the place in the queue; `source_id` is
missing where the source has no ids: `content` finds those again."""

content = Table(
    "content",
    metadata,
    _part("source"),
    _part("digest"),
    _int("feedback", 0),
    sqlite_with_rowid=False,
)
"""Texts without an id, by a digest of their words and of how many such came before them in
their source. Apart from `feedback` because digests come in no order: an import writes them
sorted at its end, which takes a tenth of the time."""

feedback_text = Table(
    "feedback_text",
    metadata,
    Column("feedback", _Id, ForeignKey("feedback.id"), primary_key=True),
    Column("version", _Id, primary_key=True),
    _text("text", ""),
)
"""Every version of those texts that ever changed, the current one included."""

facet = Table(
    "facet",
    metadata,
    Column("key", Text, primary_key=True),
    _text("kind", "text"),
    _int("wide", 0),
)
"""The attributes of the study; `wide` ones have too many values to filter by."""

label = Table(
    "label",
    metadata,
    _key(),
    _text("key", ""),
    _text("value", ""),
    _int("n", 0),
    UniqueConstraint("key", "value"),
)

attribute = Table(
    "attribute",
    metadata,
    _part("label"),
    _part("feedback"),
    sqlite_with_rowid=False,
)
"""Which texts bear which value of a filter."""

staged = Table(
    "staged",
    metadata,
    _part("batch"),
    _part("n"),
    _int("feedback", 0),
    _text("body", ""),
)
"""What a running import is going to change in texts that were there before it."""

coding = Table(
    "coding",
    metadata,
    _key(),
    _uid(),
    Column("feedback", _Id, ForeignKey("feedback.id"), nullable=False),
    _int("version", 1),
    _int("start", 0),
    _int("stop", 0),
    Column("coder", _Id, ForeignKey("actor.id"), nullable=False),
    Column("stage", _Id, ForeignKey("stage.id")),
    Column("valence", Double),
    _text("memo", ""),
    _text("origin", "human"),
    _text("sampled_by"),
    Column("sampled_p", Double),
    _int("gone", 0),
    _int("rev", 0),
    Index("coding_feedback", "feedback", "gone"),
    Index("coding_coder", "coder", "gone", "feedback"),
    Index("coding_stage", "stage", "gone"),
)

coding_code = Table(
    "coding_code",
    metadata,
    Column("coding", _Id, ForeignKey("coding.id"), primary_key=True),
    Column("code", _Id, ForeignKey("code.id"), primary_key=True),
    Index("coding_code_code", "code", "coding"),
    sqlite_with_rowid=False,
)

progress = Table(
    "progress",
    metadata,
    _part("coder"),
    _part("feedback"),
    _int("version", 1),
    _int("n", 0),
    sqlite_with_rowid=False,
)
"""How many live codings a coder has on a text."""

bookmark = Table(
    "bookmark",
    metadata,
    _part("coder"),
    Column("key", Text, primary_key=True),
    _text("value", "null"),
)

scorer = Table(
    "scorer",
    metadata,
    _key(),
    _text("name", ""),
    _text("version", ""),
    UniqueConstraint("name", "version"),
)

score = Table(
    "score",
    metadata,
    _part("scorer"),
    _part("unit"),
    _part("feedback"),
    _part("version"),
    _part("start"),
    _part("stop"),
    Column("value", Double),
    _int("known", 0),
    sqlite_with_rowid=False,
)

UNITS = {"text": 0, "sentence": 1, "passage": 2}
"""What a score is of, by its number in the table."""

kpi = Table(
    "kpi",
    metadata,
    _key(),
    _uid(),
    _text("name", ""),
    Column("stage", _Id, ForeignKey("stage.id")),
    _text("segment"),
    _int("at"),
    Column("value", Double),
    Column("n", Double),
    Column("low", Double),
    Column("high", Double),
    _text("unit"),
    Column("target", Double),
    _text("direction", "up"),
    _int("gone", 0),
    _int("rev", 0),
    Index("kpi_name", "name"),
)

note = Table(
    "note",
    metadata,
    _key(),
    _uid(),
    _text("on_kind", ""),
    _text("on_uid", ""),
    _text("lane"),
    _text("author", ""),
    _text("text", ""),
    _int("gone", 0),
    _int("rev", 0),
    Index("note_on", "on_kind", "on_uid"),
)
"""Notes on stages by lane, and memos on texts, codes, codings, stages and the study."""

document = Table(
    "document",
    metadata,
    _key(),
    _uid(),
    _text("kind", ""),
    _text("body", "{}"),
    _int("gone", 0),
    _int("rev", 0),
    Index("document_kind", "kind"),
)
"""What people decide outside codings, as JSON; the uid is ``kind/name``."""

turn = Table(
    "turn",
    metadata,
    _part("feedback"),
    _part("version"),
    _part("n"),
    _int("start", 0),
    _int("stop", 0),
    _text("speaker", ""),
    _text("respondent"),
    _text("role", "respondent"),
    sqlite_with_rowid=False,
)
"""Who speaks where in a transcript; the role is ``respondent`` or ``interviewer``."""

forgotten = Table("forgotten", metadata, _key(), _uid(), _int("at", 0))
"""That somebody was removed for good, and when: nothing more."""

action = Table(
    "action",
    metadata,
    _part("seq"),
    Column("op", Text, nullable=False, unique=True),
    Column("actor", _Id, ForeignKey("actor.id"), nullable=False),
    _text("kind", "do"),
    _text("label", ""),
    _int("target"),
    _text("state", "done"),
    _int("at", 0),
    Index("action_top", "actor", "state", "seq"),
)
"""State of a ``do``: done, undone or dropped; of an ``undo`` or ``redo``: past."""

change = Table(
    "change",
    metadata,
    _part("seq"),
    Column("tbl", Text, primary_key=True),
    Column("row", Text, primary_key=True),
    _text("before", ""),
    _text("after", ""),
    Index("change_row", "tbl", "row", "seq"),
    sqlite_with_rowid=False,
)
"""Whole rows before and after an action, as JSON."""

SEARCH = {
    # Words come folded and separated by spaces; the tokenizer must not fold again. Beginnings
    # of words of one to four letters have lists of their own: what has none is merged from the
    # lists of all words that begin so, which of a million texts takes 30 ms for "the".
    "sqlite": (
        """CREATE VIRTUAL TABLE words USING fts5(
        body, content='', columnsize=0, detail=none, tokenize='ascii', prefix='1 2 3 4')""",
    ),
    "postgresql": (
        "CREATE TABLE words (feedback bigint PRIMARY KEY, body tsvector NOT NULL)",
        "CREATE INDEX words_body ON words USING gin (body)",
    ),
}
"""Statements that make the search index, by engine."""
