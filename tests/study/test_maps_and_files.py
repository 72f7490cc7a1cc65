"""The map's facts, what privacy keeps back, and the files of an export."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import cjm_widgets as cjm
from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.study import Study
from cjm_widgets.view.maps.map_view import facts_line

Make = Callable[..., Study]

ROLES: dict[str, Any] = {
    "text": "words",
    "id": "id",
    "respondent": "who",
    "at": "day",
    "touchpoint": "where",
    "stage": "step",
    "valence": "mark",
    "valence_scale": (-2, 2),
}
PEOPLE = ["ann@example.org", "R-2", "R-3", "R-2"]
TEXTS = [
    "Quixotic search results, but I found the kettle.",
    "Zanzibar checkout failed; mail me at zed@example.org please.",
    "=HYPERLINK(evil) the checkout was grotesque",
    "Nimble delivery, cheerful courier.",
]


def feedback() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": ["i1", "i2", "i3", "i4"],
            "words": TEXTS,
            "who": PEOPLE,
            "day": ["2025-03-01", "2025-04-02", "2025-05-03", "2025-06-04"],
            "where": ["search engine", "payment page", "payment page", "parcel"],
            "step": ["Search", "Pay", "Pay", "Use"],
            "mark": [1, -2, -1, 2],
        }
    )


@pytest.fixture
def study(study: Study) -> Study:
    study.add(feedback(), **ROLES)
    study.set_codebook(
        [
            cjm.Code("fail", "Payment fails", "pain"),
            cjm.Code("retry", "Try again", "opportunity"),
        ]
    )
    study.add_codings(
        pd.DataFrame(
            {
                "id": ["i2", "i3"],
                "stage": "Pay",
                "valence": [-2, -2],
                "codes": ["fail; retry", "fail"],
                "memo": ["Zanzibar again", ""],
            }
        ),
        coder="ana",
    )
    return study


SECRET = ("Quixotic", "Zanzibar", "grotesque", "Nimble", "courier", "zed@example")
"""Words that stand in the texts only."""


def test_the_map_has_the_stages_with_their_figures_and_quotes(study: Study) -> None:
    view = study.map()
    facts = view.facts
    assert [stage.name for stage in facts.stages] == ["Search", "Pay", "Use"]
    assert [stage.n for stage in facts.stages] == [1, 2, 1]
    assert view.frame["mean"].tolist() == study.curve().frame["mean"].tolist()
    quotes = view.frames["quotes"]
    assert quotes.groupby("stage")["feedback"].nunique().to_dict() == {
        "Search": 1,
        "Pay": 2,
        "Use": 1,
    }
    assert facts.title == "study"
    assert study.map(title="Ours").facts.title == "Ours"
    assert (facts.totals.texts, facts.totals.respondents) == (4, 3)
    assert str(facts.totals.first) == "2025-03-01"
    assert str(facts.totals.last) == "2025-06-04"


def test_a_note_that_is_written_again_stands_there_once(study: Study) -> None:
    for _ in range(2):
        study.note("goals", "pay", "Pay in one go")
        study.note("goals", "Pay", " Pay in one go ", author="bo")
    study.note("goals", "search", "Pay in one go")
    study.note("opportunities", "pay", "Pay in one go")
    assert len(study.notes()) == 3
    assert set(study.notes()["author"]) == {"editor"}


def test_lanes_hold_touchpoints_codes_and_notes(study: Study) -> None:
    study.note("goals", "pay", "Pay in one go")
    study.note("Legal", "Use", "Right of return", author="bo")
    entries = study.map(ideas=False).frames["entries"]
    found = {(row.stage, row.lane): row.text for row in entries.itertuples()}
    assert found["Search", "touchpoints"] == "search engine"
    assert found["Pay", "pains"] == "Payment fails"
    assert found["Pay", "opportunities"] == "Try again"
    assert found["Pay", "goals"] == "Pay in one go"
    assert found["Use", "Legal"] == "Right of return"
    pains = entries[entries["lane"] == "pains"]
    assert pains["n"].tolist() == [2]
    volumes = entries[(entries["stage"] == "Pay") & (entries["lane"] == "touchpoints")]
    assert volumes["n"].tolist() == [2]
    notes = study.notes()
    assert notes["author"].tolist() == ["editor", "bo"]
    assert notes["stage"].tolist() == [
        "Pay",
        "Use",
    ]
    assert study.undo("bo") == "note"
    assert len(study.notes()) == 1


@pytest.mark.parametrize("lane", ["quotes", "curve", " KPIs "])
def test_lanes_of_evidence_take_no_notes(study: Study, lane: str) -> None:
    with pytest.raises(ArgumentError, match="evidence only"):
        study.note(lane, "Pay", "x")


@pytest.mark.parametrize(("lane", "text"), [("goals", " "), ("", "x"), ("goals", None), (3, "x")])
def test_a_note_needs_a_lane_and_words(study: Study, lane: object, text: object) -> None:
    with pytest.raises(ArgumentError, match="not empty"):
        study.note(lane, "Pay", text)  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="did you mean 'Pay'"):
        study.note("goals", "Pays", "x")


def test_respondents_are_left_out_of_the_facts_where_nobody_is_named(new: Make) -> None:
    study = new("nameless.cjm")
    roles = {name: of for name, of in ROLES.items() if name != "respondent"}
    study.add(feedback().drop(columns="who"), **roles)
    facts = study.map().facts
    assert facts.totals.respondents is None
    assert "respondent" not in facts_line(facts)
    assert "4 texts" in facts_line(facts)


def test_what_is_hidden_is_in_no_page_table_or_file(study: Study, tmp_path: Path) -> None:
    study.score()
    shown = study.map().page()
    assert all(word in shown for word in ("Quixotic", "Zanzibar", "grotesque", "Nimble"))
    assert study.privacy(quotes="hide").quotes == "hide"
    for estimate in ("coded", "automatic"):
        view = study.map(estimate=estimate)
        bundle = view._repr_mimebundle_()
        texts = [view.page(), str(bundle), repr(view), *(f.to_csv() for f in view.frames.values())]
        curve = study.curve(estimate, by="touchpoint")
        texts += [curve.html(), repr(curve), curve.svg(), study.kpis().html(), repr(study)]
        texts += [p.read_text("utf-8-sig") for p in study.export(tmp_path / "out.csv")]
        texts += [p.read_text("utf-8") for p in study.export(tmp_path / "out.html")]
        for text in texts:
            assert not [word for word in SECRET if word in text]
    with Study(tmp_path / "study.cjm") as again:
        assert again.privacy().quotes == "hide"
        assert again.map().facts.quotes == "hidden"


def test_quotes_are_redacted_unless_that_is_switched_off(study: Study, tmp_path: Path) -> None:
    study.export(tmp_path / "a.csv")
    for text in (study.map().page(), (tmp_path / "a.codings.csv").read_text("utf-8-sig")):
        assert "zed@example.org" not in text
        assert "Zanzibar" in text
        assert "ann@example.org" not in text
    study.privacy(redact=False)
    study.export(tmp_path / "a.csv")
    assert "zed@example.org" in study.map().page()
    assert "zed@example.org" in (tmp_path / "a.codings.csv").read_text("utf-8-sig")


def test_pseudonyms_are_the_same_on_map_and_table(study: Study, tmp_path: Path) -> None:
    study.privacy(respondents="pseudonym")
    quotes = study.map().frames["quotes"].dropna(subset=["respondent"])
    on_map = dict(zip(quotes["feedback"], quotes["respondent"], strict=True))
    study.export(tmp_path / "a.csv")
    table = pd.read_csv(tmp_path / "a.codings.csv")
    in_table = dict(zip(table["feedback"], table["respondent"], strict=True))
    assert on_map == in_table
    assert len(set(on_map.values())) == 3
    assert all(re.fullmatch(r"P-[A-Z2-7]{6}", name) for name in on_map.values())
    assert not set(PEOPLE) & set(in_table.values())
    with Study(tmp_path / "study.cjm") as again:
        other = again.map().frames["quotes"]
        assert dict(zip(other["feedback"], other["respondent"], strict=True)) == on_map


def test_drawing_writes_nothing_and_waits_for_nobody(study: Study) -> None:
    assert study.path is not None
    study.score()
    holder = sqlite3.connect(study.path, isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        assert len(study.map().facts.stages) == 3
        assert study.curve(by="touchpoint").frame["n"].sum() == 4
        assert study.kpis().html()
    finally:
        holder.close()


def test_hidden_respondents_stand_nowhere_not_even_as_ids_of_texts(
    new: Make, tmp_path: Path
) -> None:
    study = new("ids.cjm")
    people = ["ann@example.org", "Wilhelmina", "Balthasar", "Wilhelmina"]
    ids = [*people[:3], "yvo@example.org"]
    study.add(feedback().assign(id=ids, who=people), **ROLES)
    study.privacy(respondents="hide")
    paths = study.export(tmp_path / "b.csv")
    page = study.map().page()
    for text in (page, *(path.read_text("utf-8-sig") for path in paths)):
        assert not [name for name in (*people, *ids) if name in text]
    assert "respondent" not in pd.read_csv(tmp_path / "b.codings.csv").columns


def test_small_stages_show_no_quotes_on_map_and_in_tables(study: Study, tmp_path: Path) -> None:
    study.privacy(minimum=2)
    quotes = study.map().frames["quotes"]
    assert set(quotes["stage"]) == {"Pay"}
    study.export(tmp_path / "a.csv")
    table = pd.read_csv(tmp_path / "a.codings.csv").set_index("stage")
    assert table["passage"].notna().groupby("stage").all().to_dict() == {
        "Pay": True,
        "Search": False,
        "Use": False,
    }


def test_stages_without_any_valence_still_show_their_quotes(new: Make) -> None:
    study = new("unrated.cjm")
    roles = {name: of for name, of in ROLES.items() if "valence" not in name}
    study.add(feedback().drop(columns="mark"), **roles)
    quotes = study.map(estimate="coded").frames["quotes"]
    assert len(quotes) == 4


def test_privacy_refuses_what_it_does_not_know_and_keeps_what_it_had(study: Study) -> None:
    study.privacy(quotes="hide", minimum=3)
    with pytest.raises(UnknownName, match="'hide'"):
        study.privacy(quotes="hidden")
    with pytest.raises(ArgumentError, match="from 1"):
        study.privacy(minimum=0)
    now = study.privacy(redact=False)
    assert (now.quotes, now.minimum, now.redact) == ("hide", 3, False)
    assert study.privacy() == now


def test_export_writes_a_page_or_four_tables(study: Study, tmp_path: Path) -> None:
    assert study.export(tmp_path / "map.HTML") == [tmp_path / "map.HTML"]
    study.score()
    paths = study.export(str(tmp_path / "study.csv"))
    assert [p.name for p in paths] == [
        f"study.{n}.csv" for n in ("codings", "scores", "curve", "kpis")
    ]
    with (tmp_path / "study.codings.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6
    assert "'=HYPERLINK(evil) the checkout was grotesque" in {row["passage"] for row in rows}
    assert not [cell for row in rows for cell in row.values() if re.match(r"[=+@]", cell)]
    scores = pd.read_csv(tmp_path / "study.scores.csv")
    assert set(scores["unit"]) == {"text"}
    assert len(scores) == 4
    curve = pd.read_csv(tmp_path / "study.curve.csv")
    assert curve["stage"].tolist() == ["Search", "Pay", "Use"]


def test_export_says_what_it_cannot_write(study: Study, tmp_path: Path) -> None:
    for name in ("map.docx", "map", "x.ods"):
        with pytest.raises(UnknownName, match=r"'\.csv'|'\.html'"):
            study.export(tmp_path / name)
    with pytest.raises(ArgumentError, match="does not exist"):
        study.export(tmp_path / "none" / "map.html")
    assert [p.name for p in tmp_path.iterdir() if "map" in p.name] == []


def test_an_empty_study_gives_an_empty_picture_and_empty_tables(new: Make, tmp_path: Path) -> None:
    study = new("empty.cjm")
    assert study.curve().frame["n"].sum() == 0
    assert len(study.map().facts.stages) == 6
    assert len(study.kpis().frame) == 0
    assert study.kpis().html()
    assert len(study.codings()) == len(study.coders()) == len(study.feedback()) == 0
    assert study.score().texts == 0
    study.export(tmp_path / "e.html")
    for path in study.export(tmp_path / "e.csv"):
        table = pd.read_csv(path, encoding="utf-8-sig")
        assert len(table.columns) > 5
        assert len(table) == (6 if "curve" in path.name else 0)


def test_one_text_without_a_stage_has_a_map(new: Make, tmp_path: Path) -> None:
    study = new("one.cjm")
    study.add(pd.DataFrame({"words": ["hello great world"]}), text="words")
    study.score()
    view = study.map()
    assert view.facts.totals.without_stage == 1
    assert len(view.frames["quotes"]) == 0
    study.export(tmp_path / "one.html")
    study.export(tmp_path / "one.csv")


HOSTILE = [
    "=cmd|'/C calc'!A0",
    "<script>alert(1)</script>",
    "a.b",
    "{x}{0}%s",
    "مرحبا بالعالم",
    "👩‍👩‍👧 é",
    "../../x",
    "$$x$$",
    '"><img src=x onerror=alert(1)>',
]


@pytest.mark.parametrize("estimate", ["coded", "automatic"])
def test_no_word_of_anybody_becomes_markup_or_a_formula(
    new: Make, tmp_path: Path, estimate: str
) -> None:
    study = new("hostile.cjm", name="<script>alert('n')</script> {x}", journey=HOSTILE)
    table = pd.DataFrame(
        {
            "words": [f"{h} was great and bad." for h in HOSTILE],
            "step": HOSTILE,
            "mark": [1.0] * len(HOSTILE),
            "who": HOSTILE,
            "=cmd()": HOSTILE,
            "<b>": HOSTILE,
        }
    )
    study.add(table, text="words", stage="step", valence="mark", valence_scale=(-1, 1),
              respondent="who", touchpoint="<b>", name="<i>x</i>.csv")  # fmt: skip
    study.set_codebook([cjm.Code(f"k{i}", h, "pain") for i, h in enumerate(HOSTILE)])
    study.add_kpis(pd.DataFrame({"kpi": HOSTILE, "stage": HOSTILE, "value": 1.0, "unit": "<u>"}))
    study.score()
    for text in HOSTILE:
        study.note("goals", text, text)
        study.note(text, text, text, author=text)
    view = study.map(estimate=estimate)
    pages = [view.page(), view._repr_mimebundle_()["text/html"]]
    pages += [study._repr_html_(), study.curve(by="=cmd()").html(), study.kpis().html()]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert set(view.frames["entries"]["lane"]) >= set(HOSTILE)
    for path in study.export(tmp_path / "h.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                assert not [c for c in row if c.lstrip()[:1] in ("=", "+", "@")]
    assert study.codings()["stage"].tolist() == HOSTILE


def test_tables_of_an_unscored_study_choose_no_estimate_for_it(tmp_path: Path) -> None:
    with Study(tmp_path / "s.cjm", journey="six") as study:
        study.add(pd.DataFrame({"text": ["A bad payment page.", "A lovely parcel."]}), text="text")
        assert study.default_estimate() == "automatic"
        written = study.export(tmp_path / "out.csv")
        assert (tmp_path / "out.curve.csv") in written
        assert study.default_estimate() == "automatic", "an export changes no method in silence"
