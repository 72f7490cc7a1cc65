"""Verbs about coding: the widget, and what was coded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cjm_widgets.errors import ArgumentError
from cjm_widgets.store import StoreDesk
from cjm_widgets.study.coding.sampling import Draw, Sampling

if TYPE_CHECKING:
    import pandas as pd

    from cjm_widgets.widgets.coder import CoderWidget, Theme


class CodingVerbs(Sampling):
    """Coding, and what was coded."""

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

        desk = self._desk(name, sample, blind=blind)
        return CoderWidget(desk, language=self.language, theme=theme)

    def _desk(
        self, name: str, sample: Draw | str | None = None, *, blind: bool = True
    ) -> StoreDesk:
        """The desk of one coder, as `coder` describes it."""
        if not isinstance(name, str) or not name.strip():
            raise ArgumentError(f"a coder needs a name that is a non-empty text, not {name!r}")
        self._ensure_journey()
        advisor = self._advisor(name.strip() if blind else None)
        advisor.notice()
        return StoreDesk(
            self._store,
            name.strip(),
            suggester=advisor,
            sample=self._sample_of(sample),
            blind=blind,
        )

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
