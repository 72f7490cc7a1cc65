"""SQL built once by SQLAlchemy, run many times by the driver itself.

Building and executing through Core costs 30 to 130 µs a statement; a coder's click is
ten of them. A `Statement` is compiled once per engine to text with positional parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.elements import ClauseElement

Backend = Literal["sqlite", "postgresql"]

_DIALECTS: dict[str, Dialect] = {
    "sqlite": sqlite.dialect(paramstyle="qmark"),
    "postgresql": psycopg.dialect(paramstyle="format"),  # type: ignore[no-untyped-call]  # theirs
}


class Statement:
    """A statement of SQLAlchemy Core, kept as text for each engine.

    Parameters
    ----------
    element
        The statement, or a function of the engine's insert that makes it, for upserts.
    """

    __slots__ = ("_compiled", "_element")

    def __init__(self, element: ClauseElement | Callable[[Any], ClauseElement]) -> None:
        self._element = element
        self._compiled: dict[str, tuple[str, tuple[tuple[str, Any], ...]]] = {}

    def on(self, backend: Backend) -> tuple[str, tuple[tuple[str, Any], ...]]:
        """The text, and its parameters in order, each with its default."""
        found = self._compiled.get(backend)
        if found is None:
            element = self._element
            if not isinstance(element, ClauseElement):
                element = element(sqlite.insert if backend == "sqlite" else postgresql.insert)
            compiled: Any = element.compile(dialect=_DIALECTS[backend])
            order = tuple((name, compiled.params.get(name)) for name in compiled.positiontup or ())
            found = self._compiled[backend] = (str(compiled), order)
        return found
