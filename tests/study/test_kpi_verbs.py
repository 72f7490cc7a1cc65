"""KPIs of a study: segments, funnels, contradictions, and the texts behind a figure."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import cjm_widgets as cjm


@pytest.fixture
def study(tmp_path: Path) -> cjm.Study:
    """Forty people who hate paying and love using; half of them new."""
    made = cjm.Study(tmp_path / "s.cjm", journey=["Search", "Pay", "Use"])
    rows = [
        {
            "text": f"comment {i} about {stage}",
            "who": f"R{i}",
            "day": "2026-01-10" if i % 2 else "2025-11-02",
            "step": stage,
            "mark": mark,
            "persona": "new" if i % 2 else "old",
            "nps": 10 if stage == "Use" else 3,
        }
        for i in range(40)
        for stage, mark in (("Pay", -2 + i % 2), ("Use", 2 - i % 2))
    ]
    made.add(
        pd.DataFrame(rows), text="text", respondent="who", at="day", stage="step", valence="mark",
        valence_scale=(-2, 2),
    )  # fmt: skip
    return made


def table(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_figures_that_say_otherwise_than_people_are_pointed_out(study: cjm.Study) -> None:
    with pytest.raises(cjm.NoEvidence, match="add_kpis"):
        study.contradictions()
    study.add_kpis(
        table(
            kpi=["paid at once", "returns", "search speed"],
            stage=["Pay", "Use", "Search"],
            value=["97 %", "12 %", "3 %"],
            n=[5000, 4000, 10],
            target=[95, 8, 1],
        )
    )
    view = study.contradictions()
    frame = view.frame.set_index("kpi")
    assert frame["contradiction"].to_dict() == {"paid at once": "felt_bad", "returns": "felt_good"}
    assert (
        "people feel bad (−0.75), but “paid at once” reaches" in frame.loc["paid at once", "says"]
    )
    assert "2 figures say otherwise" in view.html()
    panel = study.map().facts.stage("Pay").kpis[0]
    assert (panel.contradiction, panel.felt) == ("felt_bad", -0.75)
    page = study.map(filters=False).page()
    assert "people feel bad here (−0.75)" in page


def test_a_filtered_map_holds_figures_of_everyone_against_nobody(study: cjm.Study) -> None:
    figures = table(kpi=["paid"] * 2, stage=["Pay"] * 2, value=[97, 60], n=[5000] * 2,
                    target=[95] * 2, unit=["%"] * 2, segment=[None, "new"])  # fmt: skip
    study.add_kpis(figures.head(1))
    assert study.map().facts.stage("Pay").kpis[0].contradiction == "felt_bad"
    assert study.map(filter={"persona": "new"}).facts.stage("Pay").kpis[0].felt is None
    study.add_kpis(figures)
    whole = study.map().facts.stage("Pay").kpis
    assert [(panel.segment, panel.value) for panel in whole] == [("", 97)]
    new = study.map(persona="new").facts.stage("Pay").kpis
    assert [(panel.segment, panel.value) for panel in new] == [("new", 60)]


def test_the_texts_behind_a_rating_are_those_of_its_newest_period(study: cjm.Study) -> None:
    view = study.kpis()
    behind = view.behind("nps")
    panel = next(panel for panel in view.panels if panel.name == "NPS")
    assert len(behind) == panel.n == 40
    assert set(behind["at"].dt.year) == {2026}
    assert behind["part"].value_counts().to_dict() == {"promoters": 20, "detractors": 20}
    assert cjm.nps(behind["rating"]).value == panel.value == 0
    assert [part.share for part in panel.parts] == [0.5, 0, 0.5]
    monthly = study.kpis(freq="Y").behind("NPS")
    assert len(monthly) == 40


def test_behind_another_figure_of_a_stage_stands_what_was_said_there(study: cjm.Study) -> None:
    study.add_kpis(table(kpi=["wait", "reach"], stage=["Pay", None], value=[5, 9]))
    behind = study.kpis().behind("Wait")
    assert len(behind) == 40
    assert behind["text"].str.contains("about Pay").all()
    with pytest.raises(cjm.NoEvidence, match="whole journey"):
        study.kpis().behind("reach")
    with pytest.raises(cjm.UnknownName, match="wait"):
        study.kpis().behind("wiat")


def test_segments_can_be_chosen(study: cjm.Study) -> None:
    study.add_kpis(table(kpi=["CSAT"] * 3, value=[80, 70, 60], segment=[None, "new", "<b>old</b>"]))
    view = study.kpis()
    assert view.segments == ["new", "<b>old</b>"]
    html = study.kpis(segment="new").html()
    assert html.count('type="radio"') == 3
    assert 'value="1" checked' in html
    assert "<b>old" not in html
    with pytest.raises(cjm.UnknownName, match="segment"):
        study.kpis(segment="nwe")


def test_a_funnel_comes_from_counts_given_or_from_kpis(study: cjm.Study) -> None:
    view = study.funnel({"Search": 1000, "pay": 80, "Use": 60})
    assert view.frame["rate"].dropna().tolist() == [0.08, 0.75]
    assert "Most are lost between Search and Pay: 920 of 1,000" in view.html()
    with pytest.raises(cjm.NoEvidence, match="visits, carts and orders"):
        study.funnel()
    with pytest.raises(cjm.UnknownName, match="Serach"):
        study.funnel({"Serach": 3, "Pay": 2})
    with pytest.raises(cjm.NoEvidence, match="cannot all have come"):
        study.funnel({"Search": 3, "Pay": 4})
    study.add_kpis(
        table(
            kpi=["visits", "orders"] * 3,
            stage=["Search", "Pay"] * 3,
            value=[1000, 80, 600, 30, 400, 50],
            unit=["visits", "orders"] * 3,
            date=["2026-Q1"] * 6,
            segment=[None, None, "a", "a", "<i>b", "<i>b"],
        )
    )
    assert study.funnel().frame["n"].tolist() == [1000, 80]
    parted = study.funnel(by="segment")
    assert parted.frame["segment"].tolist() == ["a", "a", "<i>b", "<i>b"]
    assert "<i>b" not in parted.html()
    with pytest.raises(cjm.UnknownName, match="persona"):
        study.funnel(by="persona")


def test_a_table_of_excel_and_a_wide_csv_are_read_alike(study: cjm.Study, tmp_path: Path) -> None:
    wide = tmp_path / "wide.csv"
    wide.write_text("Mois;CSAT (%);Attente (min)\nmars 2026;81,5;12\navril 2026;79;–\n", "utf-8")
    study.add_kpis(wide)
    panels = {panel.name: panel for panel in study.kpis().panels}
    assert panels["CSAT"].value == 79
    assert panels["CSAT"].change == pytest.approx(-2.5)
    assert (panels["Attente"].value, panels["Attente"].direction) == (12, "down")
    tidy = pd.DataFrame(
        {"kpi": ["Panier"], "date": [pd.Timestamp("2026-04-01")], "value": ["€ 18"]}
    )
    tidy.to_excel(tmp_path / "tidy.xlsx", index=False)
    study.add_kpis(tmp_path / "tidy.xlsx")
    assert {panel.name: panel.unit for panel in study.kpis().panels}["Panier"] == "€"


def test_two_kpis_of_one_name_and_one_without_a_date_have_their_panels(study: cjm.Study) -> None:
    study.add_kpis(table(kpi=["wait"], value=["5 min"], stage=["Pay"]))
    study.add_kpis(table(kpi=["wait"], value=["300 s"], stage=["Use"]))
    study.add_kpis(table(kpi=["wait"], value=["2 h"], stage=["Use"], date=["2026-Q1"]))
    waits = [panel for panel in study.kpis().panels if panel.name == "wait"]
    assert [(p.stage, p.value, p.unit) for p in waits] == [
        ("Pay", 5, "min"), ("Use", 300, "s"), ("Use", 2, "h"),
    ]  # fmt: skip
    assert study.kpis().html().count("no date") >= 2
