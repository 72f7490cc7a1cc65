"""Verbs about the codebook: add, change, move, merge, split, retire; many codings at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import EllipsisType
from typing import TYPE_CHECKING, Any

from cjm_widgets.errors import ArgumentError
from cjm_widgets.model.codebook import CodeKind
from cjm_widgets.study.base import EDITOR, StudyBase

if TYPE_CHECKING:
    import pandas as pd

    from cjm_widgets.view.coding.passages_view import PassagesView

Choose = Callable[[Any], str | Sequence[str] | None] | Mapping[str, str | Sequence[str]]
"""From a coding to the codes it is to bear: a function of its row, or a mapping of uids."""


class CodebookVerbs(StudyBase):
    """Edits of the codebook. Each is one action, and one ``study.undo(actor)`` takes it back."""

    def add_code(
        self,
        name: str,
        *,
        kind: CodeKind | None = None,
        parent: str | None = None,
        definition: str = "",
        colour: str | None = None,
        key: str | None = None,
        before: str | None = None,
        actor: str = EDITOR,
    ) -> str:
        """Add a code.

        Parameters
        ----------
        name
            As people see it; no other code under the same parent may have it.
        kind
            ``touchpoint``, ``pain``, ``emotion``, ``opportunity`` or ``theme``; the parent's if
            not given, else ``theme``.
        parent, before
            Key or name of the code it stands under, and of the one it comes before.
        definition
            When to use it.
        colour
            ``#rrggbb``; the next one in turn if not given.
        key
            Short name that never changes; made from the name if not given.

        Returns
        -------
        str
            The key.

        Raises
        ------
        ArgumentError, UnknownName
            If the name or key is taken, or a code, kind or colour is not known.
        """
        body = {
            "name": name,
            "kind": kind,
            "parent": parent,
            "definition": definition,
            "colour": colour,
            "key": key,
            "before": before,
        }
        return self._edit_code("add", actor, **body)[0]

    def change_code(
        self,
        code: str,
        *,
        name: str | None = None,
        kind: CodeKind | None = None,
        definition: str | None = None,
        colour: str | None = None,
        actor: str = EDITOR,
    ) -> None:
        """Rename, describe or recolour a code; its key and its codings stay as they are.

        Parameters
        ----------
        code
            Key or name.
        name, kind, definition, colour
            What is to be otherwise; None leaves it.

        Raises
        ------
        UnknownName, Conflict
            If there is no such code, or it was retired or merged.
        """
        body = {"name": name, "kind": kind, "definition": definition, "colour": colour}
        self._edit_code("change", actor, code=code, **body)

    def move_code(
        self,
        code: str,
        parent: str | None = None,
        before: str | None = None,
        *,
        actor: str = EDITOR,
    ) -> None:
        """Put a code, with all that stands under it, in another place of the tree.

        Parameters
        ----------
        code
            Key or name.
        parent
            The code it is to stand under; None for the top.
        before
            The code there that it is to come before; None for the end.

        Raises
        ------
        ArgumentError
            If it would stand under itself.
        """
        self._edit_code("move", actor, code=code, parent=parent, before=before)

    def merge_codes(self, *codes: str | Sequence[str], into: str, actor: str = EDITOR) -> None:
        """Merge codes into another: it takes over their codings, memos and the codes under them.

        The codings of all coders change. Where somebody goes on using a merged code, the
        surviving one is taken.

        Parameters
        ----------
        codes
            Keys or names of the codes that go, one by one or as a list.
        into
            Key or name of the one that stays.
        """
        told = [code for given in codes for code in _several(given)]
        self._edit_code("merge", actor, code=told, into=into)

    def split_code(
        self,
        code: str,
        into: Sequence[str | Mapping[str, Any]],
        choose: Choose | None = None,
        *,
        actor: str = EDITOR,
    ) -> tuple[str, ...]:
        """Divide a code into new ones, which stand beside it.

        Parameters
        ----------
        code
            Key or name of the code that is divided.
        into
            The new codes: names, or mappings with ``name`` and any of ``key``, ``kind``,
            ``definition``, ``colour``.
        choose
            Which codings get which of them: a mapping from uids to names or keys, or a function
            that is called with each row of `codings` that bears the code (a named tuple) and
            gives a name, a key, or several. None keeps the code on a coding.

        Returns
        -------
        tuple of str
            Keys of the new codes. The code itself is retired as soon as no coding bears it and
            no code stands under it.

        Raises
        ------
        UnknownName, ArgumentError
            If there is no such code, or a new one has a name that is taken or no name.
        """
        if isinstance(into, str):
            raise ArgumentError(f"into is a list of the new codes, not the single text {into!r}")
        key = self.codebook.code(code).key
        body = {"into": list(into), "codings": self._code_choice(key, choose)}
        return self._edit_code("split", actor, code=key, **body)

    def retire_code(self, code: str, *, actor: str = EDITOR) -> None:
        """Offer a code no more; codings that bear it keep it, codes under it move up."""
        self._edit_code("retire", actor, code=code)

    def revive_code(self, code: str, *, actor: str = EDITOR) -> None:
        """Offer a retired or merged code again; what a merge took over stays with the other."""
        self._edit_code("revive", actor, code=code)

    def retired_codes(self) -> pd.DataFrame:
        """Codes that are offered no more.

        Returns
        -------
        pandas.DataFrame
            Columns `code` (key), `name`, `merged_into` (key, or missing), `actor`, `at` (UTC).
        """
        return self._store.retired_codes()

    def recode(
        self,
        codings: pd.DataFrame | PassagesView | Iterable[str] | str,
        *,
        stage: str | EllipsisType | None = ...,
        valence: float | EllipsisType | None = ...,
        add_codes: Iterable[str] | str = (),
        remove_codes: Iterable[str] | str = (),
        remove: bool = False,
        actor: str = EDITOR,
    ) -> int:
        """Change or remove many codings as one action.

        Parameters
        ----------
        codings
            A frame as `codings` gives it (only its column `uid` counts), what `passages` found,
            or uids. They may be anybody's; the history names the actor.
        stage
            Key or name of the stage they all get, None for none; leave out to keep theirs.
        valence
            −1 to 1, None for none; leave out to keep theirs.
        add_codes, remove_codes
            Keys or names of codes.
        remove
            Remove the codings.

        Returns
        -------
        int
            How many codings changed.

        Raises
        ------
        Conflict
            If one of the codings is not there any more; nothing is changed then.
        ArgumentError
            If there is no uid among what is given, or nothing to change.
        """
        uids = _uids(codings)
        if remove:
            if stage is not ... or valence is not ... or add_codes or remove_codes:
                raise ArgumentError("codings are either removed or changed, not both")
            return self._store.recode(uids, {"remove": True}, actor)
        said: dict[str, Any] = {}
        if stage is not ...:
            said["stage"] = None if stage is None else self.journey.stage(stage).key
        if valence is not ...:
            said["valence"] = valence
        book = self.codebook
        body = {
            "set": said,
            "add_codes": [book.code(code).key for code in _several(add_codes)],
            "remove_codes": [self._any_code(code) for code in _several(remove_codes)],
        }
        if not any(body.values()):
            raise ArgumentError(
                "nothing to change: give stage, valence, add_codes, remove_codes or remove"
            )
        return self._store.recode(uids, body, actor) if uids else 0

    def _edit_code(self, do: str, actor: str, **body: Any) -> tuple[str, ...]:
        told = {"do": do, **{name: value for name, value in body.items() if value is not None}}
        return self._store.edit_codebook(told, actor)[1]

    def _any_code(self, given: str) -> str:
        """Key of a code by key or name, also of one that is offered no more."""
        gone = self._store.retired_codes()
        if given in set(gone["code"]) and given not in {code.key for code in self.codebook}:
            return given
        return self.codebook.code(given).key

    def _code_choice(self, key: str, choose: Choose | None) -> dict[str, list[str]]:
        if choose is None:
            return {}
        if isinstance(choose, Mapping):
            return {uid: _several(codes) for uid, codes in choose.items()}
        found = self._store.codings()
        bearing = found[[key in codes.split("; ") for codes in found["codes"]]]
        chosen = {str(row.uid): choose(row) for row in bearing.itertuples(index=False)}
        return {uid: _several(codes) for uid, codes in chosen.items() if codes is not None}


def _several(codes: str | Iterable[str]) -> list[str]:
    return [codes] if isinstance(codes, str) else list(codes)


def _uids(given: pd.DataFrame | PassagesView | Iterable[str] | str) -> list[str]:
    """Public names of codings: those of a frame, of passages found, or as they are given."""
    frame: Any = getattr(given, "frame", given)
    if not hasattr(frame, "columns"):
        return [str(uid) for uid in _several(frame)]
    if "uid" not in frame.columns:
        raise ArgumentError(
            f"codings: the frame has no column 'uid', which study.codings() and study.passages() "
            f"have; it has: {', '.join(map(str, frame.columns))}"
        )
    return [str(uid) for uid in frame["uid"]]
