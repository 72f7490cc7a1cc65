"""Answers of a desk as what JSON can carry."""

from __future__ import annotations

import json

from cjm_widgets.model.coding import Coding
from cjm_widgets.model.desk import Opening, Receipt, StageItem, Step, Top, plain


def test_nested_answers_become_what_json_carries_and_lose_nothing() -> None:
    coding = Coding("u1", 7, 1, 0, 3, "ana", "purchase", -0.5, ("fees", "trust"), "é😀", rev=4)
    receipt = Receipt(True, "op1", 4, (coding,), top=Top(undo=Step("op1", "code")))
    sent = json.loads(json.dumps(plain(receipt)))
    assert sent["rows"] == [
        {
            "uid": "u1",
            "feedback": 7,
            "version": 1,
            "start": 0,
            "stop": 3,
            "coder": "ana",
            "stage": "purchase",
            "valence": -0.5,
            "codes": ["fees", "trust"],
            "memo": "é😀",
            "origin": "human",
            "rev": 4,
            "gone": False,
        }
    ]
    assert sent["top"] == {"undo": {"op": "op1", "label": "code"}, "redo": None}
    assert (sent["ok"], sent["why"]) == (True, None)


def test_mappings_keep_their_keys_as_text() -> None:
    stage = StageItem("a", {"en": "Start"}, None, 0)
    opening = Opening(
        "s", "n", "ana", "en", 0, 1, 0, (stage,), (), (), {"pos": 3, 4: (1, 2)}, Top()
    )
    sent = plain(opening)
    assert sent["bookmark"] == {"pos": 3, "4": [1, 2]}
    assert sent["stages"] == [{"key": "a", "names": {"en": "Start"}, "parent": None, "n": 0}]
    assert json.dumps(sent)
