"""Imports, the same on both engines."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from store_kit import desk, everything, feedback

from cjm_widgets.errors import BusyStudy, Conflict, FrameError, UnknownName
from cjm_widgets.model.desk import Op, Query
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store
from cjm_widgets.store.engine import schema


def texts(store: Store) -> list[str]:
    return store.feedback_frame()["text"].tolist()


def test_the_same_file_twice_adds_nothing(store: Store) -> None:
    named = feedback(["a", "b", "a"], id=["1", "2", "3"], nps=pd.array([1, None, 3], "Int64"))
    nameless = feedback(["ok", "ok", "no", "ok"], respondent=["x", None, "y", "z"])
    for source, frame, n in (("named", named, 3), ("nameless", nameless, 4)):
        first = store.add([frame], source=source)
        assert (first.added, first.same, first.changed) == (n, 0, 0)
        assert first.seq > 0
        before = everything(store)
        again = store.add([frame], source=source)
        assert (again.added, again.same, again.changed, again.seq) == (0, n, 0, 0)
        assert everything(store) == before
    assert len(store.history()) == 2
    # In another source the same words are other texts.
    assert store.add([nameless], source="other").added == 4


def test_a_longer_file_adds_only_what_is_new_in_any_chunks(store: Store) -> None:
    store.add([feedback(["ok", "ok", "no"])], source="s")
    more = store.add(
        [feedback(["ok"]), feedback(["ok", "no"]), feedback(["ok", "new"])], source="s"
    )
    assert (more.added, more.same) == (2, 3)
    assert texts(store) == ["ok", "ok", "no", "ok", "new"]


def test_rows_with_and_without_ids_in_one_file_are_found_again(store: Store) -> None:
    frame = feedback(["a", "b", "c", "b"], id=["1", None, "3", None])
    assert store.add([frame], source="s").added == 4
    assert store.add([frame], source="s").same == 4
    assert store.feedback_frame()["source_id"].tolist() == ["1", "~2", "3", "~4"]


def test_an_id_that_stands_twice_in_a_file_loses_no_row(store: Store) -> None:
    frames = [feedback(["a", "b"], id=["7", "7"]), feedback(["c", "d"], id=["7", "8"])]
    assert store.add(frames, source="s").added == 4
    assert store.add(frames, source="s").same == 4
    assert store.feedback_frame()["source_id"].tolist() == ["7", "7#2", "7#3", "8"]


def test_other_words_under_the_same_id_make_a_new_version(store: Store) -> None:
    store.add([feedback(["one", "two"], id=["1", "2"])], source="s")
    count = store.add([feedback(["one", "TWO"], id=["1", "2"])], source="s")
    assert (count.added, count.same, count.changed) == (0, 1, 1)
    frame = store.feedback_frame()
    assert frame["text"].tolist() == ["one", "TWO"]
    assert frame["version"].tolist() == [1, 2]
    store.undo("import")
    assert store.feedback_frame()["version"].tolist() == [1, 1]
    assert texts(store) == ["one", "two"]
    store.add([feedback(["three"], id=["2"])], source="s")
    assert store.feedback_frame()["version"].tolist() == [1, 3]


def test_attributes_are_brought_up_to_date_and_gaps_erase_nothing(store: Store) -> None:
    store.add(
        [feedback(["a", "b"], channel=["mail", "mail"], x=["1", "2"], y=["u", "v"])], source="s"
    )
    count = store.add([feedback(["a", "b"], respondent=["r", None], x=["9", None])], source="s")
    assert (count.same, count.changed) == (1, 1)
    frame = store.feedback_frame()
    assert frame["respondent"].isna().tolist() == [False, True]
    assert frame["channel"].tolist() == ["mail", "mail"]
    assert frame[["x", "y"]].to_numpy().tolist() == [["9", "u"], ["2", "v"]]


def test_stages_and_ratings_become_codings_of_the_whole_text(store: Store) -> None:
    store.set_journey(Journey.preset("six"), "ana")
    name = store.journey().stages[1].name("fr")
    frame = feedback(["é👩‍👧x", "b", "c", "d"], stage=[name.upper(), None, None, None],
                     valence=[np.nan, -1, 0.25, np.nan])  # fmt: skip
    count = store.add([frame], source="s")
    assert count.codings == 3
    made = store.codings()
    assert made["passage"].tolist() == ["é👩‍👧x", "b", "c"]
    assert made["coder"].tolist() == ["import"] * 3
    assert made["origin"].tolist() == ["import"] * 3
    assert made["stage"].tolist()[0] == store.journey().stages[1].key
    assert made["stage"].isna().tolist() == [False, True, True]
    assert made["valence"].tolist()[1:] == [-1, 0.25]
    assert made["at"].notna().all()
    assert store.add([frame], source="s").codings == 0
    assert desk(store, "import").open().done == 3
    assert [i.id for i in desk(store, "import").page(Query(status="todo")).items] == [4]


def test_ratings_given_later_or_otherwise_are_written_and_undone(store: Store) -> None:
    store.set_journey(Journey.of("Buy", "Use"), "ana")
    plain = feedback(["a", "b"], id=["1", "2"])
    rated = feedback(["a", "b"], id=["1", "2"], stage=["buy", None], valence=[0.5, 1])
    store.add([plain], source="s")
    count = store.add([rated], source="s")
    assert (count.changed, count.codings) == (2, 2)
    count = store.add([rated.assign(valence=[0.5, -1.0])], source="s")
    assert (count.changed, count.codings, count.same) == (1, 1, 1)
    assert store.codings()["valence"].tolist() == [0.5, -1]
    store.undo("import")
    assert store.codings()["valence"].tolist() == [0.5, 1]
    store.undo("import")
    assert store.codings().empty
    store.redo("import")
    assert store.codings()["valence"].tolist() == [0.5, 1]


def test_what_a_person_corrected_is_not_overwritten_by_the_file(store: Store) -> None:
    frame = feedback(["a"], id=["1"], valence=[0.5])
    store.add([frame], source="s")
    uid = store.codings()["uid"].tolist()[0]
    fix = desk(store, "import").apply(Op("o", "edit", row=uid, base=0, body={"valence": -1.0}))
    assert fix.ok, fix.say
    assert store.add([frame], source="s").codings == 0
    assert store.codings()["valence"].tolist() == [-1]


def test_an_unknown_stage_is_named_and_nothing_is_left(store: Store) -> None:
    store.set_journey(Journey.of("Buy"), "ana")
    frames = [feedback(["a"], stage=["Buy"]), feedback(["b"], stage=["Byu"])]
    with pytest.raises(UnknownName, match="'Byu'; did you mean 'Buy'"):
        store.add(frames, source="s")
    assert store.totals().texts == 0
    with store.base.read() as tx:
        assert tx.hidden() == frozenset()
        assert tx.fetch(schema.feedback.select()) == []


def test_an_undone_import_is_not_there_and_comes_back_whole(study: Store) -> None:
    made = desk(study)
    study.add([feedback(["x", "y"], stage=["Buy", None], valence=[0, 1])], source="more")
    before = study.feedback_frame()
    study.undo("import")
    assert study.totals().texts == 6
    assert study.codings().empty
    assert made.open().total == 6
    assert made.page(Query(), after=5).items[-1].id == 6
    assert made.page(Query(search="x")).items == ()
    assert desk(study, "import").open().done == 0
    late = made.apply(Op("o", "code", row="r", body={"feedback": 7, "start": 0, "stop": 1}))
    assert late.why == "invalid"
    study.redo("import")
    pd.testing.assert_frame_equal(study.feedback_frame(), before)
    assert len(study.codings()) == 2


def test_an_import_whose_texts_people_coded_is_not_undone(study: Store) -> None:
    study.add([feedback(["xy"], valence=[1])], source="more")
    made = desk(study, "bob")
    assert made.apply(Op("o", "code", row="r", body={"feedback": 7, "start": 0, "stop": 1})).ok
    with pytest.raises(Conflict, match="bob"):
        study.undo("import")
    assert study.totals().texts == 7
    made.apply(Op("p", "remove", row="r"))
    study.undo("import")
    # What would bring the coding back without its text is refused too.
    refused = made.apply(Op("q", "undo"))
    assert (refused.why, study.totals().texts) == ("conflict", 6)


def test_a_newer_text_that_people_coded_is_not_taken_back(store: Store) -> None:
    store.add([feedback(["one"], id=["1"])], source="s")
    store.add([feedback(["two"], id=["1"])], source="s")
    made = desk(store)
    assert made.apply(Op("o", "code", row="r", body={"feedback": 1, "start": 0, "stop": 1})).ok
    with pytest.raises(Conflict, match="newer"):
        store.undo("import")


def test_a_file_undone_and_added_again_is_there_once(store: Store) -> None:
    frame = feedback(["a", "b"], id=["1", "2"], valence=[0, 1], plan=["x", "y"])
    store.add([frame], source="s")
    store.undo("import")
    count = store.add([frame], source="s")
    assert count.added == 2
    assert texts(store) == ["a", "b"]
    assert len(store.codings()) == 2
    assert desk(store).open().total == 2
    assert store.add([frame], source="s").same == 2
    store.undo("import")
    assert texts(store) == []
    assert desk(store).open().total == 0


def test_an_import_that_fails_midway_has_never_happened(store: Store) -> None:
    store.add([feedback(["a"], id=["1"])], source="s")
    before = everything(store)

    def breaking() -> Iterator[pd.DataFrame]:
        yield feedback(["b", "A!"], id=["2", "1"], valence=[1, 1], plan=["x", "y"])
        raise RuntimeError("the file ends here")

    with pytest.raises(RuntimeError, match="ends here"):
        store.add(breaking(), source="s")
    assert everything(store) == before
    assert store.attribute_values("plan").empty
    assert store.add([feedback(["a", "b"], id=["1", "2"])], source="s").added == 1


def test_until_it_ends_an_import_is_invisible_and_alone(store: Store, place: str) -> None:
    made = desk(store)
    store.add([feedback(["a"], id=["1"])], source="s")
    with Store.open(place, patience=0.3) as other:

        def slow() -> Iterator[pd.DataFrame]:
            yield feedback(["b", "changed"], id=["2", "1"])
            assert texts(other) == ["a"]
            assert made.open().total == 1
            assert made.page(Query(search="b")).items == ()
            assert made.apply(
                Op("o", "code", row="r", body={"feedback": 1, "start": 0, "stop": 1})
            ).ok
            with pytest.raises(BusyStudy, match="another import"):
                other.add([feedback(["c"])], source="t")
            yield feedback(["c"], id=["3"])

        assert store.add(slow(), source="s").added == 2
        assert texts(other) == ["changed", "b", "c"]
        assert [i.id for i in made.page(Query(search="b")).items] == [2]
    assert len(store.history()) == 3


def test_what_a_database_cannot_hold_is_refused_with_its_row(store: Store) -> None:
    for frame, say in (
        (feedback(["a", "b\0"]), "row 3.*NUL"),
        (feedback(["a", ""]), "row 3.*empty"),
        (feedback(["a"], respondent=["\0"]), "respondent"),
        (feedback(["a"], note=["x\0"]), "note"),
        (feedback(["a"], valence=[1.5]), "valence.*1.5"),
        (feedback(["a"]).drop(columns="at"), "'at'"),
        (feedback(["a"]).assign(flag=[True]), "'flag' holds bool"),
    ):
        with pytest.raises(FrameError, match=say):
            store.add([frame], source="s")
    assert store.totals().texts == 0


def test_chunks_of_any_size_number_the_texts_in_order(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cjm_widgets.store.imports.prepare.CHUNK", 3)
    words = [f"t{i % 7}" for i in range(20)]
    frames = [feedback(words[:8]), feedback(words[8:9]), feedback(words[9:])]
    assert store.add(frames, source="s").added == 20
    assert texts(store) == words
    assert store.add([feedback(words)], source="s").same == 20
    assert store.totals().texts == 20
