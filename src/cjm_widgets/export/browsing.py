"""A browser of this machine, run once without a window: for pictures and for pages of paper."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cjm_widgets.errors import CjmError, MissingExtra

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
PATIENCE = 90.0
"""Seconds after which a browser that does not answer is ended."""
LONGEST = 40
"""Characters of a temporary folder's name below which a browser's sockets have room."""
_QUIET = (
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--disable-extensions",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    # What is drawn needs nothing from anywhere; this makes sure.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-javascript",
    "--mute-audio",
)


def find() -> str:
    """Where a browser is: the machine's own, else the one Playwright has installed.

    Raises
    ------
    MissingExtra
        If there is none; the message says what to install.
    """
    own = [found for name in NAMES if (found := shutil.which(name))]
    own += [place for place in PLACES if Path(place).is_file()]
    if own:
        return own[0]
    playwrights = _of_playwright()
    if playwrights is not None:
        return playwrights
    raise MissingExtra(
        "PNG and PDF are drawn by a browser, and none was found: install Chromium or Chrome, or "
        "run: pip install 'cjm-widgets[pictures]' && playwright install chromium. SVG, HTML, "
        "XLSX, PPTX and Markdown need none"
    )


def _of_playwright() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None

    def where() -> str:
        with sync_playwright() as play:
            return str(play.chromium.executable_path)

    # A thread of its own: a notebook's event loop does not let it run here.
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(where).result(timeout=PATIENCE)
    return found if Path(found).is_file() else None


def made(page: str, name: str, wishes: Sequence[str], *, patience: float = PATIENCE) -> bytes:
    """What a browser makes of a page.

    Parameters
    ----------
    page
        HTML that needs nothing; no script runs and nothing is fetched.
    name
        Of the file the browser is asked for; ``{out}`` stands for it in `wishes`.
    wishes
        Options of Chromium.
    patience
        Seconds to wait.

    Raises
    ------
    MissingExtra
        If there is no browser.
    CjmError
        If the browser fails or does not answer; it is ended then.
    """
    browser = find()
    with tempfile.TemporaryDirectory(
        prefix="cjm-", dir=_short(), ignore_cleanup_errors=True
    ) as folder:
        place, out = Path(folder, "page.html"), Path(folder, name)
        place.write_text(page, encoding="utf-8")
        options = [*_QUIET, f"--user-data-dir={folder}/profile"]
        if sys.platform == "linux" and os.geteuid() == 0:
            # Chromium's sandbox refuses to run as root, as in most containers.
            options += ["--no-sandbox"]
        command = [browser, *options, *(wish.format(out=out) for wish in wishes), place.as_uri()]
        said = _run(command, patience, folder)
        if not out.is_file() or not out.stat().st_size:
            lines = [line for line in said.splitlines() if line.strip()]
            raise CjmError(
                f"{browser} made no {out.suffix}: {lines[-1][:300] if lines else 'it said nothing'}"
            )
        return out.read_bytes()


def _short() -> str | None:
    """Where temporary folders may stand: the usual place, or /tmp if its name is long.

    The browser makes sockets there, whose paths may have about a hundred characters.
    """
    usual = tempfile.gettempdir()
    free = sys.platform != "win32" and os.access("/tmp", os.W_OK)  # noqa: S108  # random names in it
    return "/tmp" if len(usual) > LONGEST and free else None  # noqa: S108  # as above


def _run(command: Sequence[str], patience: float, folder: str) -> str:
    """What it says on its way; nothing of it is left running."""
    process = subprocess.Popen(  # noqa: S603  # found by `find`, options of our own
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "TMPDIR": folder},
    )
    try:
        _, said = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired as error:
        raise CjmError(
            f"{command[0]} did not answer within {patience:g} s and was ended; try again, or "
            f"export .svg, which needs no browser"
        ) from error
    finally:
        _end(process)
    return said.decode("utf-8", "replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the browser and whatever it started."""
    if sys.platform == "win32":
        process.kill()
    else:
        # The group that this very process is the first of.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stderr is not None:
        process.stderr.close()
