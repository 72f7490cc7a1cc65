"""Verbs that bring a codebook in from a file and take it out again."""

from __future__ import annotations

import os
from pathlib import Path

from cjm_widgets.export.codebooks import write_codebook
from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.read.codebooks import read_codebook
from cjm_widgets.study.base import EDITOR, StudyBase


class CodebookFiles(StudyBase):
    """The codebook as a file."""

    def load_codebook(
        self, path: str | os.PathLike[str], *, replace: bool = False, actor: str = EDITOR
    ) -> Codebook:
        """Bring in the codes of a file.

        Parameters
        ----------
        path
            ``.qdc`` (of NVivo, ATLAS.ti, MAXQDA, QualCoder, Taguette…), ``.json``, or a table
            (``.csv``, ``.xlsx``…) with a column `name`, `code` or `tag`.
        replace
            Whether codes that the file lacks are retired; by default they stay.
        actor
            Who does it; one ``study.undo(actor)`` takes it all back.

        Returns
        -------
        Codebook
            The study's codebook now.

        Raises
        ------
        FileMissing, ReadError
            If the file is not there, is damaged, or no codebook.
        """
        given = read_codebook(path, self.codebook)
        self.set_codebook(given if replace else _joined(self.codebook, given), actor=actor)
        return self.codebook

    def save_codebook(self, path: str | os.PathLike[str]) -> Path:
        """Write the codebook to a file for another study or another tool.

        Parameters
        ----------
        path
            ``.qdc`` for other tools (REFI-QDA), ``.json`` or ``.csv``.

        Raises
        ------
        ArgumentError
            If the suffix is another one, or the folder is missing.
        """
        return write_codebook(self.codebook, path)


def _joined(old: Codebook, new: Codebook) -> Codebook:
    """The old codes as the new ones have them, and what is new; each after its parent."""
    wanted = {code.key: code for code in old} | {code.key: code for code in new}
    made: dict[str, Code] = {}

    def place(code: Code) -> None:
        if code.key not in made:
            if code.parent is not None:
                place(wanted[code.parent])
            made[code.key] = code

    for code in wanted.values():
        place(code)
    return Codebook(tuple(made.values()))
