"""A model that is learned anew in the background whenever codings have come."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from cjm_widgets.suggest.classifier import Model, fit
from cjm_widgets.suggest.examples import Examples, Kept

REST = 3
"""After learning, the thread rests this many times as long as it took: coders go first."""


class Learner:
    """Keeps a model in step with a study; nobody who asks for it ever waits for learning.

    Parameters
    ----------
    catch_up
        Brings examples up to date with the study; gives whether anything changed. Called in
        the background, by one thread at a time.
    """

    def __init__(self, catch_up: Callable[[Examples], bool]) -> None:
        self._catch_up = catch_up
        self._examples = Examples()
        self._model: Model | None = None
        self._lock = threading.Lock()
        self._learning = threading.Lock()
        self._wanted = False
        self._thread: threading.Thread | None = None
        self._closed = False
        self.took = 0.0
        """Seconds the last learning took, without what was read for it."""

    @property
    def model(self) -> Model | None:
        """The newest model; None as long as too little was coded."""
        return self._model

    def known(self) -> int:
        """How many passages there are to learn from."""
        return len(self._examples)

    def examples(self) -> list[Kept]:
        """What there is to learn from, the oldest first."""
        with self._learning:
            return self._examples.all()

    def notice(self) -> None:
        """Say that something may have been coded; comes back at once."""
        with self._lock:
            self._wanted = True
            if self._closed or (self._thread is not None and self._thread.is_alive()):
                return
            self._thread = threading.Thread(target=self._work, name="cjm-suggest", daemon=True)
            self._thread.start()

    def now(self) -> Model | None:
        """The model of the study as it is, learned here and now if need be."""
        self._learn()
        return self._model

    def close(self) -> None:
        """Learn no more; waits for what is being learned."""
        with self._lock:
            self._closed = True
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout=10)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._wanted or self._closed:
                    self._thread = None
                    return
                self._wanted = False
            try:
                self._learn()
            except Exception:
                # The study may be locked, moved or closed just now: the next coding tries again,
                # and until then the old suggestions stand.
                with self._lock:
                    self._thread = None
                return
            time.sleep(min(self.took * REST, 2.0))

    def _learn(self) -> None:
        with self._learning:
            if not self._catch_up(self._examples):
                return
            begun = time.perf_counter()
            self._model = fit(self._examples.all())
            self.took = time.perf_counter() - begun
