"""What a browser may say, and what becomes of the rest."""

from __future__ import annotations

import logging
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standin import Feedback, StandIn, Study

from cjm_widgets.errors import BusyStudy, CjmError, Conflict, LostFile, NewerStudy, StoreError
from cjm_widgets.model.desk import plain
from cjm_widgets.widgets.conversation import Conversation
from cjm_widgets.widgets.messages import op_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
DO = ("open", "page", "around", "next", "text", "since", "mark", "apply")
FIELDS = ("query", "after", "before", "limit", "pos", "text", "seq", "values", "op", "act", "row")
MORE = ("base", "seen_version", "expect", "body")


def a_study() -> Study:
    return Study([Feedback("One sentence. Another one."), Feedback("Deux phrases. Oui.")])


def message(do: str, **fields: Any) -> dict[str, Any]:
    return {"v": 1, "id": "s:1", "session": "s", "do": do, **fields}


def code(**body: Any) -> dict[str, Any]:
    good = {"feedback": 0, "start": 0, "stop": 3, "stage": "use"}
    return message("apply", op="op-1", act="code", row="u1", seen_version=1, body=good | body)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (message("open"), "opening"),
        (message("page", query={"status": "todo"}, limit=1), "page"),
        (message("around", query={}, pos=1), "page"),
        (message("next", query={"search": "deux"}, pos=-1), "item"),
        (message("text", text=1), "sheet"),
        (message("since", seq=0), "changes"),
    ],
)
def test_every_question_is_answered_under_its_name(asked: dict[str, Any], field: str) -> None:
    answer = Conversation(StandIn(a_study())).answer(asked)
    assert answer["id"] == "s:1"
    assert answer["ok"] is True
    assert field in answer


def test_a_coding_comes_back_as_a_receipt_with_its_row() -> None:
    study = a_study()
    answer = Conversation(StandIn(study)).answer(code(valence=-0.5, codes=["late"], memo="x"))
    assert answer["ok"]
    assert answer["rows"][0]["codes"] == ["late"]
    assert answer["top"]["undo"] == {"op": "op-1", "label": "code"}
    assert study.live("ana")[0].valence == -0.5


def test_the_same_op_twice_writes_once() -> None:
    study = a_study()
    talk = Conversation(StandIn(study))
    assert talk.answer(code()) == talk.answer(code())
    assert study.seq == 1


@pytest.mark.parametrize(
    "bad",
    [
        None,
        "open",
        [],
        {},
        {"v": 1, "id": 7, "do": "open"},
        {"v": 2, "id": "a", "do": "open"},
        {"v": 1, "id": "a", "do": "__init__"},
        {"v": 1, "id": "a", "do": ["open"]},
        message("page", query={"status": "maybe"}),
        message("page", query={"filters": {"channel": 3}}),
        message("page", limit=10**6),
        message("page", limit=True),
        message("text", text="1; DROP TABLE study"),
        message("text", text=2**80),
        message("text", text=99),
        message("mark", values={"__class__": 1}),
        message("mark", values={"text": "x"}),
        message("apply", op="", act="code", row="u", body={}),
        message("apply", op="x", act="drop", row="u", body={}),
        message("apply", op="x", act="edit", row=None, body={}),
        code(start=-1),
        code(start=float("nan")),
        code(stop=0),
        code(valence=float("nan")),
        code(valence=2),
        code(codes="late"),
        code(codes=[1]),
        code(memo="x" * 100_001),
        code(origin="import"),
        code(coder="ben"),
        code(rev=3),
        code(start=3, stop=3),
    ],
)
def test_what_the_protocol_does_not_know_is_invalid(
    bad: object, caplog: pytest.LogCaptureFixture
) -> None:
    study = a_study()
    with caplog.at_level(logging.INFO):
        answer = Conversation(StandIn(study)).answer(bad)
    assert answer["ok"] is False
    assert answer["why"] == "invalid"
    assert answer["say"]
    assert not study.rows
    assert not caplog.records


@given(st.sampled_from(DO), st.dictionaries(st.sampled_from(FIELDS + MORE), JSON), JSON)
def test_no_message_can_make_python_raise(do: str, fields: dict[str, Any], wild: object) -> None:
    talk = Conversation(StandIn(a_study()))
    for asked in (message(do, **fields), wild):
        assert isinstance(talk.answer(asked)["ok"], bool)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (BusyStudy("held"), "busy"),
        (LostFile("gone"), "lost_file"),
        (NewerStudy("newer"), "newer_schema"),
        (Conflict("other"), "conflict"),
        (StoreError("else"), "invalid"),
    ],
)
def test_the_desks_errors_become_refusals(error: CjmError, why: str) -> None:
    study = a_study()
    study.failing = error
    answer = Conversation(StandIn(study)).answer(code())
    assert (answer["ok"], answer["why"], answer["say"]) == (False, why, str(error))


def test_a_fault_of_the_desk_does_not_end_the_conversation() -> None:
    class Broken(StandIn):
        def text(self, id: int) -> Any:
            raise ZeroDivisionError("oh")

    talk = Conversation(Broken(a_study()))
    assert talk.answer(message("text", text=0))["why"] == "invalid"
    assert talk.answer(message("open"))["ok"]


def test_threads_take_turns_at_the_desk() -> None:
    inside: list[int] = []
    together: list[int] = []

    class Watched(StandIn):
        def text(self, id: int) -> Any:
            inside.append(1)
            together.append(len(inside))
            threading.Event().wait(0.002)
            inside.pop()
            return super().text(id)

    talk = Conversation(Watched(a_study()))
    threads = [
        threading.Thread(target=talk.answer, args=(message("text", text=0),)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == [1] * 8


# -- acts that do more than one coding


def deed(act: str, **body: Any) -> dict[str, Any]:
    return message("apply", op="op-9", act=act, row="m1", body=body)


@pytest.mark.parametrize(
    "good",
    [
        {"do": "add", "name": "x", "key": "x", "kind": "theme", "parent": None, "before": None},
        {"do": "change", "code": "late", "definition": ""},
        {"do": "move", "code": "late", "parent": "anger", "before": None},
        {"do": "merge", "code": ["late", "anger"], "into": "relief"},
        {
            "do": "split",
            "code": "late",
            "into": [{"name": "a", "key": "a"}, {"name": "b", "key": "b"}],
            "codings": {"u1": ["a", "b"]},
        },
        {"do": "retire", "code": "late"},
    ],
)
def test_edits_of_the_codebook_pass_as_they_are_meant(good: dict[str, Any]) -> None:
    op = op_of(deed("codebook", **good))
    assert op.act == "codebook"
    assert plain(op.body) == good


def test_bulk_changes_memos_and_links_pass_as_they_are_meant() -> None:
    bulk = {"codings": ["u1", "u2"], "set": {"stage": None, "valence": 0.5}, "add_codes": ["late"]}
    assert plain(op_of(deed("bulk", **bulk)).body) == bulk
    memo = {"do": "add", "on": ["study", ""], "text": "Beginnings"}
    assert plain(op_of(deed("memo", **memo)).body) == memo
    link = {"do": "add", "from": "u1", "to": "u2", "kind": "explains"}
    assert plain(op_of(deed("link", **link)).body) == link


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("codebook", {}),
        ("codebook", {"do": "burn"}),
        ("codebook", {"do": "add"}),
        ("codebook", {"do": "add", "name": "x" * 201}),
        ("codebook", {"do": "add", "name": "x", "into": "y"}),
        ("codebook", {"do": "merge", "code": "late"}),
        ("codebook", {"do": "split", "code": "late", "into": [], "codings": {}}),
        ("codebook", {"do": "split", "code": "late", "into": [{"title": "x"}], "codings": {}}),
        ("codebook", {"do": "split", "code": "x", "into": [{"name": "y"}], "codings": {"u": "y"}}),
        ("bulk", {"codings": "u1"}),
        ("bulk", {"codings": ["u1"], "set": {"memo": 1}}),
        ("bulk", {"codings": ["u1"], "set": {"valence": 2}}),
        ("bulk", {"codings": ["u1"], "set": {"start": 0}}),
        ("bulk", {"codings": ["u1"], "remove": 1}),
        ("memo", {"do": "add", "on": "study", "text": "x"}),
        ("link", {"do": "add", "from": 1, "to": "u2"}),
    ],
)
def test_deeds_of_another_shape_are_refused(act: str, body: dict[str, Any]) -> None:
    study = a_study()
    answer = Conversation(StandIn(study)).answer(deed(act, **body))
    assert (answer["ok"], answer["why"]) == (False, "invalid")
    assert study.seq == 0


def test_keys_of_ones_own_are_kept_and_nothing_else_passes_as_keys() -> None:
    study = a_study()
    talk = Conversation(StandIn(study))
    assert talk.answer(message("mark", values={"keys": {"todo": "x"}}))["ok"]
    assert study.marks["ana"]["keys"] == {"todo": "x"}
    for bad in ([], {"todo": 1}, {"todo": "x" * 41}, {str(n): "x" for n in range(101)}):
        assert not talk.answer(message("mark", values={"keys": bad}))["ok"]
