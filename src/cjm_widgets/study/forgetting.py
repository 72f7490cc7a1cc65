"""Verbs about respondents: who they are, and forgetting one of them for good."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cjm_widgets.errors import ArgumentError
from cjm_widgets.store import Forgotten
from cjm_widgets.study.base import EDITOR, StudyBase
from cjm_widgets.words import say

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

_COUNTS = ("texts", "shared", "codings", "memos", "quotations", "actions")


@dataclass(frozen=True, slots=True)
class ForgetReport:
    """What was removed of a person, and what is left for you to do."""

    removed: Forgotten
    language: str = "en"

    @property
    def copies(self) -> tuple[Path, ...]:
        """Files beside the study that still hold everything: delete them."""
        return self.removed.copies

    def _lines(self) -> list[str]:
        lines = [
            say(f"forget.{name}", self.language, n=getattr(self.removed, name))
            for name in _COUNTS
            if getattr(self.removed, name) or name == "texts"
        ]
        if self.copies:
            named = ", ".join(str(path) for path in self.copies)
            lines.append(say("forget.copies", self.language, files=named))
        lines.append(say("forget.elsewhere", self.language))
        return lines

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{html.escape(line)}</li>" for line in self._lines())
        return f"<ul lang='{self.language}'>{items}</ul>"


class Forgetting(StudyBase):
    """Respondents, and forgetting them."""

    def respondents(self) -> pd.DataFrame:
        """Who gave feedback.

        Returns
        -------
        pandas.DataFrame
            A row per respondent: `respondent`, `texts`, `codings` (live ones on their words),
            `first`, `last` (times of their texts; missing where none is dated). In a focus
            group each speaker is a respondent. Texts without a respondent are not here.
        """
        return self._store.people()

    def forget(self, respondent: str, *, actor: str = EDITOR) -> ForgetReport:
        """Remove a person for good. This cannot be undone.

        Their texts in all versions, the codings and memos on them, images in the journal,
        scores, entries of the search index, values of filters that only they had, and
        quotations of six words or more in notes, memos and documents are gone; then the file
        is rewritten so that no byte of it remains. That somebody was removed, and when, is
        kept. In a text of several speakers their turns are blacked out, at the same length.

        Parameters
        ----------
        respondent
            As `respondents` names them.
        actor
            Who does it, for the history.

        Returns
        -------
        ForgetReport
            What was removed, and `copies`: files of earlier versions beside the study, which
            you have to delete. Files you imported from or exported to are yours as well: the
            next import of the same file brings the person back.

        Raises
        ------
        UnknownName
            If nobody is called so.
        BusyStudy
            If another program has the study open for so long that its log keeps old bytes:
            the person is gone; run ``study.compact()`` when it is closed.
        """
        if not isinstance(respondent, str):
            raise ArgumentError(
                f"respondent={respondent!r}: a text is needed, as study.respondents() has it"
            )
        found = self._store.forget(respondent, actor)
        self._cache.clear()
        return ForgetReport(found, self.language)

    def forgotten(self) -> pd.DataFrame:
        """When somebody was removed: `uid` of the removal, `at` (UTC); nothing more is kept."""
        return self._store.forgotten()

    def compact(self) -> None:
        """Rewrite the study's file without the space of what was removed.

        Raises
        ------
        BusyStudy
            If another program has the study open meanwhile.
        """
        self._store.compact()
