"""Studies for the dashboard's tests, and the dashboard in a blank page, wired to real Python."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

HERE = Path(__file__).resolve().parent
for folder in (HERE, HERE.parent):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

import cjm_widgets as cjm  # noqa: E402  # the folder is on the path only now

if TYPE_CHECKING:
    from board_host import BoardPage
    from playwright.sync_api import Browser


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[cjm.Study]:
    """The sample study with its codings, codes and KPIs."""
    samples = cjm.sample_data()
    study = cjm.Study(tmp_path / "shop.cjm", name="Maison Alder")
    study.add(samples / "comments.csv")
    study.set_codebook(pd.read_csv(samples / "codebook.csv"))
    study.add_codings(samples / "codings.csv")
    study.add_kpis(samples / "kpis.csv")
    yield study
    study.close()


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[cjm.Study]:
    """Three texts that nobody has coded."""
    study = cjm.Study(tmp_path / "bare.cjm", name="Bare")
    study.add(
        pd.DataFrame(
            {"comment": ["The checkout failed twice.", "Great delivery!", "I could not compare."]}
        ),
        text="comment",
    )
    yield study
    study.close()


@pytest.fixture
def open_board(browser: Browser) -> Iterator[Callable[..., BoardPage]]:
    """Open a dashboard in a page that must stay without errors to the end."""
    from board_host import BoardPage, blank

    from browser import quiet_page

    with ExitStack() as stack:

        def make(
            study: cjm.Study,
            *,
            coder: str = "zoe",
            width: int = 1500,
            height: int = 1000,
            dark: bool = False,
            **options: Any,
        ) -> BoardPage:
            page, troubles = stack.enter_context(
                quiet_page(browser, blank(dark), width=width, height=height)
            )
            board = BoardPage(page, study.dashboard(coder, **options), troubles)
            stack.callback(board.widget.close)
            return board

        yield make
