"""One call for every file: the suffix of the name picks the writer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.export import page, tables

if TYPE_CHECKING:
    import pandas as pd


@runtime_checkable
class HasPage(Protocol):
    """What can give itself as one offline HTML page, such as a `MapView`."""

    def page(self) -> str: ...


Tables = Mapping[str, "pd.DataFrame"]

WRITERS: dict[str, Callable[[Any, Path], list[Path]]] = {
    ".html": page.write,
    ".csv": tables.write,
}
"""Suffix to the writer; a new format is one module and one line here."""


def write(what: HasPage | Tables, path: str | Path) -> list[Path]:
    """Write a map or the tables of a study to files.

    A file is written beside its place and moved there when it is whole, so that a reader
    never finds half of one.

    Parameters
    ----------
    what
        For ``.html`` something with a ``page()``, such as a `MapView`. For ``.csv`` a mapping
        of name to frame, such as ``{"codings": …, "scores": …}``; each goes to a file of its
        own, ``study.codings.csv`` and ``study.scores.csv`` for ``study.csv``.
    path
        Where to; the suffix picks the writer, the folder must exist.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    UnknownName
        If no writer knows the suffix.
    ArgumentError
        If the folder is missing, or there is nothing of the right kind to write.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in WRITERS:
        raise UnknownName("kind of file", suffix or str(path), sorted(WRITERS))
    if not target.parent.is_dir():
        raise ArgumentError(
            f"the folder {str(target.parent)!r} does not exist; create it first, or choose another"
        )
    if target.is_dir():
        raise ArgumentError(f"{str(target)!r} is a folder; give the name of a file")
    return WRITERS[suffix](what, target)
