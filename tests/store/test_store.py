"""What a study holds, the same on both engines."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from store_kit import TEXTS, desk, feedback

from cjm_widgets.errors import ArgumentError, Conflict, FrameError, StoreError, UnknownName
from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.model.columns import CODINGS, KPIS, SCORES, check
from cjm_widgets.model.desk import Op, Query
from cjm_widgets.model.journey import Journey, Stage
from cjm_widgets.store import Store


def code(
    store: Store, op: str, text: int, start: int, stop: int, coder: str = "ana", **says: object
):
    body = {"feedback": text, "start": start, "stop": stop, **says}
    return desk(store, coder).apply(Op(op, "code", row=f"row-{op}", body=body))


def test_a_journey_comes_back_with_all_it_says(store: Store) -> None:
    for name in ("six", "day"):
        wanted = Journey.preset(name)
        store.set_journey(wanted, "ana")
        assert store.journey() == wanted
    parts = Journey("own", (Stage("a", {"en": "A"}), Stage("b", parent="a"), Stage("c")))
    store.set_journey(parts, "ana")
    assert store.journey() == parts


def test_setting_the_same_journey_again_changes_nothing(store: Store) -> None:
    first = store.set_journey(Journey.of("Search", "Buy"), "ana")
    assert first.seq == 1
    assert first.added == ("Search", "Buy")
    assert store.set_journey(Journey.of("Search", "Buy"), "bob").seq == 0
    assert len(store.history()) == 1


def test_a_stage_that_codings_use_is_retired_and_they_keep_it(study: Store) -> None:
    assert code(study, "a", 1, 0, 10, stage="Buy").ok
    edited = study.set_journey(Journey.of("Search", "Use"), "bob")
    assert edited.removed == ("Buy",)
    assert edited.used == {"Buy": 1}
    assert "Buy: 1" in str(edited)
    assert study.codings()["stage"].tolist() == ["Buy"]
    assert not code(study, "b", 1, 0, 10, stage="Buy").ok
    edit = Op("c", "edit", row="row-a", body={"stage": "Buy", "memo": "kept"})
    assert desk(study).apply(edit).ok
    study.undo("bob")
    assert [stage.key for stage in study.journey()] == ["Search", "Buy", "Use"]


def test_a_codebook_comes_back_and_its_codes_are_retired_not_lost(study: Store) -> None:
    assert code(study, "a", 1, 0, 10, codes=["fees"]).ok
    new = Codebook((Code("joy", "Joy", "emotion", None, "when glad", "#112233"),))
    edited = study.set_codebook(new, "bob")
    assert study.codebook() == new
    assert edited.used == {"fees": 1}
    assert study.codings()["codes"].tolist() == ["fees"]


def test_undoing_the_creation_of_a_stage_in_use_is_a_conflict(study: Store) -> None:
    study.set_journey(Journey.of("Search", "Buy", "Use", "Leave"), "bob")
    assert code(study, "a", 1, 0, 10, stage="Leave").ok
    with pytest.raises(Conflict, match=r"Leave.*ana"):
        study.undo("bob")
    assert "Leave" in [stage.key for stage in study.journey()]
    desk(study).apply(Op("b", "undo"))
    study.undo("bob")
    assert "Leave" not in [stage.key for stage in study.journey()]


def test_undoing_the_creation_of_a_code_in_use_is_a_conflict(study: Store) -> None:
    study.set_codebook(Codebook((*study.codebook(), Code("joy", "Joy"))), "bob")
    assert code(study, "a", 1, 0, 10, codes=["joy"]).ok
    with pytest.raises(Conflict, match="joy"):
        study.undo("bob")


def test_codings_are_read_out_by_their_contract_with_exact_passages(study: Store) -> None:
    text = TEXTS[2]
    family = text.index("👩")
    assert code(study, "a", 3, family, family + 5, stage="Use", valence=0.5, codes=["fees"]).ok
    assert code(study, "b", 3, 6, 10, memo="é", origin="suggestion").ok
    frame = check(study.codings(), CODINGS, "test")
    assert frame["passage"].tolist() == ["café", "👩‍👩‍👧"]
    assert frame["stage"].isna().tolist() == [True, False]
    assert frame["codes"].tolist() == ["", "fees"]
    assert frame["origin"].tolist() == ["suggestion", "human"]
    assert frame["source"].tolist() == ["shop.csv"] * 2
    assert study.codings(origin="human")["uid"].tolist() == ["row-a"]
    assert study.codings(coder="bob").empty
    check(study.codings(coder="bob"), CODINGS, "test")


def test_a_passage_of_an_older_version_shows_the_words_of_that_version(store: Store) -> None:
    store.add([feedback(["old words"], id=["1"])], source="a.csv")
    assert code(store, "a", 1, 0, 3).ok
    store.add([feedback(["new and longer words"], id=["1"])], source="a.csv")
    assert store.codings()["passage"].tolist() == ["old"]
    late = Op("b", "code", row="b", seen_version=1, body={"feedback": 1, "start": 4, "stop": 9})
    receipt = desk(store).apply(late)
    assert receipt.ok
    assert receipt.stale
    assert store.codings()["passage"].tolist() == ["old", "words"]
    assert store.codings()["version"].tolist() == [1, 1]


def test_feedback_is_read_out_in_chunks_with_its_attributes(store: Store) -> None:
    frame = feedback(
        ["a", "b", "c"],
        at=["2024-05-01T10:30", "NaT", "2024-05-02"],
        persona=["new", None, "old"],
        nps=pd.array([9, None, 0], dtype="Int64"),
        score=[0.25, np.nan, 1.5],
        source=["web", "web", None],
    )
    store.add([frame], source="a.csv")
    chunks = list(store.feedback(chunk=2))
    assert [len(chunk) for chunk in chunks] == [2, 1]
    whole = pd.concat(chunks, ignore_index=True)
    assert [str(dtype) for dtype in whole.dtypes] == [str(dtype) for dtype in chunks[0].dtypes]
    assert whole["feedback"].tolist() == [1, 2, 3]
    assert whole["at"].tolist()[0] == pd.Timestamp("2024-05-01 10:30")
    assert whole["persona"].isna().tolist() == [False, True, False]
    assert whole["nps"].tolist()[0] == 9
    assert whole["nps"].isna().tolist() == [False, True, False]
    assert whole["score"].tolist()[2] == 1.5
    assert whole["source (attribute)"].tolist()[:2] == ["web", "web"]
    assert set(whole["source"]) == {"a.csv"}
    assert "text" not in next(store.feedback(text=False)).columns
    assert not [name for name in whole.columns if whole[name].dtype == object]


def test_an_empty_study_gives_empty_frames_with_their_columns(store: Store) -> None:
    (only,) = store.feedback()
    assert only.empty
    check(store.codings(), CODINGS, "test")
    check(store.kpis(), KPIS, "test")
    check(store.scores("textblob"), SCORES, "test")
    totals = store.totals()
    assert (totals.texts, totals.respondents, totals.codings, totals.first) == (0, 0, 0, None)


def test_totals_and_values_count_only_what_is_there(study: Store) -> None:
    study.add([feedback(["x"], respondent=["r"], channel=["fax"], at=["2023-01-01"])], source="b")
    assert study.totals().texts == 7
    assert study.attribute_values("channel")["value"].tolist() == ["call", "mail", "fax"]
    study.undo("import")
    assert study.totals().texts == 6
    assert study.totals().first is None
    assert study.attribute_values("channel")["value"].tolist() == ["call", "mail"]


def test_an_attribute_of_too_many_values_is_kept_but_no_filter(store: Store) -> None:
    n = 1_200
    frame = feedback(
        [f"t{i}" for i in range(n)], order=[f"o{i}" for i in range(n)], size=["s", "m", "l"] * 400
    )
    store.add([frame], source="a")
    shown = store.attributes().set_index("attribute")["filter"].to_dict()
    assert shown == {"order": False, "size": True}
    assert store.attribute_values("order").empty
    assert store.feedback_frame()["order"].tolist()[-1] == "o1199"
    assert [f.key for f in desk(store).open().filters] == ["size"]


def test_scores_are_asked_for_once_and_kept(study: Store) -> None:
    def scored(frame: pd.DataFrame, unit: str = "text") -> pd.DataFrame:
        made = frame[["feedback", "version"]].assign(
            start=frame.get("start", 0),
            stop=frame.get("stop", frame["text"].str.len()),
            unit=unit,
            scorer="lexicon",
            scorer_version="1",
            valence=0.5,
            known=True,
        )
        made["known"] = made["feedback"] != 4
        return made.astype({"unit": "str", "scorer": "str", "scorer_version": "str"})

    asked = []
    for frame in study.texts_to_score("lexicon", "1", 4):
        asked += frame["feedback"].tolist()
        study.write_scores(scored(frame))
    assert asked == [1, 2, 3, 4, 5, 6]
    assert list(study.texts_to_score("lexicon", "1")) == []
    assert len(list(study.texts_to_score("lexicon", "2"))) == 1
    whole = check(study.scores("lexicon"), SCORES, "test")
    assert whole["known"].tolist() == [True, True, True, False, True, True]
    assert whole["valence"].tolist() == [0.5] * 6
    study.add([feedback(["new", "two"])], source="more")
    assert [f["feedback"].tolist() for f in study.texts_to_score("lexicon", "1")] == [[7, 8]]
    assert code(study, "a", 1, 4, 10).ok
    assert code(study, "b", 1, 4, 10, coder="bob").ok
    (passages,) = study.passages_to_score("lexicon", "1")
    assert passages["text"].tolist() == ["search"]
    study.write_scores(scored(passages, "passage"))
    assert list(study.passages_to_score("lexicon", "1")) == []
    assert len(study.scores("lexicon", "passage")) == 1
    with pytest.raises(FrameError, match="outside"):
        study.write_scores(scored(passages).assign(valence=2.0))


def test_a_changed_text_wants_a_new_score_and_hides_the_old_one(store: Store) -> None:
    store.add([feedback(["one"], id=["1"])], source="a")
    row = {"feedback": 1, "version": 1, "start": 0, "stop": 3, "unit": "text", "scorer": "s",
           "scorer_version": "1", "valence": 0.1, "known": True}  # fmt: skip
    frame = pd.DataFrame([row]).astype({"unit": "str", "scorer": "str", "scorer_version": "str"})
    store.write_scores(frame)
    store.add([feedback(["two"], id=["1"])], source="a")
    assert store.scores("s").empty
    (again,) = store.texts_to_score("s", "1")
    assert again["version"].tolist() == [2]


def test_languages_found_become_a_filter(study: Store) -> None:
    found = pd.DataFrame(
        {"feedback": [1, 2, 3], "language": pd.array(["en", "fr", "en"], dtype="str")}
    )
    study.set_languages(found)
    assert study.attribute_values("language")["n"].tolist() == [2, 1]
    study.set_languages(found.assign(language=pd.array(["en", "en", "en"], dtype="str")))
    assert study.attribute_values("language")["value"].tolist() == ["en"]
    assert study.feedback_frame()["language"].tolist()[:3] == ["en", "en", "en"]
    fr = Query(filters={"language": "fr"})
    assert desk(study).page(fr).items == ()


def kpis(**columns: object) -> pd.DataFrame:
    base = {
        "kpi": pd.array(["NPS", "Returns"], dtype="str"),
        "stage": pd.array([None, "Buy"], dtype="str"),
        "segment": pd.array([None, None], dtype="str"),
        "at": np.array(["2024-01-01", "NaT"], dtype="datetime64[us]"),
        "value": [31.0, 4.5],
        "n": [120.0, np.nan],
        "low": [25.0, np.nan],
        "high": [37.0, np.nan],
        "unit": pd.array(["points", "%"], dtype="str"),
        "target": [40.0, np.nan],
        "direction": pd.array(["up", "down"], dtype="str"),
    }
    return pd.DataFrame({**base, **columns})


def test_kpis_come_back_are_replaced_and_undone(study: Store) -> None:
    assert len(study.add_kpis(kpis(), "bob").added) == 2
    pd.testing.assert_frame_equal(check(study.kpis(), KPIS, "test"), kpis())
    assert study.add_kpis(kpis(), "bob").seq == 0
    assert len(study.add_kpis(kpis(value=[32.0, 4.5]), "bob").changed) == 1
    assert study.kpis()["value"].tolist() == [32.0, 4.5]
    study.undo("bob")
    assert study.kpis()["value"].tolist() == [31.0, 4.5]
    study.undo("bob")
    assert study.kpis().empty
    study.redo("bob")
    assert len(study.kpis()) == 2
    with pytest.raises(UnknownName, match="Byu"):
        study.add_kpis(kpis(stage=pd.array([None, "Byu"], dtype="str")), "bob")


def test_undo_is_a_conflict_once_somebody_else_changed_the_row(study: Store) -> None:
    study.add_kpis(kpis(), "ana")
    study.add_kpis(kpis(value=[32.0, 4.5]), "bob")
    before = len(study.history())
    with pytest.raises(Conflict, match=r"1 of its rows changed since.*bob"):
        study.undo("ana")
    assert study.kpis()["value"].tolist() == [32.0, 4.5]
    assert len(study.history()) == before
    study.undo("bob")
    study.undo("ana")
    assert study.kpis().empty
    with pytest.raises(Conflict, match="nothing to undo"):
        study.undo("carl")


def test_notes_are_written_removed_and_undone(study: Store) -> None:
    uid = study.add_note("stage", "Buy", "Ask the shop", "bob", lane="goals")
    assert study.notes()[["on_uid", "lane", "author", "text"]].to_numpy().tolist() == [
        ["Buy", "goals", "bob", "Ask the shop"]
    ]
    study.remove_note(uid, "bob")
    assert study.notes().empty
    study.undo("bob")
    assert study.notes()["note"].tolist() == [uid]
    with pytest.raises(UnknownName):
        study.add_note("stage", "nowhere", "x", "bob")
    with pytest.raises(ArgumentError, match="NUL"):
        study.add_note("stage", "Buy", "a\0b", "bob")
    with pytest.raises(UnknownName):
        study.remove_note("nothing", "bob")


def test_settings_are_kept_and_not_journalled(store: Store, place: str) -> None:
    store.set_setting("privacy", {"quotes": "hide"})
    before = len(store.history())
    with Store.open(place) as other:
        assert other.setting("privacy") == {"quotes": "hide"}
        assert other.uid == store.uid
        other.set_setting("privacy", None)
    assert store.settings() == {}
    assert len(store.history()) == before
    with pytest.raises(ArgumentError):
        store.set_setting("bad", {1, 2})


def test_history_tells_who_did_what(study: Store) -> None:
    code(study, "a", 1, 0, 3)
    study.undo("ana")
    history = study.history("ana")
    assert history["seq"].tolist() == [5, 4, 2, 1]
    assert history["kind"].tolist() == ["undo", "do", "do", "do"]
    assert history["label"].tolist() == ["code", "code", "codebook", "journey"]
    assert history["state"].tolist() == ["past", "undone", "done", "done"]
    assert history["target"].tolist()[0] == 4
    assert study.history(limit=1)["rows"].tolist() == [1]
    assert study.history()["actor"].tolist() == ["ana", "ana", "import", "ana", "ana"]


def test_coders_are_counted_with_the_imports(study: Store) -> None:
    code(study, "a", 1, 0, 3)
    code(study, "b", 2, 0, 3, coder="bob")
    study.add([feedback(["x"], stage=["Buy"], valence=[0.5])], source="rated")
    frame = study.coders()
    assert frame["coder"].tolist() == ["ana", "bob", "import"]
    assert frame["kind"].tolist() == ["human", "human", "import"]
    assert frame["last"].notna().all()


def test_a_copy_is_a_study_of_its_own(study: Store, tmp_path) -> None:
    target = tmp_path / "copy.cjm"
    if study.path is None:
        with pytest.raises(StoreError, match="pg_dump"):
            study.copy(target)
        return
    study.copy(target)
    with Store.open(target, create=False) as other:
        assert other.totals() == study.totals()
        assert other.feedback_frame()["text"].tolist() == TEXTS
    with pytest.raises(ArgumentError, match="exists"):
        study.copy(target)
