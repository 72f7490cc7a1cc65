"""What every group of verbs stands on: an open store, its journey, its codebook."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.journeymap import Privacy
from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store
from cjm_widgets.words import LANGUAGES

if TYPE_CHECKING:
    import pandas as pd

ORIGIN = "journey_from"
"""Setting: ``labels`` of a stage column or ``default``, as long as nobody has chosen a journey."""
EDITOR = "editor"
"""Who changes journey, codebook, KPIs and notes when nobody is named."""


class StudyBase:
    """An open study; see `Study`."""

    def __init__(
        self,
        path_or_url: str | Path,
        *,
        journey: object = None,
        language: str | None = None,
        name: str | None = None,
        create: bool = True,
    ) -> None:
        if language is not None and language not in LANGUAGES:
            raise ArgumentError(
                f"a study's language is {' or '.join(map(repr, LANGUAGES))} (its interface; the "
                f"feedback may be in any language), not {language!r}"
            )
        self._store = Store.open(path_or_url, create=create, name=name, language=language or "en")
        self._chosen_language = language
        self._cache: dict[str, Any] = {}
        self._stamp = ""
        if journey is not None:
            self.set_journey(journey)

    # What it is -----------------------------------------------------------------

    @property
    def name(self) -> str:
        """The study's title."""
        return self._store.name

    @property
    def language(self) -> str:
        """Language of the interface and fallback for texts too short to tell: ``en`` or ``fr``."""
        return self._chosen_language or self._store.language

    @property
    def path(self) -> Path | None:
        """The study's file; None for one on a server."""
        return self._store.path

    @property
    def journey(self) -> Journey:
        """The stages, in order; ``study.set_journey(…)`` chooses others."""
        return self._store.journey()

    @property
    def codebook(self) -> Codebook:
        """The codes; ``study.set_codebook(…)`` changes them."""
        return self._store.codebook()

    def _known_actor(self, name: str, what: str) -> None:
        """Refuse a name under which nobody has ever done anything in this study."""
        known = self._store.actors()
        if name not in {*known, EDITOR}:
            raise UnknownName(what, name, known)

    def set_journey(self, journey: object, *, actor: str = EDITOR) -> None:
        """Choose the study's stages.

        Parameters
        ----------
        journey
            A `Journey`, the name of a preset (``"six"``, ``"four"``, ``"five"``, ``"day"``,
            ``"blank"``), a ``.toml`` file, a list of names, or a frame with a column `stage`.
        actor
            Who does it; undone by ``study.undo(actor)``.
        """
        wanted = Journey.any(journey)
        if wanted != self.journey:
            self._store.set_journey(wanted, actor)
        if self._store.setting(ORIGIN) is not None:
            self._store.set_setting(ORIGIN, None)

    def set_codebook(
        self, codebook: Codebook | pd.DataFrame | Iterable[Code | str], *, actor: str = EDITOR
    ) -> None:
        """Choose the study's codes.

        Parameters
        ----------
        codebook
            A `Codebook`, some `Code` or names of codes, or a frame as `Codebook.from_frame`
            takes it. A file is read by `load_codebook`.
        actor
            Who does it; undone by ``study.undo(actor)``.

        Raises
        ------
        ArgumentError
            If it is none of these.
        """
        if isinstance(codebook, Codebook):
            wanted = codebook
        elif hasattr(codebook, "columns"):
            wanted = Codebook.from_frame(cast("pd.DataFrame", codebook))
        else:
            wanted = Codebook.of(codebook)
        if wanted != self.codebook:
            self._store.set_codebook(wanted, actor)

    # Its life -------------------------------------------------------------------

    def copy(self, path: str | Path) -> Path:
        """A whole copy of the study as another file; safe while it is open, unlike a file copy."""
        return self._store.copy(path)

    def close(self) -> None:
        """Bring everything into the one file and let it go."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ensure_journey(self) -> Journey:
        """The study's journey; the six stages where nobody has chosen any.

        These give way to the labels of a stage column as long as nothing rests on them.
        """
        journey = self.journey
        if not len(journey):
            journey = Journey.preset("six")
            self._store.set_journey(journey, EDITOR)
            self._store.set_setting(ORIGIN, "default")
        return journey

    def _privacy(self) -> Privacy:
        return Privacy(**(self._store.setting("privacy") or {}))

    def _salted(self, privacy: Privacy | None = None) -> Privacy:
        """Privacy with the study's secret, so that a pseudonym is the same in every file."""
        now = privacy or self._privacy()
        if not now.salt:
            now = dataclasses.replace(now, salt=secrets.token_hex(16))
        if now != self._privacy():
            self._store.set_setting("privacy", dataclasses.asdict(now))
        return now

    def _cached(self, key: str, make: Callable[[], Any]) -> Any:
        """What `make` gives, kept until the study changes."""
        stamp = self._store.stamp()
        if stamp != self._stamp:
            self._cache, self._stamp = {}, stamp
        if key not in self._cache:
            self._cache[key] = make()
        return self._cache[key]
