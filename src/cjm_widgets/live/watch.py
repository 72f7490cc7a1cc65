"""A thread that looks after something: soon after it was poked, else every two seconds."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field

EVERY = 2.0
"""Seconds between looks when nobody pokes: how soon others' changes show."""
PAUSE = 0.01
"""Seconds a poke waits, so that the answer to a coding goes out first and a burst counts once."""
PATIENCE = 2.0
"""Seconds that the end of the program waits for a look that is under way."""


@dataclass(frozen=True, slots=True)
class _Signs:
    """What the thread hears; it knows nothing else of its watch, which may go any time."""

    poked: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)


class Watch:
    """Calls `look` in a thread of its own; never twice at once.

    The thread ends with `stop`, with the object whose method `look` is, and with the program.

    Parameters
    ----------
    look
        A method, called after each poke and every `every` seconds. It must not raise.
    every
        In seconds.
    """

    def __init__(self, look: Callable[[], None], every: float = EVERY) -> None:
        self._look = weakref.WeakMethod(look)
        self.every = every
        self._signs = _Signs()
        self._thread: threading.Thread | None = None

    @property
    def alive(self) -> bool:
        """Whether it is watching."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin; beginning twice does no harm, and what was stopped may begin again."""
        if self._thread is not None and not self._signs.ended.is_set():
            return
        signs = self._signs = _Signs()
        self._thread = threading.Thread(
            target=_run, args=(signs, self._look, self.every), name="cjm-dashboard", daemon=True
        )
        self._thread.start()
        # At the program's end too: a thread in the middle of a query must not outlive the database.
        weakref.finalize(self, _stopped, signs, weakref.ref(self._thread))

    def poke(self) -> None:
        """Something has changed: look soon."""
        self._signs.poked.set()

    def stop(self) -> None:
        """End; a look that is under way is not waited for."""
        self._signs.ended.set()
        self._signs.poked.set()


def _stopped(signs: _Signs, thread: weakref.ref[threading.Thread]) -> None:
    signs.ended.set()
    signs.poked.set()
    running = thread()
    if running is not None and running is not threading.current_thread():
        running.join(PATIENCE)


def _run(signs: _Signs, look: weakref.WeakMethod[Callable[[], None]], every: float) -> None:
    while not signs.ended.is_set():
        if signs.poked.wait(every):
            signs.ended.wait(PAUSE)
            signs.poked.clear()
        now = look()
        if now is None:
            return
        if not signs.ended.is_set():
            now()
        # Held no longer than the look lasts, so that its object may go.
        del now
