"""Import feedback: many small transactions, one action in the journal.

New texts are written chunk by chunk under a batch that is hidden until the last
transaction. What the import changes in texts that were there before is staged and applied
in that last transaction, together with the batch's becoming visible. So an import that is
killed has never happened: the study opens as it was, and what the dead import left hidden
is cleared away by the next one.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from cjm_widgets.errors import BusyStudy, Conflict
from cjm_widgets.store.contents import structure, turns
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Database, Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history import journal
from cjm_widgets.store.history.journal import Write
from cjm_widgets.store.imports.digests import Digests
from cjm_widgets.store.imports.finish import apply_staged
from cjm_widgets.store.imports.leftovers import DROP_BATCH, LAST, OPEN, clear, running
from cjm_widgets.store.imports.prepare import Preparation, Rows
from cjm_widgets.store.tables import cuts, names, search
from cjm_widgets.store.tables.facets import Facets
from cjm_widgets.store.tables.rows import BATCHES
from cjm_widgets.text.turns import Speech, may_be_transcript

if TYPE_CHECKING:
    import pandas as pd

_B, _F, _D = schema.batch, schema.feedback, schema.content

_STAGE = Statement(sa.insert(schema.staged))
_SOURCE = Statement(
    sa.select(schema.source.c.id).where(schema.source.c.name == sa.bindparam("the_name"))
)
_ADD_SOURCE = Statement(
    sa.insert(schema.source).values(name=sa.bindparam("name")).returning(schema.source.c.id)
)
_HAS = Statement(sa.select(_F.c.id).where(_F.c.source == sa.bindparam("the_source")).limit(1))
_BEGIN = Statement(
    sa.insert(_B)
    .values(
        {
            name: sa.bindparam(name)
            for name in ("uid", "source", "sha256", "first", "owner", "beat", "gone", "rev")
        }
    )
    .returning(_B.c.id)
)
_BEAT = Statement(
    sa.update(_B)
    .where(_B.c.id == sa.bindparam("the_id"), _B.c.owner == sa.bindparam("the_owner"))
    .values(beat=sa.bindparam("beat"), n=_B.c.n + sa.bindparam("more"))
)
_RELEASE = Statement(sa.update(_B).where(_B.c.id == sa.bindparam("the_id")).values(owner=None))


@dataclass(frozen=True, slots=True)
class Added:
    """What an import did."""

    source: str
    """Name of the file or frame."""
    added: int = 0
    """Texts that are new."""
    same: int = 0
    """Texts that were there already, just so."""
    changed: int = 0
    """Texts whose words or attributes were brought up to date."""
    codings: int = 0
    """Codings written or brought up to date."""
    transcripts: int = 0
    """New texts in which speakers were found."""
    followed: int = 0
    """Codings that moved to the corrected words of their texts."""
    misfits: int = 0
    """Codings that stay at the words they were made on: the corrected ones do not fit."""
    batch: str = ""
    """Public name of the import; empty if there was nothing new."""
    seq: int = 0
    """Its number in the journal; 0 if there was nothing new."""


class Import:
    """One running import."""

    def __init__(
        self,
        base: Database,
        source: str,
        sha256: str | None,
        coder: str,
        speech: Speech | None = None,
    ) -> None:
        self.base = base
        self.speech = speech
        self.sha256 = sha256
        self.coder_name = names.clean("the coder", coder)
        self.source_name = names.clean("the source", source, longest=2_000)
        self.uid = uuid.uuid4().hex
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}:{self.uid[:8]}"
        self.count = Added(source)
        self._stages: dict[str, int] = {}
        self._digests = Digests()
        self._staged = 0
        # Speakers named now may be found in texts that were there before.
        self._told = speech is not None and bool(speech.known)

    def run(
        self, chunks: Iterable[pd.DataFrame], report: Callable[[], Mapping[str, Any]] | None
    ) -> Added:
        """Take all chunks in, then make them visible."""
        self._begin()
        try:
            prepare = Preparation()
            for frame in chunks:
                for rows in prepare(frame):
                    with self.base.write(durable=False) as tx:
                        self._chunk(tx, rows)
            self._digests.write(self.base, self.source)
            facts = dict(report()) if report is not None else {}
            return self._finish(facts)
        except BaseException:
            # Also after Ctrl+C; what a kill leaves is cleared by the next import.
            with suppress(Exception):  # the first error is the one to tell
                clear(self.base, self.batch, self.first)
            raise

    def _begin(self) -> None:
        end = time.monotonic() + self.base.patience
        while (other := running(self.base)) is not None:
            if time.monotonic() > end:
                raise BusyStudy(
                    f"another import into this study is running ({other}); wait until it is "
                    f"finished, then run this one again"
                )
            time.sleep(0.1)
        with self.base.write() as tx:
            if tx.one(OPEN) is not None:
                raise BusyStudy("another import into this study has just begun; run it again later")
            found = tx.one(_SOURCE, the_name=self.source_name)
            self.fresh = found is None
            self.source = int((found or tx.one(_ADD_SOURCE, name=self.source_name))[0])
            self.fresh = self.fresh or tx.one(_HAS, the_source=self.source) is None
            self.coder = names.actor(tx, self.coder_name, "import")
            # Not the number of a text that was forgotten: the index takes that for known.
            last = max(int(tx.one(LAST)[0] or 0), search.upto(tx))
            self.first = self.next = last + 1
            self.batch = int(
                tx.one(
                    _BEGIN,
                    uid=self.uid,
                    source=self.source,
                    sha256=self.sha256,
                    first=self.first,
                    owner=self.owner,
                    beat=journal.now(),
                    gone=1,
                    rev=0,
                )[0]
            )
            self.journey = structure.journey(tx)
            self.facets = Facets(tx)

    def _chunk(self, tx: Tx, rows: Rows) -> None:
        new = range(len(rows))
        # Before the comparison, which needs the journey with the stages that this chunk brought.
        stages = self._stage_ids(tx, rows)
        if not self.fresh:
            new = self._compare(tx, rows)  # type: ignore[assignment]  # a list serves as well
        whole = len(new) == len(rows)
        ids = range(self.next, self.next + len(new))
        beat = tx.run(
            _BEAT, the_id=self.batch, the_owner=self.owner, beat=journal.now(), more=len(new)
        )
        if beat.rowcount != 1:
            raise Conflict("another import took this one for dead and cleared it; run it again")
        if not len(new):
            return
        self.next += len(new)

        def take(values: list[Any]) -> list[Any]:
            return values if whole else [values[i] for i in new]

        n = len(new)
        texts = take(rows.text)
        tx.bulk(
            _F,
            {
                "id": ids,
                "source_id": take(rows.ids),
                "respondent": take(rows.respondent),
                "at": take(rows.at),
                "channel": take(rows.channel),
                "touchpoint": take(rows.touchpoint),
                "language": take(rows.language),
                "attrs": take(rows.attrs),
                "text": texts,
            },
            {"batch": self.batch, "source": self.source, "version": 1, "rev": 0},
        )
        if rows.digests:
            self._digests.keep(take(rows.digests), ids)
        spoken = turns.write(tx, ids, texts, take(rows.ids), self.speech)
        for key, kind in rows.kinds.items():
            self.facets.declare(tx, key, kind)
        for key, values in rows.facets.items():
            self.facets.index(tx, key, take(values), ids)
        codings = 0
        if rows.rated:
            codings = self._codings(tx, ids, texts, take(stages), take(rows.valence))
        self.count = replace(
            self.count,
            added=self.count.added + n,
            codings=self.count.codings + codings,
            transcripts=self.count.transcripts + spoken,
        )

    def _codings(
        self,
        tx: Tx,
        ids: range,
        texts: list[str],
        stages: list[int | None],
        valences: list[float | None],
    ) -> int:
        rated = [i for i in range(len(ids)) if stages[i] is not None or valences[i] is not None]
        if not rated:
            return 0
        uids = os.urandom(16 * len(rated)).hex()
        numbers = [ids[i] for i in rated]
        tx.bulk(
            schema.coding,
            {
                "uid": [uids[at : at + 32] for at in range(0, len(uids), 32)],
                "feedback": numbers,
                "stop": [len(texts[i]) for i in rated],
                "stage": [stages[i] for i in rated],
                "valence": [valences[i] for i in rated],
                "memo": [""] * len(rated),
                "origin": ["import"] * len(rated),
            },
            {"coder": self.coder, "version": 1, "start": 0, "gone": 0, "rev": 0},
        )
        tx.bulk(schema.progress, {"feedback": numbers}, {"coder": self.coder, "version": 1, "n": 1})
        return len(rated)

    def _stage_ids(self, tx: Tx, rows: Rows) -> list[int | None]:
        if not rows.rated:
            return [None] * len(rows)
        for name in dict.fromkeys(rows.stage):
            if name is not None and name not in self._stages:
                # Whoever gives the chunks may have added their stages to the journey.
                self.journey = structure.journey(tx)
                key = self.journey.stage(name).key
                self._stages[name] = names.live(tx, "stage", key)
        return [None if name is None else self._stages[name] for name in rows.stage]

    def _compare(self, tx: Tx, rows: Rows) -> list[int]:
        """Which rows are new; stages what the others change."""
        there = self._there(tx, rows)
        ratings = self._ratings(tx, [row[0] for row in there.values()]) if rows.rated else {}
        hidden = tx.hidden()
        new, same, staged = [], 0, []
        for i, given in enumerate(rows.ids):
            row = there.get(rows.digests[i] if given is None else given)
            if row is None:
                new.append(i)
                continue
            body = _difference(rows, i, row)
            if row[1] in hidden:
                body["batch"] = self.batch
            if rows.stage[i] is not None or rows.valence[i] is not None:
                stage = rows.stage[i]
                key = None if stage is None else self.journey.stage(stage).key
                rating = (key, rows.valence[i])
                if ratings.get(row[0]) != rating or "text" in body or "batch" in body:
                    body["rating"] = rating
            if self._told and "text" not in body and self._recut(tx, row, rows.text[i], given):
                body["cut"] = True
            if body:
                self._staged += 1
                staged.append((self.batch, self._staged, row[0], json.dumps(body)))
            else:
                same += 1
        if staged:
            tx.many(_STAGE, staged)
        for key, kind in rows.kinds.items():
            self.facets.declare(tx, key, kind)
        self.count = replace(self.count, same=self.count.same + same)
        return new

    def _recut(self, tx: Tx, row: Any, text: str, name: str | None) -> bool:
        """Whether what is told about speakers cuts a text otherwise than it is cut."""
        if not may_be_transcript(text):
            return False
        return turns.cut(row[0], text, name, self.speech) != cuts.cut_of(tx, row[0], row[-1])

    def _there(self, tx: Tx, rows: Rows) -> dict[str | int, Any]:
        """The rows that this source brought before, by id or digest."""
        columns = (
            _F.c.id,
            _F.c.batch,
            _F.c.text,
            _F.c.respondent,
            _F.c.at,
            _F.c.channel,
            _F.c.touchpoint,
            _F.c.language,
            _F.c.attrs,
            _F.c.version,
        )
        found: list[Any] = []
        named = [given for given in rows.ids if given is not None]
        if named:
            found += tx.fetch(
                sa.select(_F.c.source_id, *columns).where(
                    _F.c.source == self.source, _F.c.source_id.in_(named)
                )
            )
        if rows.digests:
            found += tx.fetch(
                sa.select(_D.c.digest, *columns)
                .join(_F, _F.c.id == _D.c.feedback)
                .where(_D.c.source == self.source, _D.c.digest.in_(rows.digests))
            )
        return {row[0]: row[1:] for row in found}

    def _ratings(self, tx: Tx, ids: list[int]) -> dict[int, tuple[str | None, float | None]]:
        """What this coder's import codings say about some texts."""
        c, s = schema.coding, schema.stage
        rows = tx.fetch(
            sa.select(c.c.feedback, s.c.uid, c.c.valence)
            .outerjoin(s, s.c.id == c.c.stage)
            .where(c.c.coder == self.coder, c.c.origin == "import", c.c.feedback.in_(ids))
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def _finish(self, facts: Mapping[str, Any]) -> Added:
        with self.base.write() as tx:
            count = self.count
            if not count.added and not self._staged:
                tx.run(DROP_BATCH, the_id=self.batch)
                return count
            beat = tx.run(
                _BEAT, the_id=self.batch, the_owner=self.owner, beat=journal.now(), more=0
            )
            if beat.rowcount != 1:
                raise Conflict("another import took this one for dead and cleared it; run it again")
            seq = journal.begin(tx, self.coder, self.uid, "import")
            found = BATCHES.find(tx, self.uid)
            after = {
                "source": self.source,
                "sha256": self.sha256,
                "report": json.dumps(facts, ensure_ascii=False, default=str),
                "seq": seq,
                "gone": 0,
            }
            journal.write(tx, seq, Write(BATCHES, self.uid, found, after))
            tx.run(_RELEASE, the_id=self.batch)
            old = apply_staged(tx, seq, self.batch, self.coder, self.speech)
        self.base.checkpoint()
        if count.added > search.SOON:
            search.begin(self.base)
        return replace(
            count,
            added=count.added + old.back,
            changed=old.changed,
            same=count.same + old.same,
            codings=count.codings + old.codings,
            followed=old.followed,
            misfits=old.misfits,
            batch=self.uid,
            seq=seq,
        )


def _difference(rows: Rows, i: int, row: Any) -> dict[str, Any]:
    """What a row says otherwise than the stored one. A gap says nothing: it erases nothing."""
    _, _, text, respondent, at, channel, touchpoint, language, attrs, _ = row
    pairs = (
        ("text", rows.text[i], text),
        ("respondent", rows.respondent[i], respondent),
        ("at", rows.at[i], at),
        ("channel", rows.channel[i], channel),
        ("touchpoint", rows.touchpoint[i], touchpoint),
        ("language", rows.language[i], language),
    )
    body: dict[str, Any] = {name: new for name, new, old in pairs if new is not None and new != old}
    if rows.attrs[i] is not None and rows.attrs[i] != attrs:
        before = json.loads(attrs) if attrs else {}
        after = {**before, **json.loads(rows.attrs[i] or "{}")}
        if after != before:
            body["attrs"] = json.dumps(
                after, ensure_ascii=False, sort_keys=True, separators=(",", ":")
            )
    return body
