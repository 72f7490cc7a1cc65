"""Search by words: accent-folded word prefixes, the same on both engines.

Python folds and cuts the words, the engines only look them up. After a large import a thread
makes the index, some thousand texts a transaction; so importing stays fast, and a search never
waits for more than `SOON` texts: of the others it says how many were not searched. What a kill
leaves undone is done by the next search. `meta.searchable` holds the number of the last text
that the index knows.
"""

from __future__ import annotations

import functools
import re
import threading
import time
import unicodedata
import weakref
from contextlib import suppress

import sqlalchemy as sa

from cjm_widgets.errors import CjmError
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Database, Tx
from cjm_widgets.store.engine.statement import Statement

CHUNK = 5_000
"""Texts indexed in one transaction, so that coders wait less than 100 ms."""

SOON = 4_000
"""Texts that a search indexes before it answers."""

LONGEST = 64
"""Code points kept of a word."""

MOST = 20_000
"""Different words kept of a text; PostgreSQL holds 1 MiB of them."""

_WORD = re.compile(r"[^\W_]+")
_OTHER = re.compile(r"[^\x00-\x7f]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})

_KNOWN = Statement(sa.select(schema.meta.c.value).where(schema.meta.c.key == "searchable"))
_KNOW = Statement(
    sa.update(schema.meta)
    .where(schema.meta.c.key == "searchable")
    .values(value=sa.bindparam("upto"))
)
_LAST = Statement(sa.select(sa.func.max(schema.feedback.c.id)))
_OPEN = Statement(
    sa.select(sa.func.min(schema.batch.c.first)).where(schema.batch.c.owner.is_not(None))
)
_NEXT = Statement(
    sa.select(schema.feedback.c.id, schema.feedback.c.text)
    .where(schema.feedback.c.id > sa.bindparam("after"), schema.feedback.c.id < sa.bindparam("end"))
    .order_by(schema.feedback.c.id)
    .limit(CHUNK)
)

_ADD = {
    "sqlite": "INSERT INTO words (rowid, body) VALUES (?, ?)",
    "postgresql": "INSERT INTO words (feedback, body) VALUES (%s, array_to_tsvector(%s::text[]))",
}


def words(text: str) -> list[str]:
    """The words of a text, each once, without accents and capitals.

    >>> words("Cœur d’Été, ÉTÉ: n°3!")
    ['coeur', 'd', 'ete', 'n', '3']
    """
    folded = text.casefold()
    if not folded.isascii():
        folded = _OTHER.sub(lambda letters: _plain(letters[0]), folded)
    found = dict.fromkeys([word[:LONGEST] for word in _WORD.findall(folded)])
    return list(found)[:MOST]


@functools.lru_cache(maxsize=4_096)
def _plain(letters: str) -> str:
    """Letters beyond ASCII without their accents; a language has few of them."""
    apart = unicodedata.normalize("NFKD", letters.translate(_LIGATURES))
    return "".join([c for c in apart if not unicodedata.combining(c)])


def catch_up(base: Database) -> None:
    """Index what is not indexed yet, some thousand texts a transaction."""
    with base.read() as tx:
        if upto(tx) >= _end(tx) - 1:
            return
    more = True
    while more:
        with base.write() as tx:
            more = _index(tx)


def ready(base: Database) -> int:
    """Bring the index up to date where that is quick, else begin to; gives the number of texts
    that a search cannot see yet."""
    with base.read() as tx:
        behind = _end(tx) - 1 - upto(tx)
    if behind > SOON:
        begin(base)
        return behind
    if behind > 0:
        catch_up(base)
    return 0


_working: weakref.WeakKeyDictionary[Database, threading.Thread] = weakref.WeakKeyDictionary()
_starting = threading.Lock()


def begin(base: Database) -> None:
    """Make the index in the background; coders go first."""
    with _starting:
        thread = _working.get(base)
        if thread is not None and thread.is_alive():
            return
        thread = threading.Thread(
            target=_work, args=(weakref.ref(base),), name="cjm-index", daemon=True
        )
        _working[base] = thread
        with suppress(RuntimeError):  # the interpreter is shutting down
            thread.start()


def wait(base: Database, seconds: float) -> None:
    """Wait until what is done in the background is done, or the time is over."""
    thread = _working.get(base)
    if thread is not None and thread.is_alive():
        thread.join(seconds)


def _work(found: weakref.ref[Database]) -> None:
    more = True
    while more:
        base = found()
        if base is None or base.closed:
            return
        begun = time.monotonic()
        # The file may be gone, locked or closed just now: the next search begins again.
        try:
            with base.write(durable=False) as tx:
                more = _index(tx)
        except CjmError:
            return
        del base
        time.sleep((time.monotonic() - begun) / 2)


def upto(tx: Tx) -> int:
    """Number of the last text that the index knows; of one forgotten since, too."""
    return int(tx.one(_KNOWN)[0])


def _end(tx: Tx) -> int:
    """The number before which texts may be indexed: those of a running import may vanish."""
    first = tx.one(_OPEN)[0]
    return int(first if first is not None else (tx.one(_LAST)[0] or 0) + 1)


def _index(tx: Tx) -> bool:
    rows = tx.all(_NEXT, after=upto(tx), end=_end(tx))
    if not rows:
        return False
    tx.raw.cursor().executemany(
        _ADD[tx.backend], [(number, _body(tx, text)) for number, text in rows]
    )
    tx.run(_KNOW, upto=str(rows[-1][0]))
    return len(rows) == CHUNK


def _body(tx: Tx, text: str) -> str | list[str]:
    return " ".join(words(text)) if tx.backend == "sqlite" else words(text)


def replace(tx: Tx, feedback: int, old: str, new: str) -> None:
    """Keep the index in step with a text that changes."""
    if feedback > upto(tx):
        return
    if tx.backend == "sqlite":
        # Without its content the index must be told what it forgets.
        tx.raw.execute(
            "INSERT INTO words (words, rowid, body) VALUES ('delete', ?, ?)",
            (feedback, _body(tx, old)),
        )
        tx.raw.execute(_ADD["sqlite"], (feedback, _body(tx, new)))
    else:
        tx.raw.execute(
            "UPDATE words SET body = array_to_tsvector(%s::text[]) WHERE feedback = %s",
            (_body(tx, new), feedback),
        )


def forget(tx: Tx, feedback: int, text: str) -> None:
    """Take a text out of the index."""
    if feedback > upto(tx):
        return
    if tx.backend == "sqlite":
        tx.raw.execute(
            "INSERT INTO words (words, rowid, body) VALUES ('delete', ?, ?)",
            (feedback, _body(tx, text)),
        )
    else:
        tx.raw.execute("DELETE FROM words WHERE feedback = %s", (feedback,))


def compact(tx: Tx) -> None:
    """Merge the index, so that words which no text has any more are not in it."""
    if tx.backend == "sqlite":
        tx.raw.execute("INSERT INTO words (words) VALUES ('optimize')")


def wanted(tx: Tx, search: str) -> str | None:
    """A search in the engine's own syntax; None if there is no word in it.

    All words must occur, each as the beginning of a word.
    """
    parts = words(search)
    if not parts:
        return None
    if tx.backend == "sqlite":
        return " AND ".join(f'"{word}" *' for word in parts)
    return " & ".join(f"'{word}':*" for word in parts)
