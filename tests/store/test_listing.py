"""The list of all passages, on both engines: pages, sorts, search, filters, bulk."""

from __future__ import annotations

import json
from typing import Any

import pytest
from store_kit import feedback

from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.desk import Op
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store
from cjm_widgets.store.desks.listing import SORTS, CodingList, Wanted
from cjm_widgets.widgets.table import TableWidget

STAGES = ("Search", "Buy", None)
VALENCES = (None, -1.0, -0.5, 0.0, 1.0)
CODES = ((), ("fees",), ("fees", "pains"), ("joy",), ("joy", "fees"))
CODERS = ("ana", "Élodie", "ben")
N = 45


@pytest.fixture
def coded(store: Store) -> Store:
    """Forty-five codings of three coders in fifteen texts of two sources."""
    store.set_journey(Journey.of("Search", "Buy", "Use"), "ana")
    book = Codebook(
        (
            Code("pains", "Pains", "pain"),
            Code("fees", "Fees", "pain", "pains"),
            Code("joy", "Joy", "emotion"),
        )
    )
    store.set_codebook(book, "ana")
    texts = [f"Café {at} 👍🏽 refunds {'late' if at % 2 else 'soon'}, répondu." for at in range(15)]
    store.add([feedback(texts[:8])], source="shop.csv")
    store.add([feedback(texts[8:])], source="calls.csv")
    store.add_codings(
        Coding(
            f"u{at:02}",
            at // 3 + 1,
            1,
            at % 3 * 5,
            at % 3 * 5 + 9,
            CODERS[at % 3],
            STAGES[at // 2 % 3],
            VALENCES[at % 5],
            CODES[at // 3 % 5],
        )
        for at in range(N)
    )
    return store


def uid(store: Store, at: int) -> str:
    """Of the coding made at a place in the row of all."""
    frame = store.codings()
    here = (frame["feedback"] == at // 3 + 1) & (frame["start"] == at % 3 * 5)
    return str(frame.loc[here, "uid"].item())


def walk(found: CodingList, wanted: Wanted, limit: int = 7) -> list[dict[str, Any]]:
    """All rows, page by page, checked against going back from the end."""
    rows: list[dict[str, Any]] = []
    mark: list[Any] | None = None
    while True:
        # Marks go through the browser and back.
        page = json.loads(json.dumps(found.rows(wanted, mark, limit, back=False)))
        rows += page["rows"]
        mark = page["after"]
        if mark is None:
            break
    if len(rows) > 1:
        back = found.rows(wanted, rows[-1]["mark"], 200, back=True)
        assert [row["uid"] for row in back["rows"]] == [row["uid"] for row in rows[:-1]]
        assert back["before"] is None
    return rows


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("down", [False, True])
def test_every_sort_shows_every_passage_once_and_goes_back_the_same_way(
    coded: Store, sort: str, down: bool
) -> None:
    wanted = Wanted(sort=sort, down=down)
    found = CodingList(coded, "zoe")
    rows = walk(found, wanted)
    assert len({row["uid"] for row in rows}) == len(rows) == N
    keys = [row["mark"][0] for row in rows]
    if sort != "coder":  # the engines order accents each in their own way
        assert keys == sorted(keys, reverse=down)
    assert found.uids(wanted) == [row["uid"] for row in rows]
    assert found.rows(wanted, None, 5, back=False)["total"] == N


def test_what_has_no_stage_code_or_valence_stands_behind_the_others(coded: Store) -> None:
    found = CodingList(coded, "zoe")
    for sort in ("stage", "valence"):
        given = [row[sort] is not None for row in walk(found, Wanted(sort=sort))]
        assert given == sorted(given, reverse=True)


def test_codes_are_in_the_order_of_the_codebook_with_its_branches(coded: Store) -> None:
    codes = [tuple(row["codes"]) for row in walk(CodingList(coded, "zoe"), Wanted(sort="code"))]
    assert [some[:1] for some in codes] == (
        [("pains",)] * 9 + [("fees",)] * 18 + [("joy",)] * 9 + [()] * 9
    )
    assert set(codes) == {("pains", "fees"), ("fees",), ("fees", "joy"), ("joy",), ()}


def test_a_row_shows_what_was_said_with_the_words_around_it(coded: Store) -> None:
    row = CodingList(coded, "zoe").some([uid(coded, 4), "no such"])
    assert len(row) == 1
    assert (row[0]["ahead"], row[0]["passage"]) == ("Café ", "1 👍🏽 refu")
    assert row[0]["behind"] == "nds late, répondu."
    assert (row[0]["coder"], row[0]["stage"], row[0]["valence"]) == ("Élodie", None, 1.0)
    assert (row[0]["codes"], row[0]["source"]) == (["fees"], "shop.csv")


def test_words_stages_codes_and_coders_narrow_it(coded: Store) -> None:
    found = CodingList(coded, "zoe")
    assert {row["coder"] for row in walk(found, Wanted(coder="Élodie"))} == {"Élodie"}
    assert {row["stage"] for row in walk(found, Wanted(stage="Buy", sort="code"))} == {"Buy"}
    fees = walk(found, Wanted(code="fees", sort="stage", down=True))
    assert len(fees) == 27
    assert all("fees" in row["codes"] for row in fees)
    cafe = walk(found, Wanted(search="CAFE", sort="valence"))
    assert len(cafe) == 15
    assert all(row["passage"].startswith("Café") for row in cafe)
    assert walk(found, Wanted(search="fun")) == []  # no word begins so
    assert walk(found, Wanted(search="?!")) == []
    assert len(walk(found, Wanted(search="refunds", coder="ben", sort="coder"))) == 15


def test_it_keeps_to_the_passages_that_a_query_found(coded: Store) -> None:
    uids = [uid(coded, at) for at in (3, 11, 40)]
    found = CodingList(coded, "zoe", [*reversed(uids), 'it\'s "no" uid'])
    assert [row["uid"] for row in walk(found, Wanted(), limit=2)] == uids
    assert found.open().total == 3
    assert CodingList(coded, "zoe", []).rows(Wanted(), None, 5, back=False)["rows"] == []


def test_others_codings_are_recoded_and_undone_in_the_name_of_who_recodes(coded: Store) -> None:
    found = CodingList(coded, "zoe")
    before = coded.codings()
    uids = found.uids(Wanted(coder="ben", sort="date", down=True))
    body = {"codings": uids, "set": {"stage": "Use"}, "add_codes": ["pains"]}
    receipt = found.apply(Op("op1", "bulk", body=body))
    assert receipt.ok, receipt.say
    assert found.apply(Op("op1", "bulk", body=body)).ok  # asked again: nothing is done twice
    rows = found.some(uids)
    assert {row["stage"] for row in rows} == {"Use"}
    assert all("pains" in row["codes"] for row in rows)
    newest = walk(found, Wanted(sort="date", down=True))
    assert {row["uid"] for row in newest[: len(uids)]} == set(uids)
    assert found.apply(Op("op2", "undo")).ok
    assert coded.codings().equals(before)
    assert coded.history(limit=1)["actor"].tolist() == ["zoe"]


def test_what_is_removed_or_its_import_undone_is_not_listed(coded: Store) -> None:
    found, one = CodingList(coded, "zoe"), uid(coded, 0)
    assert found.apply(Op("op1", "bulk", body={"codings": [one], "remove": True})).ok
    assert found.some([one]) == []
    coded.add([feedback(["gone soon"], stage=["Buy"])], source="b.csv", coder="import")
    assert [row["passage"] for row in walk(found, Wanted(coder="import"))] == ["gone soon"]
    coded.undo("import")
    for sort in SORTS:
        assert len(walk(found, Wanted(sort=sort))) == N - 1
    assert found.open().total == N - 1


@pytest.mark.parametrize(
    "asked",
    [
        {"query": {"sort": "stage"}, "mark": ["x", "y", "z", "w"]},
        {"query": {"sort": "coder"}, "mark": [1, 2, 3, 4]},
        {"mark": [10**30, 1, 1, 1]},
        {"mark": [1]},
        {"mark": {"no": "list"}},
        {"query": {"sort": "coder; DROP TABLE coding"}},
        {"query": {"search": "\0", "coder": "\0"}},
        {"limit": 10**6},
    ],
)
def test_no_message_breaks_the_list_or_hurts_the_study(coded: Store, asked: dict[str, Any]) -> None:
    talk = TableWidget(CodingList(coded, "zoe"), "list", wanted=Wanted)._conversation
    answer = talk.answer({"v": 1, "id": "a", "do": "rows", **asked})
    assert answer["id"] == "a"
    again = talk.answer({"v": 1, "id": "b", "do": "rows"})
    assert again["ok"]
    assert again["page"]["total"] == N
