"""JupyterLab and Notebook 7 under test, driven in Chromium as a user would."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Request, WebSocket

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ARTEFACTS = ROOT / "artefacts"

READY = """(async () => {
  const context = jupyterapp.shell.currentWidget.context;
  await context.ready; await context.sessionContext.ready;
  await context.sessionContext.session.kernel.info; return true })()"""


class Server:
    """A Jupyter server with folders of its own, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work = folder / "work"
        self.work.mkdir()
        settings = folder / "settings/@jupyterlab/apputils-extension"
        settings.mkdir(parents=True)
        (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        names = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        environment = os.environ | {name: str(folder / sub) for name, sub in names.items()}
        environment["PYTHONPATH"] = str(ROOT / "src")
        self.log = (folder / "server.log").open("w")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1"),
                *(f"--port={self.port}", "--ServerApp.port_retries=0", "--allow-root"),
                *("--IdentityProvider.token=", "--ServerApp.password="),
                "--ServerApp.disable_check_xsrf=True",
                "--LabApp.news_url=None",
                "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
                "--LabApp.expose_app_in_browser=True",
                "--JupyterNotebookApp.expose_app_in_browser=True",
                f"--ServerApp.root_dir={self.work}",
            ],
            env=environment,
            cwd=self.work,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self.url = f"http://127.0.0.1:{self.port}"
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{self.url}/api/status", timeout=1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        raise RuntimeError((folder / "server.log").read_text()[-2000:])

    def kernels(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/api/kernels", timeout=5) as answer:
            listed: list[dict[str, Any]] = json.load(answer)
        return listed

    def end_kernels(self) -> None:
        """End the notebooks' kernels, which would go on working for nobody."""
        for kernel in self.kernels():
            address = f"{self.url}/api/kernels/{kernel['id']}"
            with contextlib.suppress(OSError):
                urllib.request.urlopen(
                    urllib.request.Request(address, method="DELETE"), timeout=30
                ).close()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()


class Notebook:
    """A notebook open in JupyterLab (``lab``) or in Notebook 7 (``notebook``)."""

    def __init__(self, page: Page, server: Server, application: str) -> None:
        self.page, self.server, self.application = page, server, application
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: (self.errors.append(dialog.message), dialog.dismiss()))
        # Not by a route, through which each of JupyterLab's hundreds of files would have to go;
        # the browser itself knows no other machine (tests/conftest.py).
        page.on("request", self._note)
        page.on("websocket", self._note)

    def _note(self, asked: Request | WebSocket) -> None:
        here = (self.server.url, self.server.url.replace("http", "ws"), "data:", "blob:")
        if not asked.url.startswith(here):
            self.requests.append(asked.url)

    def open(self, name: str) -> None:
        place = "lab/tree" if self.application == "lab" else "notebooks"
        self.page.goto(f"{self.server.url}/{place}/{name}?reset")
        self.page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=90_000)
        self.page.wait_for_function(
            "window.jupyterapp && jupyterapp.shell.currentWidget"
            " && jupyterapp.shell.currentWidget.context"
        )
        self.page.evaluate(READY)

    def command(self, name: str) -> None:
        self.page.evaluate(f"jupyterapp.commands.execute({name!r}).then(() => true)")

    def run_all(self, done: str = "DONE") -> None:
        """Run all cells and wait for the word that the last one prints."""
        self.command("notebook:run-all-cells")
        self.page.locator(".jp-OutputArea-output", has_text=done).last.wait_for(timeout=120_000)

    def restart(self) -> None:
        """Restart the kernel as its menu does, without the question."""
        self.page.evaluate(
            "jupyterapp.shell.currentWidget.context.sessionContext.session.kernel"
            ".restart().then(() => true)"
        )
        self.page.evaluate(READY)

    def python(self, code: str) -> str:
        """Run code in the notebook's kernel and give what it prints."""
        answer: str = self.page.evaluate(
            """async (code) => {
              const kernel = jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
              const future = kernel.requestExecute({code}); let out = '';
              future.onIOPub = m => {
                if (m.content.text) out += m.content.text;
                if (m.content.evalue) out += m.content.ename + ': ' + m.content.evalue; };
              await future.done; return out }""",
            code,
        )
        return answer.strip()

    @property
    def cells(self) -> int:
        return self.page.locator(".jp-Notebook .jp-Cell").count()

    def prompts(self) -> str:
        found: str = self.page.evaluate(
            "[...document.querySelectorAll('.jp-Notebook .jp-Cell .jp-InputPrompt')]"
            ".map(e => e.textContent).join(' ')"
        )
        return found

    def save(self) -> None:
        self.page.evaluate("jupyterapp.shell.currentWidget.context.save().then(() => true)")

    def screenshot(self, name: str, of: Locator | None = None) -> None:
        ARTEFACTS.mkdir(exist_ok=True)
        (of or self.page).screenshot(path=ARTEFACTS / f"{name}.png")


OPEN = """import cjm_widgets as cjm
from cjm_widgets.study.demo import sample_study
study = cjm.Study("{name}.cjm", journey="six", name="Maison Alder")
_ = study.add(cjm.sample_data() / "comments.csv", text="comment", id="id",
              respondent="respondent", at="date")"""
CODER = 'study.coder("zoe")'
DONE = 'print("DO" + "NE")'
SHOWN = """study.add_kpis(cjm.sample_data() / "kpis.csv")
import pandas as pd
study.set_codebook(pd.read_csv(cjm.sample_data() / "codebook.csv"))
_ = study.add_codings(cjm.sample_data() / "codings.csv")"""


def desk(notebook: Notebook) -> Locator:
    found = notebook.page.locator(".cjm-coder [data-desk]").first
    found.wait_for(timeout=60_000)
    return found


def saved(notebook: Notebook) -> Locator:
    return notebook.page.locator(".cjm-coder .saved .state").first
