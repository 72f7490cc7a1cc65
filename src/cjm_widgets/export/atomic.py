"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from cjm_widgets.errors import ArgumentError


@contextlib.contextmanager
def written(target: Path, encoding: str = "utf-8") -> Iterator[IO[str]]:
    """A text file to write into; it takes its name when the block ends without an error.

    Parameters
    ----------
    target
        Where the file shall stand; what stood there stays until the new one is whole.
    encoding
        Of the text.

    Raises
    ------
    ArgumentError
        If the folder does not allow it.
    """
    with _moved(target, mode="w", encoding=encoding, newline="") as file:
        yield file


@contextlib.contextmanager
def written_bytes(target: Path) -> Iterator[IO[bytes]]:
    """As `written`, of bytes."""
    with _moved(target, mode="wb") as file:
        yield file


@contextlib.contextmanager
def _moved(target: Path, **how: Any) -> Iterator[IO[Any]]:
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:80]}.")
    except OSError as error:
        raise ArgumentError(f"cannot write to {str(target.parent)!r}: {error.strerror}") from error
    try:
        with os.fdopen(handle, **how) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        # mkstemp gives 0600; a shared file is to be read by others as any new file is.
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        try:
            Path(name).replace(target)
        except OSError as error:
            raise ArgumentError(f"cannot write {str(target)!r}: {error.strerror}") from error
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
