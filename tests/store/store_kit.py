"""Frames, desks and rows for the store's tests."""

from __future__ import annotations

import uuid
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from cjm_widgets.store import Store, StoreDesk
from cjm_widgets.store.tables.rows import TABLES

TEXTS = [
    "The search was slow. I gave up.",
    "Paiement refusé deux fois, très énervant !",
    "Great café ☕ — lovely 👩‍👩‍👧 staff.",
    "ok",
    "ok",
    "Delivery late; the box was damaged.",
]


def feedback(texts: list[str], **columns: Any) -> pd.DataFrame:
    """A frame by the contract FEEDBACK; every column can be given."""
    n = len(texts)
    frame = pd.DataFrame(
        {
            "row": np.arange(2, n + 2),
            "id": pd.array([None] * n, dtype="str"),
            "text": pd.array(texts, dtype="str"),
            "respondent": pd.array([None] * n, dtype="str"),
            "at": np.full(n, np.datetime64("NaT"), dtype="datetime64[us]"),
            "channel": pd.array([None] * n, dtype="str"),
            "touchpoint": pd.array([None] * n, dtype="str"),
            "language": pd.array([None] * n, dtype="str"),
            "stage": pd.array([None] * n, dtype="str"),
            "valence": np.full(n, np.nan),
        }
    )
    for name, values in columns.items():
        if name == "valence":
            frame[name] = np.array(values, dtype=float)
        elif name == "at":
            frame[name] = np.array(values, dtype="datetime64[us]")
        elif hasattr(values, "dtype"):
            frame[name] = values
        elif not all(v is None or isinstance(v, str) for v in values):
            frame[name] = pd.Series(list(values))
        else:
            frame[name] = pd.array(list(values), dtype="str")
    return frame


def sentences(text: str, language: str) -> list[tuple[int, int]]:
    """One sentence: all of it."""
    return [(0, len(text))]


def desk(store: Store, coder: str = "ana") -> StoreDesk:
    """A coder's desk that needs no other room."""
    return StoreDesk(store, coder, sentences=sentences)


def everything(store: Store) -> dict[tuple[str, str], dict[str, Any]]:
    """All rows of the tables that the journal answers for, by table."""
    found = {}
    with store.base.read() as tx:
        for name, rows in TABLES.items():
            for (key,) in tx.fetch(sa.select(rows.by)):
                found[name, str(key)] = rows.find(tx, str(key)).image
    return found


def new_place(server: str) -> str:
    """URL of a fresh, empty schema: 10 ms, where a database of its own takes 200."""
    import psycopg

    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{server}/postgres?options=-csearch_path%3D{name}"
