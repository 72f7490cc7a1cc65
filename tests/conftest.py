"""Fixtures that several rooms' tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


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
