"""Coding against a gold sample."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.study import Study

TEXTS = ["The checkout failed.", "Quick & <b>kind</b> driver.", "I compared."]


@pytest.fixture
def taught(new: Callable[..., Study]) -> Study:
    study = new("gold.cjm", journey=["Buy", "Use"])
    study.add(pd.DataFrame({"id": ["a", "b", "c"], "comment": TEXTS}), name="shop")
    rows = [("a", "Buy", -2), ("b", "Use", 2)]
    frame = pd.DataFrame(rows, columns=["id", "stage", "valence"])
    study.add_codings(frame, coder="ana")
    return study


def shown(html: str) -> list[list[str]]:
    """The cells of what is set side by side, a place a row, as plain words."""
    table = re.search(r'<table class="places">.*?</table>', html, re.DOTALL)
    assert table, html
    rows = re.findall(r"<tr>(.*?)</tr>", table[0], re.DOTALL)
    plain = [re.split(r"</t[dh]>", row)[:-1] for row in rows]
    return [[re.sub(r"<[^>]+>", "", cell) for cell in row] for row in plain]


def say_to(widget: Any, do: str, **fields: Any) -> dict[str, Any]:
    answer = widget._conversation.answer({"v": 1, "id": "q", "session": "s", "do": do, **fields})
    assert answer["ok"], answer
    return dict(answer)


def code(widget: Any, text: int, stage: str, op: str) -> None:
    body = {"feedback": text, "start": 0, "stop": len(TEXTS[text - 1]), "stage": stage}
    say_to(widget, "apply", op=op, act="code", row=f"r{op}", seen_version=1, body=body)


def test_gold_is_seen_only_after_a_text_was_coded_and_left(taught: Study) -> None:
    widget = taught.train("carl", gold="ana")
    page = say_to(widget, "page", query={"order": "order"}, limit=30)["page"]
    assert [item["title"] for item in page["items"]] == ["a", "b"]  # gold's texts, no others
    assert say_to(widget, "text", text=1)["sheet"]["codings"] == []
    assert "Buy" not in widget.panel.value
    say_to(widget, "mark", values={"text": 1})
    code(widget, 1, "Use", "1")
    assert "Buy" not in widget.panel.value  # still on the desk
    say_to(widget, "mark", values={"text": 2})
    assert shown(widget.panel.value) == [
        ["Passage", "You", "Gold", "Compared"],
        ["The checkout failed.", "Use", "Buy, −2", "× stage, valence"],
    ]
    code(widget, 2, "Use", "2")
    widget.hand_in()
    assert "<b>kind" not in widget.panel.value
    assert "&lt;b&gt;kind" in widget.panel.value


def test_the_first_answer_counts_and_stays_out_of_every_figure(taught: Study) -> None:
    before = taught.curve(estimate="coded").frame
    widget = taught.train("carl", gold="ana")
    code(widget, 1, "Use", "1")
    code(widget, 2, "Use", "2")
    widget.hand_in()
    edit = {"op": "3", "act": "edit", "row": "r1", "body": {"stage": "Buy"}}
    say_to(widget, "apply", **edit)
    widget.hand_in()
    found = taught.gold("carl", "ana")
    assert found.frame[["id", "gold_stage", "stage", "same_stage"]].to_numpy().tolist() == [
        ["a", "Buy", "Use", False],
        ["b", "Use", "Use", True],
    ]
    assert found.texts["share"].tolist() == [0, 0.5]
    assert found.texts["kappa"].iloc[-1] == pytest.approx(0)
    assert found.labels.set_index("label").loc["Use", "both"] == 1
    assert "2 texts handed in: 1" in repr(found)
    assert shown(found.html())[2] == [
        *("b", "Quick &amp; &lt;b&gt;kind&lt;/b&gt; driver."),
        *("Use", "Use, +2", "× valence"),  # no valence was given
    ]
    pd.testing.assert_frame_equal(taught.curve(estimate="coded").frame, before)


def test_what_cannot_be_trained_on_is_refused(taught: Study) -> None:
    with pytest.raises(NoEvidence, match="settled"):
        taught.train("carl")
    with pytest.raises(UnknownName, match="zoe"):
        taught.train("carl", gold="zoe")
    with pytest.raises(ArgumentError, match="own codings"):
        taught.train("ana", gold="ana")


def test_who_has_never_trained_has_no_gold_view(taught: Study) -> None:
    with pytest.raises(UnknownName, match="no coder who has trained is called 'carl'"):
        taught.gold("carl", "ana")
    taught.train("carl", gold="ana")
    with pytest.raises(UnknownName, match="did you mean 'carl'"):
        taught.gold("karl", "ana")
    assert "nothing" in repr(taught.gold("carl", "ana"))
