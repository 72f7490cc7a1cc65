"""A file or a frame becomes feedback rows and a report.

One module per format and one table of them (`formats`); each gives a `table.Table`. Then
`plan` finds what each column is, `survey` looks over all rows once, and `convert` makes
feedback frames, chunk by chunk.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from cjm_widgets.read.limits import Limits
from cjm_widgets.read.reading import Stream, read, stream
from cjm_widgets.read.report import Guess, Problem, ReadReport
from cjm_widgets.read.whole import read_table

__all__ = ["Guess", "Limits", "Problem", "ReadReport", "Stream", "read", "read_table", "stream"]


class _Room(ModuleType):
    """Importing a module binds it in its parent, so that ``cjm.read``, the function, may be
    this room; called, it does what the function does."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return read(*args, **kwargs)


sys.modules[__name__].__class__ = _Room
