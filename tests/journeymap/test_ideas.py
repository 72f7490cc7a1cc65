"""Ideas beside the pain points that they fit; codes counted with how they felt."""

from __future__ import annotations

import pandas as pd
import pytest

from cjm_widgets.journeymap import build
from cjm_widgets.journeymap.counts import code_counts
from cjm_widgets.journeymap.ideas import fitting, likeness
from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.model.journey import Journey


@pytest.mark.parametrize(
    ("pain", "idea"),
    [
        ("Payment failure", "several means of payment"),
        ("Hidden delivery price", "clear total"),
        ("Forced account", "one-click checkout"),
        ("Échec de paiement", "plusieurs moyens de paiement"),
        ("Compte obligatoire", "commande en un clic"),
        ("Frais de livraison cachés", "total clair"),
    ],
)
def test_pain_points_find_their_remedy_in_either_language(pain: str, idea: str) -> None:
    others = ["newsletter", "ambassadors", "community"]
    assert fitting([pain], [*others, idea]) == {pain: [idea]}


def test_nothing_in_common_is_no_fit_and_an_idea_stands_beside_one_pain_point_only() -> None:
    assert likeness("Late parcel", "ambassadors") == 0
    found = fitting(["payment fails", "card payment refused"], ["secure payment"])
    assert found == {"payment fails": ["secure payment"]}


def frame(rows: list[tuple[str, int, str, float | None]]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["stage", "feedback", "codes", "valence"])
    return made.astype({"stage": "str", "codes": "str", "valence": "float64"})


BOOK = Codebook(
    (
        Code("pay", "Payment failure", "pain"),
        Code("obs", "Obstacles"),
        Code("stairs", "Stairs", parent="obs"),
    )
)
CURVE = pd.DataFrame({"stage": ["purchase"], "n": [0], "mean": [float("nan")]})


def facts(codings: pd.DataFrame, notes: pd.DataFrame | None = None, *, ideas: bool = True):  # type: ignore[no-untyped-def]  # a JourneyMap
    return build(
        Journey.preset("six"), CURVE, codings=codings, codebook=BOOK, notes=notes, ideas=ideas
    )


def test_severity_is_the_mean_valence_of_the_passages_and_voice_the_share_of_mentions() -> None:
    codings = frame(
        [
            ("purchase", 1, "pay", -1.0),
            ("purchase", 1, "pay", -0.5),
            ("purchase", 2, "pay; stairs", None),
            ("decision", 3, "pay", -0.5),
        ]
    )
    pain = facts(codings, ideas=False).stage("purchase").lanes["pains"][0]
    assert (pain.n, pain.passages, pain.valence) == (2, 3, -0.75)
    assert pain.voice == pytest.approx(2 / 3)


def test_a_code_under_one_with_a_lanes_name_stands_in_that_lane() -> None:
    found = facts(frame([("purchase", 1, "stairs", None)]), ideas=False).stage("purchase")
    assert [entry.text for entry in found.lanes["obstacles"]] == ["Stairs"]
    assert "themes" not in found.lanes


def test_an_idea_stands_beside_its_pain_point_where_people_wrote_their_own() -> None:
    notes = pd.DataFrame({"stage": ["purchase"], "lane": ["opportunities"], "text": ["Ours"]})
    found = facts(frame([("purchase", 1, "pay", -1.0)]), notes).stage("purchase").lanes
    assert [(e.text, e.origin, e.fits) for e in found["pains"]] == [
        ("Payment failure", "coded", ""),
        ("several means of payment", "idea", "Payment failure"),
    ]
    assert [e.text for e in found["opportunities"]] == ["Ours"]


def test_in_an_empty_lane_of_opportunities_the_idea_that_fits_comes_first_and_says_so() -> None:
    found = facts(frame([("purchase", 1, "pay", -1.0)])).stage("purchase").lanes
    assert found["opportunities"][0].fits == "Payment failure"
    assert {e.origin for e in found["opportunities"]} == {"idea"}
    without = facts(frame([("purchase", 1, "pay", -1.0)]), ideas=False).stage("purchase").lanes
    assert "opportunities" not in without


def test_counting_gives_the_same_as_counting_by_hand() -> None:
    codings = frame(
        [
            ("a", 1, "x; y", 0.5),
            ("a", 1, "x", None),
            ("b", 2, " y ;; x ", -1.0),
            ("c", 3, "x", 1.0),
            ("a", 4, "", 1.0),
        ]
    )
    found = code_counts(codings, {"a": "a", "b": "a"})
    rows = {str(r["code"]): (r["n"], r["passages"], r["valence"]) for r in found.to_dict("records")}
    assert rows == {"x": (2, 3, -0.25), "y": (2, 2, -0.25)}
    assert not len(code_counts(codings.head(0), {}))
