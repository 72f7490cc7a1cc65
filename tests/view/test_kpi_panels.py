"""KPI panels as they are drawn: words, colours, segments, in a browser."""

from __future__ import annotations

import pandas as pd
import pytest
from playwright.sync_api import Browser

from browser import axe, quiet_page
from cjm_widgets.measure.kpis.contradictions import contradictions
from cjm_widgets.measure.kpis.funnel import funnel, of_mapping
from cjm_widgets.measure.kpis.kpi_latest import latest
from cjm_widgets.measure.kpis.kpi_table import read_kpis
from cjm_widgets.view import KpiView
from cjm_widgets.view.kpis.contradictions_view import ContradictionsView
from cjm_widgets.view.kpis.funnel_view import FunnelView

HOSTILE = "<img src=x onerror=alert(1)></style><script>alert(2)</script> = {{7*7}} \u202eabc"
LONG = "Kundenzufriedenheitsindexdurchschnittswertabweichung"


def figures(n: int, segments: tuple[str | None, ...] = (None,)) -> pd.DataFrame:
    """Figures of two quarters of n KPIs, of which some bear odd names."""
    names = [HOSTILE, LONG, *(f"KPI {k}" for k in range(n))][:n]
    rows = [
        {"kpi": name, "date": date, "value": 40 + 7 * place + 3 * turn, "n": 900, "unit": "%",
         "target": 60, "segment": segment}
        for place, name in enumerate(names)
        for turn, date in enumerate(("2025-Q4", "2026-Q1"))
        for segment in segments
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    table["value"] = table["value"].clip(upper=99)
    nps = pd.DataFrame(
        {
            "kpi": ["NPS"],
            "date": ["2026-Q1"],
            "promoters": [80],
            "passives": [70],
            "detractors": [50],
        }
    )
    return pd.concat([read_kpis(table), read_kpis(nps)], ignore_index=True)


def view(n: int, **options: object) -> KpiView:
    given = figures(n, (None, "new", HOSTILE) if options.pop("parted", False) else (None,))
    return KpiView(latest(given), given, **options)  # type: ignore[arg-type]


def test_a_panel_names_the_trends_period_the_changes_interval_and_its_parts() -> None:
    html = view(3).html()
    assert "Q4 2025–Q1 2026" in html
    assert "on Q4\xa02025" in html
    assert "detractors 25\u202f%" in html
    assert 'aria-label="KPI 0 from Q4 2025 to Q1 2026: 54, 57"' in html
    french = view(3, language="fr").html()
    for words in ("T4 2025–T1 2026", "depuis T4\xa02025", "promoteurs 40\u202f%", 'lang="fr"'):
        assert words in french


@pytest.mark.parametrize(
    ("n", "width", "dark"), [(1, 900, False), (6, 900, True), (12, 1280, False)]
)
def test_panels_are_whole_readable_and_run_nothing(
    browser: Browser, n: int, width: int, dark: bool
) -> None:
    html = f"<main>{view(n, parted=True, theme='dark' if dark else 'light').html()}</main>"
    with quiet_page(browser, html, width=width) as (page, _):
        assert page.locator("section:visible").count() == 1
        page.get_by_role("radio").nth(1).check()
        assert page.locator("section:visible .kpi").count() == n
        assert page.evaluate(
            """() => [...document.querySelectorAll('section:not([hidden]) .kpi')].every(
                 (k) => k.scrollWidth <= k.clientWidth + 1)"""
        )
        found = axe(page, "main")
        assert not found["violations"]
        assert found["contrasts"]


def test_funnels_and_contradictions_are_readable_and_run_nothing(browser: Browser) -> None:
    names = {"see": HOSTILE, "pay": LONG}
    curve = pd.DataFrame(
        {"stage": ["pay"], "mean": [-0.6], "low": [-0.7], "high": [-0.5], "respondents": [40]}
    )
    kpis = read_kpis(
        pd.DataFrame({"kpi": [HOSTILE], "stage": ["pay"], "value": [9], "target": [5]})
    )
    shown = (
        FunnelView(
            funnel(of_mapping({"see": 100, "pay": 8}), list(names)), names=names, of=HOSTILE
        ),
        ContradictionsView(contradictions(curve, latest(kpis)), names=names, language="fr"),
    )
    html = f"<main>{''.join(one.html() for one in shown)}</main>"
    with quiet_page(browser, html, width=900) as (page, _):
        assert page.locator("script").count() == 0
        assert page.locator("img").count() == 0
        assert not axe(page, "main")["violations"]
