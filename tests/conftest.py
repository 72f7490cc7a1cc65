"""Fixtures that several rooms' tests share."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

# Tests never measure time, so neither do examples: a busy machine is slow, not wrong.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once for each reason how many tests were not run here."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in skipped)
    if reasons:
        terminalreporter.section("not run on this machine")
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"{count} x {reason}")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real files by other people; not part of a public clone."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder ../shared/data with other people's files is not here")
    return folder


@pytest.fixture(scope="session")
def sample_data() -> Path:
    """The sample data of the project itself."""
    return ROOT / "sample_data"


def chromium_path() -> str | None:
    """Where this machine's own Chromium or Chrome is."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if (found := shutil.which(name))), None)


CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the session; pages are made by the tests."""
    from playwright.sync_api import Error, expect, sync_playwright

    expect.set_options(timeout=20_000)
    with sync_playwright() as play:
        try:
            running = play.chromium.launch(
                executable_path=chromium_path(), args=list(CHROMIUM_FLAGS)
            )
        except Error as error:
            first = str(error).splitlines()[0]
            pytest.skip(
                "no Chromium here (Debian: apt-get install chromium; elsewhere: playwright "
                f"install chromium): {first}"
            )
        yield running
        running.close()
