"""Studies for the tests: empty ones on both engines, and the sample study."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cjm_widgets.study import Study
from cjm_widgets.study.demo import Demo, make_demo

# The throw-away PostgreSQL server of the store's tests serves here as well.
_spec = importlib.util.spec_from_file_location(
    "store_conftest", Path(__file__).parent.parent / "store" / "conftest.py"
)
assert _spec is not None
assert _spec.loader is not None
_store = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = _store  # its dataclasses look for their module there
_spec.loader.exec_module(_store)
pg_server = _store.pg_server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a study can be made: a file's path, then a database's URL."""
    if request.param == "sqlite":
        return str(tmp_path / "study.cjm")
    return str(_store.new_place(request.getfixturevalue("pg_server")))


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Callable[..., Study]]:
    """Open a study in a file of its own; closed at the end."""
    opened: list[Study] = []

    def make(file: str = "study.cjm", /, **options: object) -> Study:
        opened.append(Study(tmp_path / file, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield make
    for study in opened:
        study.close()


@pytest.fixture
def study(new: Callable[..., Study]) -> Study:
    """An empty study in a file."""
    return new()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo, made once; not to be changed."""
    return make_demo(tmp_path_factory.mktemp("demo") / "made")


@pytest.fixture
def sample(demo: Demo, tmp_path: Path) -> Iterator[Study]:
    """A copy of the sample study of one's own."""
    shutil.copy(demo.study, tmp_path / "shop.cjm")
    with Study(tmp_path / "shop.cjm") as study:
        yield study
