"""The offline HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cjm_widgets.errors import ArgumentError
from cjm_widgets.export.atomic import written
from cjm_widgets.export.options import Options


def write(what: Any, target: Path, options: Options) -> list[Path]:
    """Write what has a ``page()`` as one HTML file."""
    if not callable(getattr(what, "page", None)):
        raise ArgumentError(
            f"a .html file needs a view with a page, such as a MapView, not "
            f"{type(what).__name__}; tables go to .csv"
        )
    text: str = what.page()
    with written(target) as file:
        file.write(text)
    return [target]
