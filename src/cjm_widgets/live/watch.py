"""A thread that looks after something: soon after it was poked, else every two seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable

EVERY = 2.0
"""Seconds between looks when nobody pokes: how soon others' changes show."""
PAUSE = 0.03
"""Seconds a poke waits, so that the answer to a coding goes out first and a burst counts once."""


class Watch:
    """Calls `look` in a thread of its own; never twice at once.

    Parameters
    ----------
    look
        Called after each poke and every `every` seconds. It must not raise.
    every
        In seconds.
    """

    def __init__(self, look: Callable[[], None], every: float = EVERY) -> None:
        self._look = look
        self._every = every
        self._poked = threading.Event()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; beginning twice does no harm."""
        if self._thread is None and not self._ended.is_set():
            self._thread = threading.Thread(target=self._run, name="cjm-dashboard", daemon=True)
            self._thread.start()

    def poke(self) -> None:
        """Something has changed: look soon."""
        self._poked.set()

    def stop(self) -> None:
        """End; a look that is under way is not waited for."""
        self._ended.set()
        self._poked.set()

    def _run(self) -> None:
        while not self._ended.is_set():
            if self._poked.wait(self._every):
                self._ended.wait(PAUSE)
                self._poked.clear()
            if not self._ended.is_set():
                self._look()
