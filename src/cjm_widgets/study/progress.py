"""A bar for long work: rich in a terminal, tqdm in a notebook, silence elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Tick = Callable[[int], None]
"""Called with how many more are done."""


def in_notebook() -> bool:
    """Whether a Jupyter kernel runs this code."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


@contextmanager
def progress(label: str, total: int | None = None, show: bool | None = None) -> Iterator[Tick]:
    """Show how far a piece of work has come.

    Parameters
    ----------
    label
        What is being done, in the interface's language.
    total
        How many there are; None where nobody knows.
    show
        True or False to decide; None shows a bar where somebody can see it.

    Yields
    ------
    callable
        To be called with the number of items done since the last call.
    """
    if show is not False and in_notebook():
        from tqdm.auto import tqdm

        # Short work finishes before the delay and leaves no trace in the notebook.
        with tqdm(desc=label, total=total, delay=0.8, leave=False) as bar:
            yield lambda n: bar.update(n) and None
    elif show or (show is None and sys.stderr.isatty()):
        from rich.console import Console
        from rich.markup import escape
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeRemainingColumn as Remaining

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Remaining())
        with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
            # A file may be called "[/b].csv", which rich would take for its markup.
            task = shown.add_task(escape(label), total=total)
            yield lambda n: shown.advance(task, n)
    else:
        yield lambda _: None
