"""Verbs about memos on texts, codes, stages, codings and the study, and links of passages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.model.codebook import Code
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.journey import Stage
from cjm_widgets.store.contents.memos import KINDS
from cjm_widgets.study.base import EDITOR, StudyBase

if TYPE_CHECKING:
    import pandas as pd

On = int | str | tuple[str, object] | Code | Stage | Coding
"""What a memo is on."""


class Memos(StudyBase):
    """What people write about the material; journalled, undone by whoever wrote it."""

    def memo(self, text: str, on: On | None = None, *, author: str = EDITOR) -> str:
        """Write a memo; several on one thing are a thread.

        Parameters
        ----------
        text
            At most 20,000 code points.
        on
            A text's number (`feedback` in `codings`); the uid of a coding; key or name of a
            code or stage; a `Code`, `Stage` or `Coding`; a pair such as ``("code", "fees")``
            where a name is not enough; None for the study.
        author
            Who writes it; undone by ``study.undo(author)``.

        Returns
        -------
        str
            The memo's uid.

        Raises
        ------
        UnknownName
            If there is nothing of that name.
        ArgumentError
            If the text is empty, or a code and a stage go by that name.
        """
        return self._store.add_memo(self._memo_place(on), text, author)

    def memos(
        self, on: On | None = None, *, kind: str | None = None, author: str | None = None
    ) -> pd.DataFrame:
        """Memos, the oldest first.

        Parameters
        ----------
        on
            What they are on, as for `memo`; None for all.
        kind
            ``text``, ``code``, ``stage``, ``coding`` or ``study``.
        author
            Who wrote them.

        Returns
        -------
        pandas.DataFrame
            Columns `uid`, `on_kind`, `on` (number of the text, key, uid; empty for the study),
            `author`, `text`, `at` (UTC). Memos on codings that were removed are out of sight.

        Raises
        ------
        UnknownName
            If there is no such kind, or nothing of that name.
        """
        if kind is not None and kind not in KINDS:
            raise UnknownName("kind of thing with memos", kind, KINDS)
        if on is None:
            return self._store.memos(kind, None, author)
        place = self._memo_place(on)
        if kind is not None and kind != place[0]:
            raise ArgumentError(f"{on!r} is a {place[0]}, not a {kind}")
        return self._store.memos(*place, author)

    def change_memo(self, uid: str, text: str, *, actor: str = EDITOR) -> None:
        """Write a memo anew; its author stays, the history says who changed it."""
        self._store.change_memo(uid, text, actor)

    def remove_memo(self, uid: str, *, actor: str = EDITOR) -> None:
        """Take a memo away; ``study.undo(actor)`` brings it back."""
        self._store.remove_memo(uid, actor)

    def link(self, a: str, b: str, text: str = "", *, kind: str = "", actor: str = EDITOR) -> str:
        """Link one coded passage to another.

        Parameters
        ----------
        a, b
            Uids of two codings: from, to.
        text
            What the link says.
        kind
            What `a` is to `b`, such as ``explains`` or ``contradicts``.

        Returns
        -------
        str
            The link's uid.
        """
        return self._store.link((a, b), (kind, text), actor)

    def links(self) -> pd.DataFrame:
        """Links between passages, the oldest first.

        Returns
        -------
        pandas.DataFrame
            Columns `uid`, `from`, `to` (uids of codings), `from_passage`, `to_passage` (their
            words), `kind`, `text`, `author`, `at` (UTC). A link whose coding was removed is out
            of sight until the coding is back.
        """
        return self._store.links()

    def unlink(self, uid: str, *, actor: str = EDITOR) -> None:
        """Take a link away; ``study.undo(actor)`` brings it back."""
        self._store.drop_document("link", uid, actor)

    def _memo_place(self, on: On | None) -> tuple[str, str]:
        """Kind and public name of what a memo is on."""
        if on is None:
            return "study", ""
        if isinstance(on, Code | Stage):
            return ("code" if isinstance(on, Code) else "stage"), on.key
        if isinstance(on, Coding):
            return "coding", on.uid
        if isinstance(on, tuple):
            return self._memo_pair(on)
        if not isinstance(on, str):
            return "text", str(_whole(on))
        found = self._store.kinds_named(on) or self._memo_named(on)
        if len(found) > 1:
            raise ArgumentError(
                f"{on!r} is a {' and a '.join(kind for kind, _ in found)}; say which: "
                f"({found[0][0]!r}, {on!r})"
            )
        if not found:
            known = [*(code.key for code in self.codebook), *(s.key for s in self.journey)]
            raise UnknownName("code, stage or coding", on, known)
        return found[0]

    def _memo_pair(self, on: tuple[str, object]) -> tuple[str, str]:
        if len(on) != 2:
            raise ArgumentError(f"a pair says the kind and the name, not {on!r}")
        kind, name = on
        if kind == "code" and isinstance(name, str):
            return kind, next((key for _, key in self._memo_named(name, "code")), name)
        if kind == "stage" and isinstance(name, str):
            return kind, next((key for _, key in self._memo_named(name, "stage")), name)
        return kind, str(name)

    def _memo_named(self, name: str, *kinds: str) -> list[tuple[str, str]]:
        """Codes and stages of a name, with their keys."""
        found = []
        for kind, look in (("code", self.codebook.code), ("stage", self.journey.stage)):
            if not kinds or kind in kinds:
                try:
                    found.append((kind, look(name).key))
                except UnknownName:
                    continue
        return found


def _whole(on: object) -> int:
    try:
        return int(on.__index__())  # type: ignore[attr-defined]  # numpy's numbers have it too
    except AttributeError as error:
        raise ArgumentError(
            f"a memo is on a text's number, a coding's uid, a code or a stage, not on {on!r}"
        ) from error
