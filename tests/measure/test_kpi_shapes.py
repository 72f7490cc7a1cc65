"""KPI tables in wide shapes, with units, currencies, parts of an NPS and segments."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjm_widgets.errors import ReadError
from cjm_widgets.measure.kpis.kpi_latest import latest
from cjm_widgets.measure.kpis.kpi_parts import PARTS, folded
from cjm_widgets.measure.kpis.kpi_segments import of_group, segments_of
from cjm_widgets.measure.kpis.kpi_table import read_kpis
from cjm_widgets.measure.loyalty import nps_of_counts
from cjm_widgets.model.columns import KPIS, check


def test_a_column_for_each_period_is_read() -> None:
    wide = pd.DataFrame(
        {
            "Indicateur": ["NPS", "Abandon"],
            "Étape": [None, "Achat"],
            "T1 2025": ["12", "73,2 %"],
            "avril 2025": [None, "71,9 %"],
            2026: ["15", "70 %"],
            "Cible": ["25", "65"],
        }
    )
    kpis = check(read_kpis(wide), KPIS, "test")
    assert kpis["value"].tolist() == [12, 15, 73.2, 71.9, 70]
    assert kpis["at"].dt.strftime("%Y-%m").tolist() == [
        "2025-01", "2026-01", "2025-01", "2025-04", "2026-01",
    ]  # fmt: skip
    assert kpis["target"].tolist() == [25, 25, 65, 65, 65]
    assert kpis.loc[kpis["kpi"] == "Abandon", "unit"].eq("%").all()


def test_a_column_for_each_kpi_is_read_with_what_stands_beside_it() -> None:
    wide = pd.DataFrame(
        {
            "Quarter": ["2025-Q1", "2025-Q2"],
            "Segment": ["B2B", "B2B"],
            "CSAT (%)": [81, 78],
            "CSAT n": [200, 210],
            "CSAT target": [82, 82],
            "Waiting time (min)": ["12.5", None],
            "Basket": ["€ 184.50", "$1,190"],
            "Remarks": ["quiet", "holidays"],
        }
    ).head(1)
    kpis = read_kpis(wide).set_index("kpi")
    assert kpis["value"].to_dict() == {"CSAT": 81, "Waiting time": 12.5, "Basket": 184.5}
    assert kpis.loc["CSAT", ["n", "target", "unit"]].tolist() == [200, 82, "%"]
    assert kpis["unit"].to_dict() == {"CSAT": "%", "Waiting time": "min", "Basket": "€"}
    assert kpis.loc["Waiting time", "direction"] == "down"


def test_a_fault_in_a_wide_table_names_its_row_and_its_own_column() -> None:
    wide = pd.DataFrame({"date": ["2025", "2026"], "CSAT (%)": ["81", "many"], "NPS": [3, 4]})
    with pytest.raises(ReadError, match=r"row 3, column 'CSAT \(%\)': 'many'"):
        read_kpis(wide)
    periods = pd.DataFrame({"kpi": ["NPS"], "2025-Q1": ["3"], "01/01/2025": ["4"]})
    with pytest.raises(ReadError, match="2025-01-01: rows 2 and 2"):
        read_kpis(periods)


@pytest.mark.parametrize(
    ("cell", "value", "unit"),
    [("€184", 184, "€"), ("1 234,5 €", 1234.5, "€"), ("USD 12.5", 12.5, "USD"),
     ("$1,190", 1190, "$"), ("−3,5 %", -3.5, "%"), ("12.5 minutes", 12.5, "minutes"),
     ("£ 3", 3, "£")],
)  # fmt: skip
def test_a_currency_or_a_percent_sign_is_the_unit(cell: str, value: float, unit: str) -> None:
    kpis = read_kpis(pd.DataFrame({"kpi": ["x"], "value": [cell]}))
    assert (kpis.loc[0, "value"], kpis.loc[0, "unit"]) == (value, unit)


def test_two_units_of_one_name_are_refused_in_a_table_and_parted_in_a_study() -> None:
    table = pd.DataFrame(
        {"kpi": ["wait"] * 2, "date": ["2025", "2026"], "value": ["5 min", "300 s"]}
    )
    with pytest.raises(ReadError, match=r"row 3: wait has two units, 'min' \(row 2\) and 's'"):
        read_kpis(table)
    two = pd.concat([read_kpis(table.head(1)), read_kpis(table.tail(1))], ignore_index=True)
    newest = latest(two)
    assert newest["unit"].tolist() == ["min", "s"]
    assert newest["change"].isna().all()
    two["unit"] = ["min", None]
    assert latest(two)["change"].tolist() == [295]


def test_an_nps_of_counts_gets_its_value_its_n_and_its_interval() -> None:
    table = pd.DataFrame(
        {"date": ["2026-Q1"], "promoteurs": [90], "passifs": [60], "détracteurs": [50]}
    )
    newest = latest(read_kpis(table))
    assert newest["kpi"].tolist() == ["NPS"]
    row = newest.iloc[0]
    whole = nps_of_counts(90, 50, 200)
    assert (row["value"], row["n"], row["low"], row["high"]) == (20, 200, whole.low, whole.high)
    assert row[list(PARTS)].tolist() == [0.25, 0.3, 0.45]


def test_parts_that_add_up_to_a_hundred_are_taken_for_per_cent_unless_n_says_so() -> None:
    table = pd.DataFrame(
        {"promoters": [45], "passives": [30], "detractors": [25], "date": ["2026"]}
    )
    assert latest(read_kpis(table))["n"].isna().all()
    assert latest(read_kpis(table.assign(n=100)))["low"].notna().all()


def test_parts_in_per_cent_need_no_count() -> None:
    table = {"kpi": ["NPS"], "value": ["20,4"], "promoters": ["45,2 %"], "detractors": ["24,8 %"]}
    row = latest(read_kpis(pd.DataFrame(table | {"passives": ["30 %"]}))).iloc[0]
    assert row["promoters"] == pytest.approx(0.452)
    assert math.isnan(row["n"])
    row = latest(read_kpis(pd.DataFrame(table | {"n": [500]}))).iloc[0]
    assert row["passives"] == pytest.approx(0.3)
    assert row["low"] < 20.4 < row["high"]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"promoters": [45], "detractors": [25]}, "passives are missing"),
        ({"promoters": [45], "detractors": [25], "passives": [20], "n": [100]}, "add up to 90"),
        ({"promoters": [4], "detractors": [2], "passives": [2], "value": [80]}, "give 25.0"),
        ({"promoters": [45], "detractors": [-5], "n": [100]}, "counts from 0"),
    ],
)
def test_parts_that_do_not_fit_are_refused(columns: dict[str, list[float]], said: str) -> None:
    with pytest.raises(ReadError, match=said):
        read_kpis(pd.DataFrame({"kpi": ["NPS"]} | columns))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=1, max_size=60))
def test_parts_kept_as_rows_come_back_as_shares(ratings: list[int]) -> None:
    high = sum(r >= 9 for r in ratings)
    low = sum(r <= 6 for r in ratings)
    rest = len(ratings) - high - low
    table = {"promoters": [high], "passives": [rest], "detractors": [low], "date": ["2026"]}
    kept = read_kpis(pd.DataFrame(table))
    assert len(kept) == 4
    [row] = folded(kept).to_dict("records")
    assert [row[name] * len(ratings) for name in PARTS] == pytest.approx([low, rest, high])
    assert row["value"] == pytest.approx(100 * (high - low) / len(ratings))


def test_a_part_without_its_nps_stays_a_kpi_of_its_own() -> None:
    table = pd.DataFrame({"kpi": ["NPS (promoters)", "CSAT"], "value": [45, 80]})
    assert latest(read_kpis(table))["kpi"].tolist() == ["NPS (promoters)", "CSAT"]


def test_figures_of_a_group_go_before_those_of_everyone() -> None:
    figures = read_kpis(
        pd.DataFrame(
            {
                "kpi": ["NPS", "NPS", "NPS", "CSAT", "CES"],
                "segment": [None, "New", "from a file", None, "old"],
                "value": [1, 2, 3, 4, 5],
            }
        )
    )
    assert of_group(figures, ["new "])["value"].tolist() == [2, 4, 5]
    assert of_group(figures)["value"].tolist() == [1, 4, 5]
    assert of_group(figures, (), ["from a file"])["value"].tolist() == [1, 3, 4, 5]
    assert segments_of(figures, ["from a file"]) == ["New", "old"]
