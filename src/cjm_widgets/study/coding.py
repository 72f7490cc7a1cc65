"""Verbs about coding: the widget, what was coded, undo, redo, history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cjm_widgets.errors import ArgumentError
from cjm_widgets.store import StoreDesk
from cjm_widgets.study.base import EDITOR
from cjm_widgets.study.sampling import Draw, Sampling

if TYPE_CHECKING:
    import pandas as pd

    from cjm_widgets.widgets.coder import CoderWidget, Theme


class CodingVerbs(Sampling):
    """Coding and what became of it."""

    def coder(
        self,
        name: str,
        *,
        sample: Draw | str | None = None,
        blind: bool = True,
        theme: Theme = "auto",
    ) -> CoderWidget:
        """The coding widget of one coder.

        Parameters
        ----------
        name
            Who codes. A coder sees only their own codings; shown again after a restart, the
            widget is where they left it.
        sample
            What `sample` gave, or its name: only these texts are shown, and the progress is
            that of the sample. None for all texts.
        blind
            Whether the coder must not learn where others differ, nor from suggestions what they
            said; False, for a review, offers the order ``disagreement``.
        theme
            ``auto`` follows the notebook; ``light`` and ``dark`` stay.

        Returns
        -------
        CoderWidget
            Shows itself in JupyterLab, Notebook 7 and other front ends of ipywidgets.
        """
        from cjm_widgets.widgets.coder import CoderWidget

        if not isinstance(name, str) or not name.strip():
            raise ArgumentError(f"a coder needs a name that is a non-empty text, not {name!r}")
        self._ensure_journey()
        advisor = self._advisor(name.strip() if blind else None)
        advisor.notice()
        desk = StoreDesk(
            self._store,
            name.strip(),
            suggester=advisor,
            sample=self._sample_of(sample),
            blind=blind,
        )
        return CoderWidget(desk, language=self.language, theme=theme)

    def codings(self, coder: str | None = None) -> pd.DataFrame:
        """What was coded.

        Parameters
        ----------
        coder
            Whose; None for everybody's.

        Returns
        -------
        pandas.DataFrame
            Columns of `cjm_widgets.model.columns.CODINGS`: a coding a row with its passage,
            stage (key), valence (−1…1), codes, memo, coder, origin and time.
        """
        return self._store.codings(coder)

    def coders(self) -> pd.DataFrame:
        """Who has coded: `coder`, `kind`, `codings`, `texts`, `last` (time)."""
        return self._store.coders()

    def feedback(self) -> pd.DataFrame:
        """All texts with their attributes, a text a row; large studies may not fit in memory."""
        return self._store.feedback_frame()

    def undo(self, actor: str = EDITOR) -> str:
        """Take back the newest action of a coder or of the editor (journey, codebook, KPIs, notes).

        Returns
        -------
        str
            What was undone: ``code``, ``edit``, ``import``, ``kpi``…

        Raises
        ------
        Conflict
            If there is nothing to undo, or somebody has changed or uses what would go.
        """
        return self._store.undo(actor).label

    def redo(self, actor: str = EDITOR) -> str:
        """Do again what was undone last; returns and raises as `undo`."""
        return self._store.redo(actor).label

    def history(self, actor: str | None = None, limit: int | None = None) -> pd.DataFrame:
        """What was done, the newest first.

        Parameters
        ----------
        actor
            Whose actions; None for everybody's.
        limit
            At most so many.

        Returns
        -------
        pandas.DataFrame
            Columns `seq`, `at` (UTC), `actor`, `kind` (do, undo, redo), `label`, `state` (done,
            undone, dropped, past), `target` (number of what was undone), `rows` (changed).
        """
        return self._store.history(actor, limit)
