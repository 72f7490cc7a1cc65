"""What was done, field by field, in words; and the study as it was."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.model.desk import Op
from cjm_widgets.store import StoreDesk
from cjm_widgets.study import Study
from cjm_widgets.study.history import words_of
from cjm_widgets.words import texts

LONG = "It took ages, and then some more ages, until 100 % of it was there at last. Fine."


@pytest.fixture
def told(study: Study) -> Study:
    """A study with some history: ana codes, changes and removes; an editor merges."""
    study.set_journey([{"en": "Buy", "fr": "Acheter"}, {"en": "Use", "fr": "Utiliser"}])
    study.set_codebook(pd.DataFrame({"name": ["Fees", "Price"]}))
    study.add(pd.DataFrame({"words": [LONG, "Good."]}), text="words")
    desk = StoreDesk(study._store, "ana")
    body = {"feedback": 1, "start": 0, "stop": len(LONG), "stage": "Buy", "codes": ["fees"]}
    assert desk.apply(Op("a", "code", row="a", body=body)).ok
    edit = {"valence": -0.5, "stage": "Use", "memo": "50 % off?"}
    assert desk.apply(Op("b", "edit", row="a", body=edit)).ok
    study.merge_codes("Fees", into="Price")
    study.change_code("Price", name="Prices")
    return study


def test_changes_say_from_what_to_what_in_words(told: Study) -> None:
    frame = told.changes("ana", what="coding")
    assert [str(kind) for kind in frame.dtypes.tolist()][:2] == ["int64", "datetime64[us]"]
    said = frame[["label", "field", "before", "after"]].astype(object)
    shown = said.where(said.notna(), None).to_numpy().tolist()
    assert sorted(shown, key=str) == sorted(
        [
            ["edit", "stage", "Buy", "Use"],
            ["edit", "memo", None, "50 % off?"],
            ["edit", "valence", None, "−1"],
            ["code", "passage", None, LONG[:60] + "…"],
            ["code", "stage", None, "Buy"],
            ["code", "codes", None, "Fees"],
            ["code", "range", None, f"0–{len(LONG)}"],
            ["code", "version", None, "1"],
        ],
        key=str,
    )
    assert set(frame["name"]) == {LONG[:60] + "…"}
    assert set(frame["row"]) == {"a"}
    merged = told.changes(what="merge_codes")
    coded = merged[merged["what"] == "coding"]
    assert coded[["field", "before", "after"]].to_numpy().tolist() == [["codes", "Fees", "Prices"]]
    gone = merged[merged["name"] == "Fees"]
    assert gone["after"].isna().all()
    renamed = told.changes(what="change_code")
    assert renamed[["field", "before", "after"]].to_numpy().tolist() == [
        ["name", "Price", "Prices"]
    ]


def test_a_removal_shows_what_went_and_its_undo_what_came_back(told: Study) -> None:
    told.recode(["a"], remove=True, actor="boss")
    told.undo("boss")
    frame = told.changes("boss")
    undone, done = frame[frame["kind"] == "undo"], frame[frame["kind"] == "do"]
    assert done["after"].isna().all()
    assert undone["before"].isna().all()
    assert dict(zip(done["field"], done["before"], strict=True)) == dict(
        zip(undone["field"], undone["after"], strict=True)
    )
    assert undone["words"].unique().tolist() == ["undone: removal of several codings"]
    assert done["words"].unique().tolist() == ["removal of several codings"]


def test_every_kind_of_row_is_told(told: Study) -> None:
    told.note("goals", "Buy", "Quick", author="ben")
    told.memo("Hm.", "Prices", author="ben")
    told.memo("Irony?", "a", author="ben")
    told._store.put_document("persona", "p", {"name": "Pia", "wants": ["a"]}, "ben")
    told.add_kpis(pd.DataFrame({"kpi": ["NPS"], "stage": ["Buy"], "value": [31.5]}), actor="ben")
    told.add(pd.DataFrame({"id": ["1"], "words": ["Slow."]}), text="words", id="id", name="t")
    told.add(pd.DataFrame({"id": ["1"], "words": ["Fast."]}), text="words", id="id", name="t")
    frame = told.changes()
    assert set(frame["what"]) >= {
        "coding", "code", "stage", "note", "document", "kpi", "text",
    }  # fmt: skip
    kpi = frame[frame["what"] == "kpi"]
    assert dict(zip(kpi["field"], kpi["after"], strict=True))["value"] == "31.5"
    text = frame[(frame["what"] == "text") & (frame["field"] == "text")]
    assert text[["before", "after"]].to_numpy().tolist() == [["Slow.", "Fast."]]
    notes = frame[(frame["what"] == "note") & (frame["field"] == "on")]
    assert notes["after"].tolist() == [f"coding: {LONG[:60]}…", "code: Prices", "stage: Buy"]
    persona = frame[frame["what"] == "document"]
    assert dict(zip(persona["field"], persona["after"], strict=True)) == {
        "name": "Pia",
        "wants": '["a"]',
    }
    assert frame["seq"].is_monotonic_decreasing


def test_histories_are_filtered_by_actor_kind_time_and_words(told: Study) -> None:
    assert set(told.history("ana")["actor"]) == {"ana"}
    assert set(told.history(what="code")["label"]) == {"codebook", "merge_codes", "change_code"}
    assert told.history(what="change_code")["rows"].tolist() == [1]
    assert told.history(text="MERGING")["label"].tolist() == ["merge_codes"]
    assert told.history(text="50 % off")["label"].tolist()[-1] == "edit"
    assert len(told.history(text="50 X off")) == 0
    whole = told.history()
    middle = whole["at"].iloc[2]
    assert told.history(since=middle)["seq"].tolist() == whole["seq"].tolist()[:3]
    assert told.history(until=middle)["seq"].tolist() == whole["seq"].tolist()[3:]
    assert told.history(limit=2)["seq"].tolist() == whole["seq"].tolist()[:2]
    assert told.changes(text="50 % off")["field"].tolist() == ["memo"]
    assert len(told.changes(limit=3)) == 3
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert len(told.changes(since=tomorrow)) == 0
    assert len(told.history(since=str(tomorrow.date()))) == 0
    with pytest.raises(UnknownName, match="nothing_such"):
        told.history(what="nothing_such")
    for ask in (told.history, told.changes, told.at(told.history(limit=1)["seq"].item()).history):
        with pytest.raises(UnknownName, match="did you mean 'ana'"):
            ask("anna")
    with pytest.raises(ArgumentError, match="a moment is a time"):
        told.history(since="yesterdayish")


def test_words_are_french_in_a_french_study(new: Callable[..., Study]) -> None:
    study = new(language="fr")
    study.set_codebook(pd.DataFrame({"name": ["Prix", "Frais"]}))
    study.merge_codes("Frais", into="Prix")
    assert study.undo() == "fusion de codes"
    assert study.history()["words"].tolist() == [
        "annulé\u202f: fusion de codes",
        "fusion de codes",
        "livre de codes",
    ]
    assert study.history(text="fusion")["kind"].tolist() == ["undo", "do"]
    assert words_of("an own label", "fr") == "an own label"


def test_every_label_of_the_journal_has_words() -> None:
    from cjm_widgets.store.desks.bulk_edit import RECODE, REMOVE
    from cjm_widgets.store.desks.recoding import LABELS

    for language in ("en", "fr"):
        labels = texts(language)["history"]["labels"]
        for label in (*LABELS.values(), RECODE, REMOVE, "code", "edit", "remove", "memo", "link"):
            assert labels[label]
        for label in ("correct", "follow", "speaker", "effort", "aim", "forget"):
            assert labels[label] not in ("", label)


def test_a_study_is_looked_at_as_it_was(told: Study) -> None:
    history = told.history()
    coded = int(history.loc[history["label"] == "code", "seq"].iloc[0])
    then = told.at(coded)
    assert then.codings()[["stage", "codes"]].to_numpy().tolist() == [["Buy", "fees"]]
    assert [code.name for code in then.codebook] == ["Fees", "Price"]
    assert then.history()["label"].tolist()[0] == "code"
    assert then.history("ana", limit=1)["words"].tolist() == ["coding"]
    assert [stage.key for stage in then.journey] == ["Buy", "Use"]
    assert f"after action {coded}" in repr(then)
    assert then.at is not None
    assert told.at(then.at).seq == coded
    assert told.at(then.at.tz_localize("UTC").tz_convert("Europe/Paris")).seq == coded
    assert told.at(str(then.at)).seq == coded
    assert "before anything" in repr(told.at(0))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", then.when)
    assert then.when in repr(then)
    assert told.at("2001-01-01").seq == 0
    with pytest.raises(ArgumentError, match=r"study\.history"):
        told.at(9_999)


def test_a_study_as_it_was_can_be_drawn_compared_and_kept(told: Study, tmp_path: Path) -> None:
    desk = StoreDesk(told._store, "ana")
    for text in (1, 2):
        body = {"feedback": text, "start": 0, "stop": 4, "stage": "Buy", "valence": 0.5}
        assert desk.apply(Op(f"c{text}", "code", row=f"c{text}", body=body)).ok
    told.memo("later: why?", on=("code", "price"))
    then = told.at(told.history(limit=1)["seq"].item())
    told.memo("today", on=1)
    assert desk.apply(Op("d", "edit", row="c1", body={"valence": -1.0})).ok
    with then.study as was:
        assert was.memos()["text"].tolist() == ["later: why?"]
        assert was.curve("coded").frame.set_index("stage").loc["Buy", "mean"] == 0.5
        assert "Buy" in was.map().page()
        pd.testing.assert_frame_equal(was.codings(), then.codings())
    told.memo("and on", on=2)
    assert told.memos()["text"].tolist() == ["later: why?", "today", "and on"]
    moved = told.compare(then, told.at(told.history(limit=1)["seq"].item()), estimate="coded")
    assert moved.frame.set_index("stage").loc["Buy", ["before", "after"]].tolist() == [0.5, -0.25]
    path = then.copy(tmp_path / "then.cjm")
    assert [entry.name for entry in tmp_path.glob("*then*")] == ["then.cjm"]
    with Study(path) as kept:
        assert kept.history()["seq"].max() == then.seq
        kept.undo()
        assert kept.memos().empty
    with pytest.raises(ArgumentError, match="exists already"):
        then.copy(path)


def test_the_copy_of_a_past_goes_when_nobody_holds_it(told: Study) -> None:
    was = told.at(2).study
    folder = was.path.parent
    gc.collect()
    assert len(was.codings()) == 0
    assert folder.exists()
    was.close()
    del was
    gc.collect()
    assert not folder.exists()


def test_a_number_out_of_a_frame_is_an_action_and_a_fraction_is_no_moment(told: Study) -> None:
    number = told.history()["seq"].iloc[0]
    assert told.at(number).seq == number > 3
    for wrong in (2.5, True, None):
        with pytest.raises(ArgumentError, match="a moment is a time"):
            told.at(wrong)  # type: ignore[arg-type]


def test_a_correction_is_told_in_words_and_a_number_is_nobodys_name(
    new: Callable[..., Study],
) -> None:
    study = new(language="fr")
    study.add(pd.DataFrame({"id": ["a"], "words": [LONG]}), text="words", id="id")
    study.correct("a", LONG + " Fini.")
    assert study.history(limit=1)["words"].item() == "correction d’un texte"
    with pytest.raises(ArgumentError, match="say limit=3"):
        study.history(3)  # type: ignore[arg-type]


def test_a_limit_is_kept_to(told: Study) -> None:
    assert len(told.history(limit=0)) == len(told.changes(limit=0)) == 0
    assert len(told.history(limit=1)) == len(told.changes(limit=1)) == 1
    for verb in (told.history, told.changes):
        with pytest.raises(ArgumentError, match="limit"):
            verb(limit=-1)


def test_changes_make_a_table_for_others(told: Study, tmp_path: object) -> None:
    text = told.changes("ana").to_csv(index=False)
    assert "seq,at,actor,kind,label,what,row,name,field,before,after,words" in text
    assert "−1" in text
