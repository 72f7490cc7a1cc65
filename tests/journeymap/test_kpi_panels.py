"""KPI panels among a map's facts."""

from __future__ import annotations

import pandas as pd

from cjm_widgets.journeymap import build
from cjm_widgets.journeymap.plain import from_json, to_json
from cjm_widgets.measure.kpis.kpi_latest import latest
from cjm_widgets.measure.kpis.kpi_table import read_kpis
from cjm_widgets.model.journey import Journey, Stage


def test_a_figure_of_a_stage_is_not_held_against_the_valence_of_its_sub_stage() -> None:
    journey = Journey(
        "shop", (Stage("buy", {"en": "Buy"}), Stage("pay", {"en": "Pay"}, parent="buy"))
    )
    curve = pd.DataFrame(
        {
            "stage": ["pay"],
            "n": [60],
            "respondents": [50],
            "mean": [-0.6],
            "low": [-0.7],
            "high": [-0.5],
        }
    )
    table = pd.DataFrame(
        {"kpi": ["ease", "paid"], "stage": ["buy", "pay"], "value": [99, 98], "target": [90, 90]}
    )
    nps = pd.DataFrame({"kpi": ["NPS"], "promoters": [8], "passives": [7], "detractors": [5]})
    figures = pd.concat([read_kpis(table), read_kpis(nps)], ignore_index=True)
    facts = build(journey, curve, kpis=latest(figures), kpi_history=figures)
    found = {panel.name: panel.contradiction for panel in facts.stage("pay").kpis}
    assert found == {"ease": "", "paid": "felt_bad"}
    again = from_json(to_json(facts))
    assert again == facts
    assert [part.name for part in again.kpis[0].parts] == ["detractors", "passives", "promoters"]
