"""UTF-16 and code points: the browser's conversions against Python's own."""

from __future__ import annotations

import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from browser import quiet_page

JS = Path(__file__).resolve().parents[2] / "js"
TRICKY = (
    "a", "é", "e\u0301", " ", "\t", "\n", "\r\n", "👍🏽", "👩\u200d👩\u200d👧", "🇫🇷", "😀", "𝒳",
    "שלום", "العربية", "\u200f", "ß", "ﬁ", "한", "각", "\u00a0", "\u202f", "…", "中",
    "\U0010ffff", "\ufeff",
)  # fmt: skip
TEXTS = st.lists(
    st.sampled_from(TRICKY) | st.characters(exclude_categories=["Cs"]), max_size=30
).map("".join)

SCRIPT = """
import { Offsets } from "./shared/offsets";
import { Snapper } from "./shared/graphemes";
Object.assign(window, { Offsets, Snapper });
"""


@pytest.fixture(scope="module")
def page(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    esbuild = JS / "node_modules/.bin/esbuild"
    if not esbuild.exists():
        pytest.skip("the front end's packages are not installed: cd js && npm install")
    made = subprocess.run(
        [esbuild, "--bundle", "--format=iife", "--loader=ts"],
        input=SCRIPT,
        cwd=JS,
        capture_output=True,
        text=True,
        check=True,
    )
    with quiet_page(browser, "<!doctype html><title>offsets</title>") as (opened, _):
        opened.add_script_tag(content=made.stdout)
        yield opened


def units_of(text: str, points: int) -> int:
    return len(text[:points].encode("utf-16-le")) // 2


@pytest.mark.browser
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=TEXTS)
def test_every_offset_is_what_python_says(page: Any, text: str) -> None:
    found = page.evaluate(
        """text => { const o = new Offsets(text); const n = o.length;
          const there = [...Array(n + 1).keys()].map(at => o.toUnits(at));
          return [n, there, there.map(at => o.toPoints(at))] }""",
        text,
    )
    points = list(range(len(text) + 1))
    assert found == [len(text), [units_of(text, at) for at in points], points]


@pytest.mark.browser
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=TEXTS, data=st.data())
def test_a_range_never_cuts_a_character_nor_ends_in_white_space(
    page: Any, text: str, data: st.DataObject
) -> None:
    size = len(text.encode("utf-16-le")) // 2
    ends = [data.draw(st.integers(0, size)) for _ in range(2)]
    found = page.evaluate(
        """([text, a, b]) => { const o = new Offsets(text);
          const r = new Snapper(text).range(a, b);
          return r && [...r.map(at => o.toPoints(at)), ...r] }""",
        [text, *ends],
    )
    if found is None:
        return
    start, stop, from_units, to_units = found
    assert (units_of(text, start), units_of(text, stop)) == (from_units, to_units)
    words = text[start:stop]
    assert words
    assert words == words.strip(" \t\r\n\u00a0\u202f")
    # No mark is parted from its letter.
    after = text[stop : stop + 1]
    assert not (after and unicodedata.combining(after))


@pytest.mark.browser
@pytest.mark.parametrize(
    ("text", "start", "stop", "words"),
    [
        ("so 👩\u200d👩\u200d👧 came", 4, 5, "👩\u200d👩\u200d👧"),
        ("a 👍🏽 b", 3, 4, "👍🏽"),
        ("cafe\u0301 noir", 0, 4, "cafe\u0301"),
        ("one\r\ntwo", 0, 4, "one"),
        ("🇫🇷🇬🇧", 1, 2, "🇫🇷"),
        ("  (yes)  ", 0, 9, "(yes)"),
        ("   ", 0, 3, None),
    ],
)
def test_ranges_snap_to_what_a_person_sees(
    page: Any, text: str, start: int, stop: int, words: str | None
) -> None:
    found = page.evaluate(
        "([t, a, b]) => { const r = new Snapper(t).range(a, b); return r && t.slice(...r) }",
        [text, start, stop],
    )
    assert found == words
