"""Lanes, notes, targets, personas, pins, filters and comparisons of a study's map."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import cjm_widgets as cjm
from cjm_widgets.errors import ArgumentError, FileMissing, NoEvidence, UnknownName
from cjm_widgets.journeymap.facts import Kind
from cjm_widgets.study.evidence.filters import MOST, choices
from cjm_widgets.view.maps.map_compare import compare_maps

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "f8cf500f0003860180 5a347d6b0000000049454e44ae426082".replace(" ", "")
)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[cjm.Study]:
    rows = []
    for i in range(60):
        who = "new" if i % 3 else "old"
        good = (i % 5) / 2 - 1 if who == "new" else 1 - (i % 4) / 4
        rows.append(
            {
                "id": f"C-{i}",
                "comment": f"Text {i}: the payment {'failed twice' if who == 'new' else 'worked'}",
                "respondent": f"R-{i % 40}",
                "date": f"2026-0{1 + i % 6}-1{i % 9} {6 + i % 16}:15",
                "stage": ("discovery", "purchase", "retention")[i % 3 if i % 2 else 1],
                "rating": good,
                "persona": who,
                "channel": "survey" if i % 2 else "call",
                "touchpoint": "cart" if i % 2 else "web",
            }
        )
    frame = pd.DataFrame(rows)
    with cjm.Study(tmp_path / "s.cjm", journey="six") as made:
        made.add(
            frame, text="comment", id="id", at="date", stage="stage", valence="rating",
            valence_scale=(-1, 1), respondent="respondent", channel="channel",
            touchpoint="touchpoint",
        )  # fmt: skip
        yield made


def test_lanes_are_named_moved_hidden_made_and_all_of_it_is_undone(study: cjm.Study) -> None:
    study.note("Legal", "purchase", "Right of withdrawal")
    study.lane("pains", title="Ärger", before="goals")
    study.lane("Legal", backstage=True)
    study.lane("touchpoints", hidden=True)
    facts = study.map(ideas=False).facts
    assert facts.lane_names == {"pains": "Ärger"}
    assert "touchpoints" not in facts.lanes
    assert facts.lanes[-1] == "Legal"
    frame = study.lanes().set_index("lane")
    assert list(frame.index).index("pains") == list(frame.index).index("goals") - 1
    assert frame.loc["touchpoints", "hidden"]
    assert frame.loc["Legal", "backstage"]
    assert frame.loc["Legal", "notes"] == 1
    for _ in range(3):
        study.undo()
    assert study.map(ideas=False).facts.lane_names == {}
    assert "touchpoints" in study.map(ideas=False).facts.lanes
    study.redo()
    assert study.map().facts.lane_names == {"pains": "Ärger"}
    study.lane("pains", remove=True)
    assert study.map().facts.lane_names == {}


def test_a_lane_without_a_name_and_a_place_that_is_none_are_refused(study: cjm.Study) -> None:
    with pytest.raises(ArgumentError, match="1 to 60 characters"):
        study.lane(" ")
    with pytest.raises(UnknownName, match="pians"):
        study.lane("goals", before="pians")
    with pytest.raises(ArgumentError, match="at most 60"):
        study.lane("goals", title="x" * 61)


def test_notes_are_changed_ordered_removed_and_brought_back(study: cjm.Study) -> None:
    for text in ("one", "two", "three"):
        study.note("goals", "purchase", text)
    ids = dict(zip(study.notes()["text"], study.notes()["note"], strict=True))
    study.order_notes([ids["three"], ids["one"]])
    study.change_note(ids["one"], "ONE")
    goals = study.map().facts.stage("purchase").lanes["goals"]
    assert [e.text for e in goals] == ["three", "ONE", "two"]
    assert [e.uid for e in goals] == [ids["three"], ids["one"], ids["two"]]
    study.remove_note(ids["two"])
    assert list(study.notes()["text"]) == ["three", "ONE"]
    for _ in range(3):
        study.undo()
    assert list(study.notes()["text"]) == ["one", "two", "three"]
    with pytest.raises(UnknownName, match="note"):
        study.change_note("nobody", "x")
    study.note("goals", "discovery", "four")
    with pytest.raises(ArgumentError, match="one lane at one stage"):
        study.order_notes(list(study.notes()["note"]))


def test_a_future_map_has_targets_and_counts_the_gap(study: cjm.Study) -> None:
    study.target("purchase", valence=0.8, text="Guest checkout")
    assert study.map().facts.stage("purchase").target is None
    facts = study.map(kind="future").facts
    column = facts.stage("purchase")
    assert column.target is not None
    assert column.target.text == "Guest checkout"
    assert column.mean is not None
    assert column.gap == pytest.approx(0.8 - column.mean)
    assert "targets" in facts.lanes
    study.target("purchase", text="Other")
    assert study.targets().loc[0, "valence"] == 0.8
    study.undo()
    study.undo()
    assert not len(study.targets())
    with pytest.raises(ArgumentError, match="between −1 and 1"):
        study.target("purchase", valence=2)


def test_a_day_is_drawn_by_the_hour_of_the_texts_or_refused_where_they_have_none(
    study: cjm.Study, tmp_path: Path
) -> None:
    facts = study.map(kind="day").facts
    assert [c.key for c in facts.stages][:2] == ["early-morning", "morning"]
    assert facts.stages[1].time == "08–12 h"
    at = pd.to_datetime(study.feedback()["at"])
    rated = study.codings().merge(study.feedback()[["feedback"]], on="feedback")
    assert sum(c.n for c in facts.stages) == len(rated)
    assert facts.stage("morning").n == int(at.dt.hour.between(8, 11).sum())
    with cjm.Study(tmp_path / "d.cjm", journey="six") as plain:
        plain.add(pd.DataFrame({"text": ["It failed."], "date": ["2026-01-01"]}))
        with pytest.raises(NoEvidence, match="times of day"):
            plain.map(kind="day", estimate="coded")


def test_a_persona_has_a_card_filters_the_map_and_lays_its_curve_over_it(
    study: cjm.Study, tmp_path: Path
) -> None:
    picture = tmp_path / "p.png"
    picture.write_bytes(PNG)
    made = study.persona("new", name="Nora New", goals=["quick"], picture=picture)
    assert made.n == 40
    assert made.picture.startswith("data:image/png;base64,")
    assert study.persona("new").initials == "NN"
    own = study.persona("callers", filter={"channel": "call", "persona": ["new", "old"]})
    assert own.n == 30
    assert list(study.personas()["persona"]) == ["callers", "new"] or set(
        study.personas()["persona"]
    ) == {"new", "callers"}
    facts = study.map(persona="Nora New").facts
    assert facts.totals.texts == 40
    assert facts.personas[0].name == "Nora New"
    assert facts.filtered
    laid = study.map(personas=["new", "callers"]).facts
    assert [line.name for line in laid.overlays] == ["Nora New", "callers"]
    by_hand = study.map(persona="new").facts.stage("purchase").mean
    points = {p.stage: p.mean for p in laid.overlays[0].points}
    assert points["purchase"] == pytest.approx(by_hand)
    study.undo()
    assert "callers" not in set(study.personas()["persona"])


def test_what_is_no_picture_no_persona_and_no_column_is_refused(
    study: cjm.Study, tmp_path: Path
) -> None:
    drawing = tmp_path / "x.svg"
    drawing.write_text("<svg onload='alert(1)'/>")
    with pytest.raises(ArgumentError, match="no PNG or JPEG"):
        study.persona("new", picture=drawing)
    with pytest.raises(FileMissing):
        study.persona("new", picture=tmp_path / "none.png")
    large = tmp_path / "l.png"
    large.write_bytes(PNG + b"0" * 200_000)
    with pytest.raises(ArgumentError, match="larger than 150 kB"):
        study.theme(logo=large)
    with pytest.raises(UnknownName, match="nwe"):
        study.map(persona="nwe")
    with pytest.raises(UnknownName, match="segmnt"):
        study.persona("x", filter={"segmnt": "a"})
    with pytest.raises(ArgumentError, match="at most 4"):
        study.map(personas=["new"] * 5)
    with pytest.raises(NoEvidence, match="no text has"):
        study.map(filter={"channel": "fax"})
    with pytest.raises(ArgumentError, match="no column 'colour'"):
        study.map(filters=["colour"]).page()


def test_a_pinned_quote_comes_first_and_a_banned_one_nowhere(study: cjm.Study) -> None:
    before = study.map().explain("purchase")
    last, first = before["uid"].iloc[-1], before["uid"].iloc[0]
    study.pin(last)
    study.ban(first)
    after = study.map().explain("purchase")
    assert after["uid"].iloc[0] == last
    assert after.loc[0, "pinned"]
    assert after.loc[0, "drawn"]
    page = study.map().page()
    banned = before["text"].iloc[0]
    assert first not in set(after["uid"])
    assert banned not in page
    assert dict(zip(study.pins()["uid"], study.pins()["what"], strict=True)) == {
        last: "pin",
        first: "ban",
    }
    study.undo()
    study.undo()
    assert list(study.map().explain("purchase")["uid"]) == list(before["uid"])
    parts = before[["fit", "central", "clear"]].to_numpy() @ [0.4, 0.4, 0.2]
    assert before["weight"].to_numpy() == pytest.approx(parts, abs=2e-4)


def test_filters_are_whole_maps_of_their_texts_and_obey_the_minimum(study: cjm.Study) -> None:
    views, left = study.map().views()
    assert left == 0
    named = {(view.column, view.value): view.facts for view in views}
    assert ("channel", "call") in named
    assert ("persona", "new") in named
    assert ("period", "Q2 2026") in named
    assert named["persona", "new"].totals.texts == 40
    same = study.map(filter={"channel": "call"}).facts
    assert [c.mean for c in named["channel", "call"].stages] == [c.mean for c in same.stages]
    study.privacy(minimum=12)
    views, _ = study.map().views()
    small = [c for view in views for c in view.facts.stages if c.withheld]
    assert small
    assert all(c.mean is None and c.n == 0 and not c.quotes for c in small)
    assert not any(c.withheld for c in study.map().facts.stages)
    assert study.map(filters=False).views() == ((), 0)


def test_no_more_filters_than_there_is_room_for_and_the_rest_is_counted() -> None:
    values = pd.Series([f"v{i % 40}" for i in range(400)])
    found, left = choices(["many"], [], lambda _: pd.Index([]), ["many"], lambda _: values, "en")
    assert (len(found), left) == (MOST, 40 - MOST)
    assert choices(False, [], lambda _: pd.Index([]), ["many"], lambda _: values, "en") == ([], 0)


def test_two_maps_compare_stage_by_stage_with_a_test(study: cjm.Study) -> None:
    old = study.map(persona="old")
    made = study.map(persona="new", compare_with="old")
    column = made.facts.stage("purchase")
    assert column.compared is not None
    other = old.facts.stage("purchase").mean
    assert column.mean is not None
    assert other is not None
    assert column.compared.other == pytest.approx(other)
    assert column.compared.difference == pytest.approx(column.mean - other)
    assert column.compared.clear
    assert made.differences is not None
    assert made.views()[0][0].column == "compared"
    assert "worse here" in made.table()
    again = compare_maps(study.map(persona="new"), old)
    assert again.facts.stage("purchase").compared == column.compared
    by_filter = study.map(compare_with={"channel": "call"})
    assert by_filter.facts.compared_with == "call"
    from cjm_widgets.view import MapView

    with pytest.raises(ArgumentError, match="no map that a study made"):
        compare_maps(old, MapView(old.facts))


def test_a_study_without_feedback_still_has_a_map_of_every_kind(tmp_path: Path) -> None:
    with cjm.Study(tmp_path / "e.cjm", journey="four") as empty:
        kinds: tuple[Kind, ...] = ("current", "future", "blueprint")
        for kind in kinds:
            page = empty.map(kind=kind).page()
            assert "no evidence yet" in page
        views, _ = empty.map().views()
        assert [view.opened for view in views] == [False]
        with pytest.raises(UnknownName, match="kind of map"):
            empty.map(kind="past")  # type: ignore[arg-type]  # on purpose
        with pytest.raises(UnknownName, match="layout"):
            empty.map(layout="up")  # type: ignore[arg-type]  # on purpose


def test_folded_sub_stages_stand_in_their_stage_and_open_in_the_page(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "comment": [f"Text {i}" for i in range(24)],
            "stage": ["delivery", "opinion", "decision"] * 8,
            "rating": [1, -1, 0] * 8,
        }
    )
    with cjm.Study(tmp_path / "f.cjm", journey="four") as study:
        keys = [stage.key for stage in study.journey]
        parts = [stage.key for stage in study.journey if stage.parent]
        frame["stage"] = frame["stage"].map(
            {"delivery": parts[0], "opinion": parts[1], "decision": "decision"}
        )
        study.add(frame, text="comment", stage="stage", valence="rating", valence_scale=(-1, 1))
        opened, folded = study.map().facts, study.map(opened=False).facts
        parent = study.journey.stage(parts[0]).parent
        assert parent in keys
        assert [c.key for c in opened.stages][-len(parts) :] == parts
        assert opened.stages[-1].group
        column = folded.stage(str(parent))
        assert (column.n, column.mean) == (16, 0.0)
        assert len(column.parts) == len(parts)
        views, _ = study.map().views()
        assert [c.key for c in views[0].facts.stages] == [c.key for c in folded.stages]


def test_ratings_without_a_stage_stand_at_their_hour(tmp_path: Path, sample_data: Path) -> None:
    study = cjm.Study(tmp_path / "d.cjm", journey="six")
    diary = sample_data / "diary.csv"
    study.add(diary, text="entry", at="time", valence="mood", valence_scale=(-2, 2))
    facts = study.map(kind="day", estimate="coded").facts
    assert sum(stage.n for stage in facts.stages) == 48
    assert all(stage.mean is not None and stage.quotes for stage in facts.stages)
    hours = study.hours(estimate="coded").frame
    assert hours["n"].sum() == 48
