"""What others may see."""

from __future__ import annotations

import json

import pytest
from shop_example import quotes, shop

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.journeymap import JourneyMap, Privacy, share
from cjm_widgets.model.desk import plain
from cjm_widgets.view import MapView


def everything(facts: JourneyMap) -> str:
    """All that leaves the map: page, table, bundle, frames, JSON."""
    view = MapView(facts)
    bundle = json.dumps(view._repr_mimebundle_(), ensure_ascii=False)
    frames = "".join(frame.to_csv() for frame in view.frames.values())
    return (
        view.page()
        + view.table()
        + bundle
        + frames
        + json.dumps(plain(facts), default=str, ensure_ascii=False)
    )


def test_no_word_of_a_hidden_quote_is_anywhere() -> None:
    secret = quotes().assign(text=lambda f: "Zyxwvut" + f["text"], respondent="Qponmlk")
    facts = shop(quotes=secret)
    assert "Zyxwvut" in everything(facts)
    hidden = everything(share(facts, Privacy(quotes="hide")))
    assert "Zyxwvut" not in hidden
    assert "Qponmlk" not in hidden
    assert "Quotes are hidden" in hidden


def test_stages_with_too_few_respondents_show_no_quotes() -> None:
    facts = share(shop(), Privacy(minimum=10))
    assert facts.stage("decision").quotes == ()
    assert facts.stage("purchase").quotes
    assert "fewer than 10 respondents" in MapView(facts).page()


def test_pseudonyms_hide_who_it_was_and_stay_the_same_with_a_salt() -> None:
    facts = shop()
    shared = share(facts, Privacy(respondents="pseudonym", salt="study 1"))
    names = {q.respondent for c in shared.stages for q in c.quotes}
    assert all(name.startswith("P-") for name in names)
    assert "R-042" not in everything(shared)
    assert len(names) == len({q.respondent for c in facts.stages for q in c.quotes})
    again = share(shop(3), Privacy(respondents="pseudonym", salt="study 1"))
    first = {q.text: q.respondent for c in shared.stages for q in c.quotes}
    assert all(first[q.text] == q.respondent for c in again.stages for q in c.quotes)
    other = share(facts, Privacy(respondents="pseudonym", salt="study 2"))
    assert {q.respondent for c in other.stages for q in c.quotes}.isdisjoint(names)


def test_hidden_respondents_leave_no_trace() -> None:
    assert "R-042" not in everything(share(shop(), Privacy(respondents="hide")))


def test_addresses_and_numbers_are_blacked_out_also_where_a_quote_is_cut() -> None:
    long = "I waited and waited for an answer that never came to me at all. " * 8
    frame = quotes()
    frame.loc[0, "text"] = "write to jane.doe@example.com or ring +33 6 12 34 56 78 please"
    frame.loc[1, "text"] = (
        long[:560] + " ring me at 06 12 34 56 78 or 06 98 76 54 32 in the evening"
    )
    shared = everything(share(shop(quotes=frame), Privacy()))
    assert "jane.doe" not in shared
    assert "12 34" not in shared
    assert "98 76" not in shared


def test_an_id_that_is_an_address_is_never_shown() -> None:
    frame = quotes().assign(respondent="jane.doe@example.com")
    assert "jane.doe" not in everything(share(shop(quotes=frame), Privacy()))


def test_figures_stay_as_they_are() -> None:
    facts = shop()
    shared = share(facts, Privacy(quotes="hide", respondents="hide", minimum=5))
    assert [c.mean for c in shared.stages] == [c.mean for c in facts.stages]
    assert shared.totals == facts.totals


def test_choices_nobody_knows_are_refused() -> None:
    with pytest.raises(UnknownName, match="quotes"):
        Privacy(quotes="maybe")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="minimum"):
        Privacy(minimum=0)
