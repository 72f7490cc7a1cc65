"""Pages of a coder's queue, in whichever order."""

from __future__ import annotations

from dataclasses import replace

from cjm_widgets.errors import ArgumentError
from cjm_widgets.model.desk import Item, Page, Query
from cjm_widgets.store.engine.database import Database, Tx
from cjm_widgets.store.queues import queue
from cjm_widgets.store.queues.ordering import Ordering
from cjm_widgets.store.queues.orders import Listing, Pairs
from cjm_widgets.store.tables import search
from cjm_widgets.store.tables.names import Keys


class Paging:
    """The part of a desk that turns pages."""

    _base: Database
    _me: int
    _keys: Keys
    _order: Ordering

    def page(
        self, query: Query, *, after: int | None = None, before: int | None = None, limit: int = 30
    ) -> Page:
        """Texts after (or before) a cursor, exclusive, by place; `limit` is 1 to 200."""
        missing = self._checked(query, limit)
        back = before is not None and after is None
        listing = self._order.listing(query, begins=not back and not after)
        with self._base.read() as tx:
            wanted = queue.resolve(tx, query)
            if wanted is None:
                return Page((), None, None, missing)
            mark = before if back and before is not None else after or 0
            # One more than is shown tells whether there are more: a search costs the most.
            found = self._order.pairs(tx, wanted, listing, mark, limit + 1, back=back)
            more, found = len(found) > limit, found[:limit]
            if back:
                made = self._page(tx, wanted, listing, found[::-1], earlier=more)
            else:
                made = self._page(tx, wanted, listing, found, later=more)
        return replace(made, unsearched=missing)

    def around(self, query: Query, pos: int, limit: int = 30) -> Page:
        """The page that begins at `pos`, or before it where too few texts follow."""
        missing = self._checked(query, limit)
        listing = self._order.listing(query)
        with self._base.read() as tx:
            wanted = queue.resolve(tx, query)
            if wanted is None:
                return Page((), None, None, missing)
            found = self._order.pairs(tx, wanted, listing, pos - 1, limit + 1)
            later, found = len(found) > limit, found[:limit]
            if len(found) < limit:
                rest = limit - len(found)
                more = self._order.pairs(tx, wanted, listing, pos, rest, back=True)
                found = more[::-1] + found
            made = self._page(tx, wanted, listing, found, later=later)
        return replace(made, unsearched=missing)

    def next(self, query: Query, pos: int) -> Item | None:
        """The first text after `pos` that fits the query; None when there is no more."""
        self._checked(query, 1)
        listing = self._order.listing(query)
        with self._base.read() as tx:
            wanted = queue.resolve(tx, query)
            if wanted is None:
                return None
            found = self._items(tx, self._order.pairs(tx, wanted, listing, pos, 1))
            return found[0] if found else None

    def _page(
        self,
        tx: Tx,
        wanted: queue.Search,
        listing: Listing | None,
        found: Pairs,
        *,
        earlier: bool | None = None,
        later: bool | None = None,
    ) -> Page:
        """A page of texts; whether there are any before and behind is asked where not known."""
        if not found:
            return Page((), None, None)
        first, last = found[0][0], found[-1][0]
        if earlier is None:
            earlier = bool(self._order.pairs(tx, wanted, listing, first, 1, back=True))
        if later is None:
            later = bool(self._order.pairs(tx, wanted, listing, last, 1))
        return Page(self._items(tx, found), first if earlier else None, last if later else None)

    def _items(self, tx: Tx, found: Pairs) -> tuple[Item, ...]:
        place = {number: pos for pos, number in found}
        made = queue.items(tx, self._me, [number for _, number in found], self._keys)
        return tuple(replace(item, pos=place[item.id]) for item in made)

    def _checked(self, query: Query, limit: int) -> int:
        """Refuse what cannot be asked; gives the texts that a search cannot see yet."""
        if not 1 <= limit <= 200:
            raise ArgumentError(f"limit is 1 to 200, not {limit!r}")
        if query.status not in ("all", "todo", "done"):
            raise ArgumentError(f"status is 'all', 'todo' or 'done', not {query.status!r}")
        return search.ready(self._base) if query.search.strip() else 0
