"""Codebook, bulk changes, memos and links from Python, each with one undo in words."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, Conflict, UnknownName
from cjm_widgets.model.coding import Coding
from cjm_widgets.study import Study


@pytest.fixture
def shop(study: Study) -> Study:
    """Two coders on three texts, a codebook of three codes."""
    study.set_journey(["buy", "use"])
    study.set_codebook(
        pd.DataFrame({"name": ["Pains", "Fees", "Price"], "parent": [None, "pains", None]})
    )
    study.add(
        pd.DataFrame({"id": list("xyz"), "words": ["Too dear!", "Hidden fee.", "I like it"]}),
        text="words",
        id="id",
    )
    study.add_codings(
        pd.DataFrame(
            {
                "id": list("xyz"),
                "stage": ["buy", "buy", "use"],
                "valence": [-2, -1, 2],
                "codes": ["price", "fees; price", None],
            }
        ),
        coder="ana",
    )
    study.add_codings(pd.DataFrame({"id": ["x"], "codes": ["fees"]}), coder="ben")
    return study


def codes(study: Study) -> list[tuple[str, str]]:
    frame = study.codings().sort_values(["coder", "feedback"])
    return list(zip(frame["coder"], frame["codes"], strict=True))


def test_a_codebook_is_built_and_tidied_with_verbs(shop: Study) -> None:
    key = shop.add_code("Délais", kind="pain", definition="It takes too long.", colour="#7e2525")
    assert key == "delais"
    shop.add_code("Parcel", parent="délais")
    shop.move_code("Délais", "pains", before="Fees")
    shop.change_code("parcel", name="Parcel late", kind="theme")
    assert shop.codebook.frame()[["code", "parent", "kind", "name"]].fillna(
        ""
    ).to_numpy().tolist() == [
        ["pains", "", "theme", "Pains"],
        ["delais", "pains", "pain", "Délais"],
        ["parcel", "delais", "theme", "Parcel late"],
        ["fees", "pains", "theme", "Fees"],
        ["price", "", "theme", "Price"],
    ]
    assert [shop.undo() for _ in range(4)] == [
        "change of a code",
        "move of a code",
        "new code",
        "new code",
    ]
    assert shop.redo() == "new code"
    assert shop.codebook.code("Délais").definition == "It takes too long."


def test_merging_changes_the_codings_of_all_and_one_undo_brings_them_back(shop: Study) -> None:
    before = shop.codings().drop(columns="at")
    shop.merge_codes("Price", "Fees", into="Pains")
    assert codes(shop) == [("ana", "pains"), ("ana", "pains"), ("ana", ""), ("ben", "pains")]
    assert shop.retired_codes()["merged_into"].tolist() == ["pains", "pains"]
    assert shop.undo() == "merging of codes"
    pd.testing.assert_frame_equal(shop.codings().drop(columns="at"), before)


def test_splitting_by_a_function_or_a_mapping(shop: Study) -> None:
    made = shop.split_code(
        "price",
        ["Too high", {"name": "Unclear", "definition": "Nobody says it."}],
        choose=lambda coding: "Too high" if "dear" in coding.passage else None,
    )
    assert made == ("too-high", "unclear")
    assert codes(shop)[0] == ("ana", "too-high")
    assert "price" in {code.key for code in shop.codebook}  # one coding still bears it
    rest = shop.codings().query("codes.str.contains('price')")["uid"].tolist()
    shop.split_code("price", ["Vague"], choose={rest[0]: ["Vague", "unclear"]})
    assert codes(shop)[1] == ("ana", "fees; unclear; vague")
    assert "price" not in {code.key for code in shop.codebook}
    assert [shop.undo(), shop.undo()] == ["splitting of a code"] * 2
    assert codes(shop)[1] == ("ana", "fees; price")


def test_retired_codes_stay_on_codings_and_come_back(shop: Study) -> None:
    shop.retire_code("fees", actor="ben")
    assert codes(shop)[3] == ("ben", "fees")
    with pytest.raises(Conflict, match="retired"):
        shop.change_code("fees", name="Charges")
    assert shop.retired_codes()[["code", "actor"]].to_numpy().tolist() == [["fees", "ben"]]
    shop.revive_code("Fees")
    assert len(shop.retired_codes()) == 0


def test_recoding_a_frame_of_codings_is_one_action(shop: Study) -> None:
    bad = shop.codings().query("valence < 0")
    assert shop.recode(bad, stage="use", valence=0.5, add_codes=["Pains"]) == 2
    changed = shop.codings("ana")
    assert changed["stage"].tolist() == ["use", "use", "use"]
    assert changed["valence"].tolist() == [0.5, 0.5, 1.0]
    assert shop.recode(changed["uid"], stage=None, remove_codes=["price"], actor="ben") == 3
    assert shop.codings("ana")["stage"].isna().all()
    assert shop.undo("ben") == "change of several codings"
    assert shop.recode(bad["uid"], remove=True) == 2
    assert len(shop.codings()) == 2
    shop.undo()
    assert len(shop.codings()) == 4
    assert shop.recode([], valence=1.0) == 0
    with pytest.raises(ArgumentError, match="not both"):
        shop.recode(bad, remove=True, valence=1.0)
    with pytest.raises(UnknownName):
        shop.recode(bad, stage="nowhere")


def test_memos_stand_on_anything_and_make_threads(shop: Study) -> None:
    coding = shop.codings("ana").iloc[0]
    mine = shop.memo("Start here.", author="ana")
    shop.memo("The same person as y?", int(coding.feedback))
    shop.memo("Too broad.", "Fees", author="ben")
    shop.memo("I agree.", "fees", author="ana")
    shop.memo("Till or web?", shop.journey.stage("buy"))
    shop.memo("Irony!", str(coding.uid), author="ana")
    assert shop.memos()[["on_kind", "on", "author"]].to_numpy().tolist() == [
        ["study", "", "ana"],
        ["text", "1", "editor"],
        ["code", "fees", "ben"],
        ["code", "fees", "ana"],
        ["stage", "buy", "editor"],
        ["coding", coding.uid, "ana"],
    ]
    assert shop.memos("Fees")["text"].tolist() == ["Too broad.", "I agree."]
    assert shop.memos(author="ana", kind="study")["uid"].tolist() == [mine]
    shop.change_memo(mine, "Begin here.", actor="ben")
    shop.remove_memo(mine, actor="ben")
    assert [shop.undo("ben"), shop.undo("ben")] == ["memo", "memo"]
    assert shop.memos(kind="study")["text"].tolist() == ["Start here."]
    assert len(shop.notes()) == 0


def test_a_memo_on_what_nobody_knows_or_two_things_know_is_refused(shop: Study) -> None:
    shop.add_code("Buy")
    with pytest.raises(ArgumentError, match=r"a code and a stage; say which: \('code', 'buy'\)"):
        shop.memo("Which?", "buy")
    shop.memo("The code.", ("code", "Buy"))
    shop.memo("The stage.", ("stage", "buy"))
    shop.memo("The code.", shop.codebook.code("Buy"))
    assert shop.memos(("code", "Buy"))["text"].tolist() == ["The code.", "The code."]
    for on, error in (("nothing", UnknownName), (99, UnknownName), (1.5, ArgumentError)):
        with pytest.raises(error):
            shop.memo("x", on)  # type: ignore[arg-type]
    with pytest.raises(UnknownName):
        shop.memo("x", Coding("gone", 1, 1, 0, 2, "ana"))
    with pytest.raises(ArgumentError, match="is a code, not a stage"):
        shop.memos("Fees", kind="stage")


def test_links_show_what_they_join(shop: Study) -> None:
    a, b = shop.codings("ana")["uid"].tolist()[:2]
    uid = shop.link(a, b, "the same fee", kind="explains", actor="ana")
    row: Any = shop.links().iloc[0]
    assert (row["from_passage"], row["to_passage"]) == ("Too dear!", "Hidden fee.")
    assert (row["kind"], row["text"], row["author"]) == ("explains", "the same fee", "ana")
    shop.unlink(uid, actor="ana")
    assert len(shop.links()) == 0
    assert shop.undo("ana") == "link between passages"
    shop.recode([a], remove=True)
    assert len(shop.links()) == 0
    shop.undo()
    assert len(shop.links()) == 1


def test_many_codings_are_recoded_as_they_were_found_or_named(shop: Study) -> None:
    assert shop.recode(shop.passages("fees"), add_codes="pains") == 2
    one = shop.codings("ben")["uid"].item()
    assert shop.recode(one, remove_codes="pains") == 1
    assert codes(shop)[-1] == ("ben", "fees")
    with pytest.raises(ArgumentError, match="give stage, valence"):
        shop.recode([one])
    with pytest.raises(ArgumentError, match="no column 'uid'"):
        shop.recode(pd.DataFrame({"a": [1]}), add_codes=["pains"])


def test_several_codes_are_merged_as_a_list_and_a_name_is_not_split_into_letters(
    shop: Study,
) -> None:
    with pytest.raises(ArgumentError, match="into is a list"):
        shop.split_code("Price", "AB")
    shop.merge_codes(["Fees", "Price"], into="Pains")
    assert [code.key for code in shop.codebook] == ["pains"]


def test_names_alone_make_a_codebook(shop: Study) -> None:
    shop.set_codebook(["Joy", "Late parcel"])
    assert [code.key for code in shop.codebook] == ["joy", "late-parcel"]


def test_numbers_out_of_a_frame_name_texts(shop: Study) -> None:
    number = shop.codings()["feedback"].iloc[0]
    shop.memo("why?", on=number)
    shop.correct(number, "Too dear, far!")
    assert len(shop.turns(number)) == 0
    assert shop.suggestions(number)["feedback"].unique().tolist() in ([], [int(number)])
    with pytest.raises(ArgumentError, match="by its id or its number"):
        shop.correct(2.5, "x")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="texts are numbers"):
        shop.suggestions("x")  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="'text', 'stage'"):
        shop.memos(kind="zzz")
