"""Transcripts in the widget: names of speakers stand out, interviewers' words stand back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from standin import Study

import cjm_widgets as cjm
from browser import AXE, axe, picture

pytestmark = pytest.mark.browser

TALK = (
    "Interviewer: How was the delivery?\nAda: It was late 🙈 and the parcel was broken.\n"
    "Interviewer: And the payment?\nBo: I paid twice."
)


@pytest.mark.parametrize("dark", [False, True])
def test_who_speaks_is_seen_and_heard_and_interviewers_get_no_suggestions(
    open_coder: Callable[..., Any], tmp_path: Path, dark: bool
) -> None:
    with cjm.Study(tmp_path / "talk.cjm", journey="six") as study:
        study.add(pd.DataFrame({"id": ["0"], "comment": [TALK]}), name="talk")
        coder = open_coder(Study([]), mount=False, dark=dark)
        coder.mount(desk=study.coder("ana")._desk)
        coder.ready()
        coder.find(".w.asks").first.wait_for()
        asked = "|".join(coder.find(".w.asks").all_inner_texts())
        assert "How was the delivery?" in asked
        assert "broken" not in asked
        names = [name.strip() for name in coder.find(".w.speaker").all_inner_texts()]
        assert names == ["Interviewer:", "Ada:", "Interviewer:", "Bo:"]
        coder.page.wait_for_function("document.querySelectorAll('.cjm-coder .guessed').length")
        guessed = "".join(coder.find(".w.guessed").all_inner_texts())
        assert "late 🙈" in guessed
        assert "How was" not in guessed
        while "late" not in coder.chosen:
            before = coder.chosen
            coder.press("ArrowDown")
            assert coder.chosen != before
        assert "Ada" in coder.find("[role=log]").inner_text()
        coder.press("1")
        coder.settled()
        (passage,) = study.codings("ana")["passage"]
        assert passage == "It was late 🙈 and the parcel was broken."  # not who said it
        picture(coder.root.first, f"coder-speakers{'-dark' if dark else ''}")
        if not AXE.exists():
            pytest.skip("axe-core is not installed: cd js && npm install")
        assert axe(coder.page)["violations"] == []
