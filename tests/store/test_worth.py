"""What became of a coder's suggestions: taken as they were, put right, refused."""

from __future__ import annotations

from store_kit import sentences

from cjm_widgets.model.desk import Op
from cjm_widgets.store import Store, StoreDesk


def proposed(uid: str, stage: str) -> dict[str, object]:
    return {"uid": uid, "stage": stage, "codes": ["fees"], "valence": -0.5, "by": "classifier"}


def test_suggestions_taken_are_counted_beside_those_put_right_and_refused(study: Store) -> None:
    desk = StoreDesk(study, "ana", sentences=sentences)
    stage = desk.open().stages[0].key
    assert (desk.worth().accuracy, desk.worth().decided) == (None, 0)
    for n, said in enumerate((stage, None, stage), 1):
        body = {
            "feedback": n,
            "start": 0,
            "stop": 2,
            "stage": said,
            "valence": -0.5,
            "codes": ["fees"],
            "origin": "suggestion",
            "suggestion": proposed(f"s{n}", stage),
        }
        assert desk.apply(Op(f"op{n}", "code", f"row{n}", seen_version=1, body=body)).ok
    place = {"feedback": 4, "start": 0, "stop": 2, "stage": stage}
    assert desk.apply(Op("no", "refuse", "s4", body=place)).ok
    worth = desk.worth()
    assert (worth.taken, worth.decided) == (2, 4)
    assert StoreDesk(study, "bob", sentences=sentences).worth().decided == 0
    edit = Op("ed", "edit", "row3", base="op3", seen_version=1, body={"codes": []})
    assert desk.apply(edit).ok
    assert desk.worth().taken == 1
    assert desk.apply(Op("un", "undo")).ok
    assert desk.apply(Op("un2", "undo")).ok
    assert (desk.worth().taken, desk.worth().decided) == (2, 3)
