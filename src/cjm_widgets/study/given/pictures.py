"""Pictures that people give to a study: checked, and carried as ``data:`` addresses."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from cjm_widgets.errors import ArgumentError, FileMissing

MOST_BYTES = 150_000
"""A picture stands in every map and every exported file."""
_KINDS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}


def data_uri(path: str | os.PathLike[str], what: str) -> str:
    """A PNG or JPEG file as a ``data:image/…`` address.

    Parameters
    ----------
    path
        The file.
    what
        What it is for, for messages: ``"picture"``, ``"logo"``.

    Raises
    ------
    FileMissing
        If there is no such file.
    ArgumentError
        If it is no PNG or JPEG by its first bytes, or larger than 150 kB.
    """
    file = Path(path).expanduser()
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise FileMissing(f"the {what} cannot be read: {error.strerror}", file=str(path)) from error
    kind = next((kind for mark, kind in _KINDS.items() if content.startswith(mark)), None)
    if kind is None:
        raise ArgumentError(
            f"the {what} {str(path)!r} is no PNG or JPEG picture; SVG is not taken, since it may "
            f"carry scripts: save it as PNG"
        )
    if len(content) > MOST_BYTES:
        raise ArgumentError(
            f"the {what} {str(path)!r} is larger than {MOST_BYTES // 1000} kB; make it smaller, "
            f"such as 256 by 256 pixels"
        )
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
