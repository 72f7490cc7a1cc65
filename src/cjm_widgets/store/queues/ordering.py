"""In which order a coder goes through the texts, and with which chance a text came up."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError
from cjm_widgets.model.desk import Order, Query
from cjm_widgets.model.suggestion import Drawn, Suggester
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Database, Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.queues import orders, queue
from cjm_widgets.store.queues.orders import Listed, Listing, Pairs, Shuffled
from cjm_widgets.store.queues.overview import STUDY
from cjm_widgets.store.tables.rows import Image

POOL = 2_000
"""Texts, drawn at random from those not coded yet, among which the most doubtful come first."""
ENDS = "random_ends"
"""Bookmark: how many texts there were whenever the random order grew."""
RANDOM, UNCERTAIN = "random", "uncertain"
"""What `sampled_by` says where no draw was made beforehand."""

_M, _F, _B, _P = schema.bookmark, schema.feedback, schema.batch, schema.progress
_MARKED = Statement(
    sa.select(_M.c.value).where(
        _M.c.coder == sa.bindparam("the_coder"), _M.c.key == sa.bindparam("the_key")
    )
)
_TEXTS = Statement(sa.select(sa.func.coalesce(sa.func.sum(_B.c.n), 0)).where(_B.c.gone == 0))

Sampled = tuple[str | None, float | None]
"""How a text came to be coded, and with which chance."""


class Ordering:
    """The order of one coder's queue.

    Parameters
    ----------
    base
        The study's database.
    me, coder
        Number and name of the coder.
    suggester
        Who tells doubtful texts and makes samples; None: these orders are not offered.
    sample
        The only texts to be shown, where the queue is that of a sample.
    blind
        Whether the coder must not learn where others differ.
    keep
        Keeps a bookmark of the coder.
    """

    def __init__(
        self,
        base: Database,
        me: int,
        coder: str,
        *,
        suggester: Suggester | None,
        sample: Drawn | None,
        blind: bool,
        keep: Callable[[Mapping[str, Any]], None],
    ) -> None:
        self._base, self._me, self._coder = base, me, coder
        self._suggester, self.sample, self._blind, self._keep = suggester, sample, blind, keep
        self._used = Query()
        self._drawn = sample
        self._lists: dict[str, Listed] = {}
        self._dense: set[queue.Search] = set()
        if sample is not None:
            self._lists["sample"] = Listed(sample.feedback)

    def offered(self) -> tuple[Order, ...]:
        """Orders that can be asked for; none in a sample, which has its own."""
        if self.sample is not None:
            return ()
        learned: tuple[Order, ...] = () if self._suggester is None else ("stratified", "uncertain")
        return ("order", "random", *learned, *(() if self._blind else ("disagreement",)))

    def listing(self, query: Query, *, begins: bool = False) -> Listing | None:
        """The order a query asks for; None for the study's own.

        Parameters
        ----------
        begins
            Whether the queue is begun: lists that change with what was coded are made anew.
        """
        self._used = query
        if self.sample is not None:
            return self._lists["sample"]
        if query.order == "order":
            return None
        if query.order == "random":
            return self._shuffled()
        if begins or query.order not in self._lists:
            self._lists[query.order] = self._made(query.order)
        return self._lists[query.order]

    def pairs(
        self,
        tx: Tx,
        wanted: queue.Search,
        listing: Listing | None,
        mark: int,
        limit: int,
        *,
        back: bool = False,
    ) -> Pairs:
        """Place and number of the texts after (or before) a place."""
        if listing is None:
            found = queue.numbers(tx, self._me, wanted, mark, limit, back=back)
            return [(number, number) for number in found]
        # Texts come and go, and what was many may be few; that costs time, nothing else.
        return orders.page(tx, self._me, wanted, listing, mark, limit, back=back, dense=self._dense)

    def _sampled(self, tx: Tx, feedback: int) -> Sampled:
        """How a text that is being coded came up.

        A text of the coder's sample has the chance it was drawn with. In the random order each
        text had the same chance of coming next, one in all texts. Texts chosen because the
        classifier hesitated have no chance anybody knows.
        """
        if self._drawn is not None and feedback in self._drawn.feedback:
            at = self._drawn.feedback.index(feedback)
            return self._drawn.uid, self._drawn.probability[at]
        if self._used.order == "uncertain":
            return UNCERTAIN, None
        if self._used.order == "random" and not self._used.search and not self._used.filters:
            return RANDOM, 1 / max(int(tx.one(_TEXTS)[0]), 1)
        return None, None

    def mark_sampled(self, tx: Tx, image: Image) -> None:
        """Note in a new coding how its text came up."""
        by, p = self._sampled(tx, image["feedback"])
        image.update(sampled_by=by, sampled_p=p)

    def counts(self, tx: Tx) -> tuple[int, int] | None:
        """Texts of the sample that are there, and how many of them the coder has coded."""
        if self.sample is None:
            return None
        total = done = 0
        for status in ("all", "done"):
            wanted = queue.Search(status, None, ())
            n = len(orders.page(tx, self._me, wanted, self._lists["sample"], 0, 10**9))
            total, done = (n, done) if status == "all" else (total, n)
        return total, done

    def _made(self, order: str) -> Listed:
        if order == "disagreement":
            if self._blind:
                raise ArgumentError(
                    "order='disagreement' shows where coders differ, and this coder codes blind; "
                    "open the widget for a review: study.coder(name, blind=False)"
                )
            with self._base.read() as tx:
                return Listed(orders.disputed(tx))
        if self._suggester is None:
            raise ArgumentError(
                f"order={order!r} needs a classifier, which this desk does not have; open it with "
                f"study.coder(name), or choose the order 'order' or 'random'"
            )
        if order == "stratified":
            self._drawn = self._suggester.stratified(self._coder)
            return Listed(self._drawn.feedback)
        shuffled = self._shuffled()
        with self._base.read() as tx:
            todo = queue.Search("todo", None, ())
            pool = [n for _, n in orders.page(tx, self._me, todo, shuffled, 0, POOL)]
        doubt = self._suggester.doubt(pool)
        # Where nothing is learned yet all are equal, and the order stays random.
        return Listed(sorted(pool, key=lambda number: -doubt.get(number, 0.0)))

    def _shuffled(self) -> Shuffled:
        with self._base.read() as tx:
            kept = tx.one(_MARKED, the_coder=self._me, the_key=ENDS)
            ends = [int(end) for end in json.loads(kept[0])] if kept else []
            last, study = orders.last(tx), tx.one(STUDY)[0]
        if last > (ends[-1] if ends else 0):
            ends.append(last)
            self._keep({ENDS: ends})
        return Shuffled(f"{study}/{self._coder}", ends)
