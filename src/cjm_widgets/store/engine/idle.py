"""Bring the write-ahead log into the main file while nobody writes.

A file copied while it is open lacks what still stands in the log beside it; a user who
copies `shop.cjm` by hand during a coffee break must get everything.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress

from cjm_widgets.errors import StoreError

PAUSE = 2.0
"""Seconds without a write after which the log is brought in."""


class Idle:
    """A thread that waits for pauses; it starts with the first write and ends with the study."""

    def __init__(self, work: weakref.WeakMethod[Callable[[], bool]]) -> None:
        self._work = work
        self._last = 0.0
        self._dirty = threading.Event()
        self._stopped = False
        self._thread: threading.Thread | None = None

    def touch(self) -> None:
        """Say that something was written."""
        self._last = time.monotonic()
        self._dirty.set()
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(
                target=_watch, args=(weakref.ref(self),), name="cjm-idle", daemon=True
            )
            with suppress(RuntimeError):  # the interpreter is shutting down
                self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopped = True
        self._dirty.set()

    def step(self) -> bool:
        """Wait for the next pause and use it; False when the study is gone."""
        self._dirty.wait(60)
        while not self._stopped and self._dirty.is_set():
            rest = self._last + PAUSE - time.monotonic()
            if rest > 0:
                time.sleep(rest)
                continue
            self._dirty.clear()
            work = self._work()
            if work is None:
                return False
            with suppress(StoreError):  # whoever writes next will hear of it
                work()
        return not self._stopped and self._work() is not None


def _watch(idle: weakref.ref[Idle]) -> None:
    while True:
        alive = idle()
        if alive is None or not alive.step():
            return
        del alive
