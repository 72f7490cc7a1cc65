"""Every error this package raises on purpose.

Each also inherits the builtin a caller would catch anyway, and its message says which
argument or cell is at fault, what was received, what is allowed, and what to do.

::

    CjmError
    ├── ArgumentError(ValueError)      an argument that no call allows
    │   └── UnknownName(KeyError)      a stage, code, coder, scorer or verb nobody knows
    ├── FrameError(ValueError)         a frame that breaks the contract of its columns
    ├── ReadError(ValueError)          a file that cannot be read; knows file, row, column
    │   └── FileMissing(FileNotFoundError)
    ├── StoreError(RuntimeError)       the study's store refuses
    │   ├── NotAStudy(ValueError)      a file or database of another program
    │   ├── NewerStudy                 written by a newer version of this package
    │   ├── DamagedStudy               the file does not pass its integrity check
    │   ├── LostFile(FileNotFoundError)  the file was moved or deleted while in use
    │   ├── BusyStudy(TimeoutError)    another process holds the store for too long
    │   └── Conflict                   somebody changed the same rows meanwhile
    ├── NoEvidence(ValueError)         the data cannot answer; the message says what would help
    └── MissingExtra(ImportError)      an optional library; the message names the extra
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class CjmError(Exception):
    """The root of all errors of this package."""

    def __str__(self) -> str:
        # KeyError would show its message quoted, with its line breaks escaped.
        return " ".join(str(part) for part in self.args)


class ArgumentError(CjmError, ValueError):
    """An argument has a value that is not allowed."""


class UnknownName(ArgumentError, KeyError):
    """A name is not among the known ones.

    Parameters
    ----------
    what
        What is looked for, such as ``"stage"``.
    received
        The name that nobody knows.
    known
        The names that would do.
    """

    def __init__(self, what: str, received: object, known: Iterable[str] = ()) -> None:
        names = list(known)
        near = difflib.get_close_matches(str(received), names, n=1)
        say = f"no {what} is called {received!r}"
        if near:
            say += f"; did you mean {near[0]!r}?"
        elif names:
            shown = ", ".join(repr(name) for name in names[:12])
            say += f"; known: {shown}" + (", …" if len(names) > 12 else "")
        super().__init__(say)


class FrameError(CjmError, ValueError):
    """A frame lacks a column or holds the wrong kind of values."""


class ReadError(CjmError, ValueError):
    """A file cannot be read as it is.

    Parameters
    ----------
    problem
        What is wrong and what to do about it.
    file
        The file's name as the user gave it.
    row
        Row as a spreadsheet counts: 1 is the first line of the file.
    column
        The column's name.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str | None = None,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        place = [str(file)] if file is not None else []
        if row is not None:
            place.append(f"row {row}")
        if column is not None:
            place.append(f"column {column!r}")
        super().__init__(f"{', '.join(place)}: {problem}" if place else problem)
        self.problem, self.file, self.row, self.column = problem, file, row, column


class FileMissing(ReadError, FileNotFoundError):
    """The file to be read does not exist."""


class StoreError(CjmError, RuntimeError):
    """The study's store refuses."""


class NotAStudy(StoreError, ValueError):
    """A file or a database that another program made."""


class NewerStudy(StoreError):
    """A study written by a newer version of this package."""


class DamagedStudy(StoreError):
    """A study whose file does not pass its integrity check."""


class LostFile(StoreError, FileNotFoundError):
    """The study's file was moved, replaced or deleted while it was in use."""


class BusyStudy(StoreError, TimeoutError):
    """Another process holds the study for too long."""


class Conflict(StoreError):
    """Somebody changed the same rows meanwhile; nothing was written."""


class NoEvidence(CjmError, ValueError):
    """The data cannot answer the question; the message says what would help."""


class MissingExtra(CjmError, ImportError):
    """A library that an optional extra brings is not installed."""
