"""KPI tables as people keep them."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, ReadError, UnknownName
from cjm_widgets.measure.kpis.kpi_names import direction_of
from cjm_widgets.measure.kpis.kpi_table import read_kpis
from cjm_widgets.measure.kpis.periods import period_start
from cjm_widgets.model.columns import KPIS, check
from cjm_widgets.model.journey import Journey

JOURNEY = Journey.of({"en": "Decision", "fr": "Décision"}, {"en": "Purchase", "fr": "Achat"})


def _table(**columns) -> pd.DataFrame:
    return pd.DataFrame({"kpi": ["NPS", "NPS"], "value": [1.0, 2.0]} | columns)


def test_a_french_table_is_read_like_an_english_one():
    french = pd.DataFrame(
        {
            "Indicateur": ["Taux d’abandon", "taux d’abandon", "NPS"],
            "Étape": ["Achat", "achat", "Ensemble"],
            "Période": ["T1 2025", "T2 2025", "01/04/2025"],
            "Valeur": ["73,2 %", "71,9 %", "14"],
            "Effectif": ["15 870", "1\u202f204", "612"],
            "Cible": ["65", "65", None],
            "Sens": ["baisse", None, None],
        }
    )
    kpis = read_kpis(french, JOURNEY)
    check(kpis, KPIS, "test")
    assert kpis["kpi"].tolist() == ["Taux d’abandon"] * 2 + ["NPS"]
    assert kpis["stage"].fillna("whole").tolist() == ["Purchase", "Purchase", "whole"]
    assert [f"{at:%Y-%m-%d}" for at in kpis["at"]] == ["2025-01-01", "2025-04-01", "2025-04-01"]
    assert kpis["value"].tolist() == [73.2, 71.9, 14]
    assert kpis["n"].tolist() == [15870, 1204, 612]
    assert kpis["unit"].fillna("").tolist() == ["%", "%", ""]
    assert kpis["direction"].tolist() == ["down", "down", "up"]
    assert kpis["target"].tolist()[:2] == [65, 65]
    assert math.isnan(kpis["target"][2])


def test_the_sample_table_is_read(sample_data):
    path = sample_data / "kpis.csv"
    if not path.exists():
        pytest.skip("the sample data is not written yet")
    kpis = read_kpis(pd.read_csv(path))
    assert kpis.attrs["without_value"] == []
    assert kpis["at"].notna().all()
    assert kpis.groupby(["kpi", "stage"], dropna=False).size().eq(4).all()


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("2025-04-01", "2025-04-01"),
        ("2025-04-01 00:00:00", "2025-04-01"),
        ("2025/4/1", "2025-04-01"),
        ("01/04/2025", "2025-04-01"),
        ("1.4.2025", "2025-04-01"),
        ("2025-04", "2025-04-01"),
        ("04/2025", "2025-04-01"),
        ("2025-Q2", "2025-04-01"),
        ("Q2 2025", "2025-04-01"),
        ("2025Q2", "2025-04-01"),
        ("T2 2025", "2025-04-01"),
        ("2025-T2", "2025-04-01"),
        ("2e trimestre 2025", "2025-04-01"),
        ("S2 2025", "2025-07-01"),
        ("H1 2025", "2025-01-01"),
        ("2025-W14", "2025-03-31"),
        ("April 2025", "2025-04-01"),
        ("avr. 2025", "2025-04-01"),
        ("1er août 2025", "2025-08-01"),
        ("Déc-2025", "2025-12-01"),
        ("2025", "2025-01-01"),
    ],
)
def test_periods_are_read_as_their_first_day(text, start):
    assert period_start(text) == dt.datetime.fromisoformat(start)


@pytest.mark.parametrize(
    "text", ["2025-13", "31/02/2025", "Q5 2025", "soon", "", "20250", "T 2025"]
)
def test_what_is_no_period_is_none(text):
    assert period_start(text) is None


def test_american_dates_are_known_by_their_days():
    kpis = read_kpis(_table(date=["04/01/2025", "07/25/2025"]))
    assert kpis["at"].dt.month.tolist() == [4, 7]
    with pytest.raises(ReadError, match="row 3, column 'date'"):
        read_kpis(_table(date=["07/25/2025", "25/07/2025"]))


def test_dates_of_other_kinds_are_taken():
    for dates in (
        pd.to_datetime(["2025-04-01", "2025-07-01"]),
        pd.to_datetime(["2025-04-01", "2025-07-01"], utc=True),
        pd.PeriodIndex(["2025Q2", "2025Q3"], freq="Q"),
        [dt.date(2025, 4, 1), dt.date(2025, 7, 1)],
    ):
        kpis = read_kpis(_table(date=dates))
        assert kpis["at"].dt.month.tolist() == [4, 7]
        check(kpis, KPIS, "test")
    assert read_kpis(_table(year=[2024, 2025.0]))["at"].dt.year.tolist() == [2024, 2025]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["12,5", "1,234"], [12.5, 1.234]),
        (["12.5", "1,234"], [12.5, 1234]),
        (["1,234.5", "2"], [1234.5, 2]),
        (["1.234,5", "2"], [1234.5, 2]),
        (["12,5", "13.5"], [12.5, 13.5]),
        (["1 234,5 €", "−3,5"], [1234.5, -3.5]),
        (["1’234.5", "+2"], [1234.5, 2]),
        ([12.5, 3], [12.5, 3]),
    ],
)
def test_numbers_are_read_as_the_table_writes_them(cells, values):
    kpis = read_kpis(_table(value=cells, date=["2024", "2025"]))
    assert kpis["value"].tolist() == values


def test_rows_without_a_value_are_left_out_and_named():
    kpis = read_kpis(_table(value=["n/a", "3"]))
    assert kpis["value"].tolist() == [3]
    assert kpis.attrs["without_value"] == [2]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"stage": ["Decision", "Purchas"]}, "row 3, column 'stage': .*did you mean 'Purchase'"),
        ({"value": ["1", "many"]}, "row 3, column 'value': 'many'"),
        ({"value": [1, math.inf]}, "row 3"),
        ({"date": ["2025", "soon"]}, "row 3, column 'date': 'soon'"),
        ({"direction": ["up", "sideways"]}, "row 3, column 'direction'"),
        ({"direction": ["up", "down"], "date": ["2024", "2025"]}, "'up' .row 2. and 'down' .row 3"),
        ({"low": [2, 0], "date": ["2024", "2025"]}, "row 2: the interval"),
        ({"n": [-1, 1], "date": ["2024", "2025"]}, "row 2, column 'n'"),
        ({}, "more than one value without a date: rows 2 and 3"),
        ({"date": ["2025-Q1", "01/01/2025"]}, "2025-01-01: rows 2 and 3"),
        ({"date": ["2025", "2025"], "stage": ["Achat", "Purchase"]}, "at stage 'Purchase'"),
        ({"kpi": ["NPS", None]}, "row 3, column 'kpi'"),
    ],
)
def test_faults_are_named_by_row(columns, said):
    with pytest.raises(ReadError, match=said):
        read_kpis(_table(**columns), JOURNEY)


def test_row_numbers_come_from_the_table_where_it_has_them():
    with pytest.raises(ReadError, match="rows 7 and 9"):
        read_kpis(_table(row=[7, 9]))


def test_columns_can_be_named_when_they_do_not_tell():
    table = pd.DataFrame({"what": ["NPS"], "how much": [3]})
    kpis = read_kpis(table, columns={"kpi": "what", "value": "how much"})
    assert kpis["value"].tolist() == [3]
    with pytest.raises(ReadError, match="what, how much"):
        read_kpis(table)
    with pytest.raises(UnknownName, match="valu"):
        read_kpis(table, columns={"valu": "what"})
    with pytest.raises(UnknownName, match="whta"):
        read_kpis(table, columns={"kpi": "whta"})
    with pytest.raises(ArgumentError, match="DataFrame"):
        read_kpis("kpis.csv")


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("Churn", "down"),
        ("Cart abandonment rate", "down"),
        ("Taux d’attrition", "down"),
        ("Temps d’attente moyen", "down"),
        ("Waiting time (min)", "down"),
        ("Taux de rebond", "down"),
        ("Customer effort", "down"),
        ("Customer effort score", "up"),
        ("CES", "up"),
        ("Délai de livraison", "down"),
        ("On-time delivery", "up"),
        ("Return on investment", "up"),
        ("Retention", "up"),
        ("Lifetime value", "up"),
        ("First-contact resolution", "up"),
        ("NPS", "up"),
    ],
)
def test_names_tell_which_way_is_good(name, direction):
    assert direction_of(name) == direction


def test_a_direction_stated_once_holds_for_the_kpi():
    kpis = read_kpis(_table(kpi="returns", date=["2024", "2025"], direction=["up", "-"]))
    assert kpis["direction"].tolist() == ["up", "up"]
