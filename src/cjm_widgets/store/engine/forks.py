"""Which files SQLite has open in this process, and which in the process it was forked from.

SQLite remembers per process which locks it holds; a forked child inherits the memory but not
the locks, and would damage a file its parent has open, even over a connection of its own.
So the child is told to use another way instead.
"""

from __future__ import annotations

import os
from collections import Counter

from cjm_widgets.errors import StoreError

Place = tuple[int, int]
"""Device and inode."""

_state: dict[str, int] = {"pid": os.getpid()}
_held: Counter[Place] = Counter()
_inherited: set[Place] = set()


def _settle() -> None:
    if _state["pid"] != os.getpid():
        _inherited.update(place for place, n in _held.items() if n > 0)
        _held.clear()
        _state["pid"] = os.getpid()


def hold(place: Place) -> None:
    """Note that a file is open."""
    _settle()
    _held[place] += 1


def release(place: Place, pid: int) -> None:
    """Note that it was closed by the process that opened it."""
    _settle()
    if pid == os.getpid():
        _held[place] -= 1


def refuse(place: Place | None, path: object) -> None:
    """Raise StoreError if the process this one was forked from has the file open."""
    _settle()
    if place in _inherited:
        raise StoreError(
            f"{path} was open in the process that this one was forked from, and SQLite cannot "
            f"use it safely here; start workers with multiprocessing.get_context('spawn'), or "
            f"close the study before forking"
        )
