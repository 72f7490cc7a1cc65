"""The kinds of columns that a study's tables are made of."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text

# On SQLite only INTEGER PRIMARY KEY is the row's own number.
Number = BigInteger().with_variant(Integer, "sqlite")


def number(name: str, default: int | None = None) -> Column[int]:
    """A whole number; it may be missing if it has no default."""
    given = None if default is None else str(default)
    return Column(name, Number, nullable=default is None, server_default=given)


def text(name: str, default: str | None = None) -> Column[str]:
    """A text; it may be missing if it has no default."""
    return Column(name, Text, nullable=default is None, server_default=default)


def key() -> Column[int]:
    """A row's own number, which the engine gives."""
    return Column("id", Number, primary_key=True)


def part(name: str) -> Column[int]:
    """A number of a key that the caller gives."""
    return Column(name, Number, primary_key=True, autoincrement=False)


def uid() -> Column[str]:
    """A row's public name."""
    return Column("uid", Text, nullable=False, unique=True)
