"""One call for every file: the suffix of the name picks the writer."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.export import data, marked, page, pictures, slides, tables, workbook
from cjm_widgets.export.options import Options
from cjm_widgets.journeymap.facts import JourneyMap

if TYPE_CHECKING:
    import pandas as pd


@runtime_checkable
class HasPage(Protocol):
    """What can give itself as one offline HTML page, such as a `MapView`."""

    def page(self) -> str: ...


@runtime_checkable
class HasFrames(Protocol):
    """What has tables, such as a `MapView`."""

    @property
    def frames(self) -> Mapping[str, pd.DataFrame]: ...


Tables = Mapping[str, "pd.DataFrame"]

WRITERS: dict[str, Callable[[Any, Path, Options], list[Path]]] = {
    ".html": page.write,
    ".csv": tables.write,
    ".xlsx": workbook.write,
    ".svg": pictures.write_svg,
    ".png": pictures.write_png,
    ".pdf": pictures.write_pdf,
    ".pptx": slides.write,
    ".md": marked.write_markdown,
    ".mmd": marked.write_mermaid,
    ".json": data.write,
}
"""Suffix to the writer; a new format is one module and one line here."""


def checked(path: str | os.PathLike[str]) -> Path:
    """A path that can be written, before anything is computed for it.

    Raises
    ------
    UnknownName
        If no writer knows the suffix.
    ArgumentError
        If the folder is missing, or it is a folder itself.
    """
    target = Path(path).expanduser()
    suffix = target.suffix.lower()
    if suffix not in WRITERS:
        raise UnknownName("kind of file", suffix or str(path), sorted(WRITERS))
    if not target.parent.is_dir():
        raise ArgumentError(
            f"the folder {str(target.parent)!r} does not exist; create it first, or choose another"
        )
    if target.is_dir():
        raise ArgumentError(f"{str(target)!r} is a folder; give the name of a file")
    return target


def write(
    what: HasPage | HasFrames | JourneyMap | Tables,
    *paths: str | os.PathLike[str],
    options: Options | None = None,
) -> list[Path]:
    """Write a map or the tables of a study to files.

    A file is written beside its place and moved there when it is whole, so that a reader
    never finds half of one.

    Parameters
    ----------
    what
        For ``.csv`` a mapping of name to frame, such as ``{"codings": …, "scores": …}``; each
        goes to a file of its own, ``study.codings.csv`` and ``study.scores.csv`` for
        ``study.csv``. For ``.xlsx`` such a mapping or a `MapView`. For ``.html`` something
        with a ``page()``, such as a `MapView`. For all others a `MapView` or a `JourneyMap`.
    paths
        Where to, one or several; each suffix picks its writer, the folders must exist.
    options
        Language, theme and scale.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    UnknownName
        If no writer knows a suffix; nothing is written then.
    ArgumentError
        If a folder is missing, or there is nothing of the right kind to write.
    MissingExtra
        If a picture needs a browser, or slides need python-pptx, and there is none.
    """
    if not paths:
        raise ArgumentError('give at least one file to write, such as "map.html"')
    targets = [checked(path) for path in paths]
    wanted = options or Options()
    written: list[Path] = []
    for target in targets:
        written += WRITERS[target.suffix.lower()](what, target, wanted)
    return written
