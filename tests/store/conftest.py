"""A throw-away PostgreSQL server, studies on both engines, and frames to fill them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store

sys.path.insert(0, str(Path(__file__).parent))
from store_kit import TEXTS, feedback, new_place


def server_binaries() -> Path | None:
    """Folder of initdb and pg_ctl: the newest of Debian's, or what the path finds."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda p: int(p.parent.parent.name)
    )
    if found:
        return found[-1].parent
    here = shutil.which("pg_ctl")
    return Path(here).resolve().parent if here else None


class Server:
    """A PostgreSQL server of our own; its URL names no database."""

    def __init__(self, url: str, control: Callable[..., None]) -> None:
        self.url = url
        self.control = control
        """Runs pg_ctl with some arguments."""

    def restart(self) -> None:
        """As after a loss of power: nobody is asked, nothing is tidied up."""
        self.control("restart", "-m", "immediate")


@contextmanager
def running_server(*settings: str) -> Iterator[Server]:
    """A server that lives as long as the block."""
    binaries = server_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server binaries here (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="cjmpg"))
    who: dict[str, Any] = {}
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # The server refuses to run as root.
        import pwd

        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*command: object) -> None:
        subprocess.run(
            [str(part) for part in command],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            **who,
        )

    data = folder / "data"
    options = " ".join(
        [
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}",
            *(f"-c {setting}" for setting in settings),
        ]
    )

    def control(*arguments: str) -> None:
        run(binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", *arguments)

    run(
        binaries / "initdb", "-D", data, "-U", "cjm", "--auth=trust", "--no-sync", "-E", "UTF8",
        "--locale=C.UTF-8",
    )  # fmt: skip
    control("-o", options, "start")
    try:
        yield Server(f"postgresql://cjm@127.0.0.1:{port}", control)
    finally:
        control("-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def pg_server() -> Iterator[str]:
    """URL, without a database, of a server that lives as long as the tests."""
    with running_server("fsync=off", "max_connections=200") as server:
        yield server.url


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server of one test's own, which may be restarted."""
    with running_server() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a study can be made: a file's path, then a database's URL."""
    if request.param == "sqlite":
        return str(tmp_path / "study.cjm")
    return new_place(request.getfixturevalue("pg_server"))


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """An empty study, on each engine."""
    with Store.open(place) as made:
        yield made


@pytest.fixture
def study(store: Store) -> Store:
    """A study with a journey, a codebook and six texts."""
    store.set_journey(Journey.of("Search", "Buy", "Use"), "ana")
    store.set_codebook(
        Codebook((Code("pains", "Pains", "pain"), Code("fees", "Fees", "pain", "pains"))), "ana"
    )
    store.add([feedback(TEXTS, channel=["mail", "call"] * 3)], source="shop.csv")
    return store
