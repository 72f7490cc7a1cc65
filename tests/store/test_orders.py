"""The queue's orders: complete, stable, quick, with chances where they are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_kit import feedback, sentences

from cjm_widgets.errors import ArgumentError
from cjm_widgets.model.desk import Op, Query
from cjm_widgets.model.journey import Journey
from cjm_widgets.model.suggestion import Drawn
from cjm_widgets.store import Store, StoreDesk
from cjm_widgets.store.contents.training import trainee
from cjm_widgets.store.desks import learning
from cjm_widgets.store.queues.orders import Listed, Shuffled
from cjm_widgets.store.tables import names


@given(st.lists(st.integers(1, 300), min_size=1, max_size=4), st.text(max_size=5))
@settings(max_examples=60, deadline=None)
def test_a_random_order_holds_every_text_once_and_knows_its_place(steps, seed):
    ends = np.cumsum(steps).tolist()
    order = Shuffled(seed, ends)
    texts = order.block(1, ends[-1] + 7)
    assert sorted(texts.tolist()) == list(range(1, ends[-1] + 1))
    assert order.places(texts).tolist() == list(range(1, ends[-1] + 1))
    # What was there first stays first, at the same places.
    assert Shuffled(seed, ends[:1]).block(1, ends[0]).tolist() == texts[: ends[0]].tolist()
    assert order.places(np.array([0, ends[-1] + 1])).tolist() == [0, 0]


def test_a_random_order_looks_random():
    texts = Shuffled("study/ana", [5_000]).block(1, 5_000)
    assert abs(np.corrcoef(texts, np.arange(5_000))[0, 1]) < 0.05
    assert abs(np.corrcoef(texts[1:], texts[:-1])[0, 1]) < 0.05
    assert (Shuffled("study/bob", [5_000]).block(1, 5_000) != texts).mean() > 0.99


def test_the_first_texts_of_random_orders_are_a_random_sample():
    """Their means scatter as those of simple random samples do, neither more nor less."""
    spread = 5_000 / np.sqrt(12) / np.sqrt(200) * np.sqrt(1 - 200 / 5_000)
    means = [Shuffled(str(seed), [5_000]).block(1, 200).mean() for seed in range(300)]
    z = (np.array(means) - 2_500.5) / spread
    assert abs(z.mean()) < 0.2
    assert 0.88 < z.std() < 1.12


class Machine:
    """A classifier that doubts texts by their number."""

    def __init__(self):
        self.noticed = 0

    def suggest(self, feedback, version, language, passages):
        return ()

    def doubt(self, feedback):
        return {number: (number % 7) / 7 for number in feedback}

    def stratified(self, coder):
        return Drawn("draw1", (3, 1, 5), (0.5, 0.25, 0.5))

    def notice(self):
        self.noticed += 1


@pytest.fixture
def many(place):
    with Store.open(place) as store:
        store.set_journey(Journey.of("Search", "Buy", "Use"), "ana")
        texts = [f"text number {n} says {'yes' if n % 2 else 'no'}" for n in range(60)]
        store.add([feedback(texts, channel=["mail", "call", "chat"] * 20)], source="a.csv")
        yield store


def _desk(store, coder="ana", **options):
    options.setdefault("suggester", Machine())
    return StoreDesk(store, coder, sentences=sentences, **options)


def _walk(desk, query, limit=7):
    """All texts of a queue, page by page, checked against going back."""
    ids, cursors, after = [], [], None
    while True:
        page = desk.page(query, after=after, limit=limit)
        ids += [item.id for item in page.items]
        cursors += [item.pos for item in page.items]
        if page.after is None:
            break
        assert page.after == page.items[-1].pos
        after = page.after
    assert cursors == sorted(set(cursors))
    if cursors:
        back = desk.page(query, before=cursors[-1], limit=200)
        assert [item.id for item in back.items] == ids[:-1]
        assert desk.around(query, cursors[len(ids) // 2], 200).items[0].id == ids[0]
    return ids


def _code(desk, feedback, **said):
    op = f"{desk.coder}-{feedback}-{len(said)}-{np.random.default_rng().integers(1 << 40)}"
    body = {"feedback": feedback, "start": 0, "stop": 4, **said}
    receipt = desk.apply(Op(op, "code", f"c{op}"[:60], body=body))
    assert receipt.ok, receipt.say
    return receipt


def test_the_random_order_is_the_coders_own_complete_and_the_same_after_a_restart(many):
    mine = _walk(_desk(many), Query(order="random"))
    assert sorted(mine) == list(range(1, 61))
    assert mine != sorted(mine)
    assert _walk(_desk(many), Query(order="random"), limit=13) == mine
    assert _walk(_desk(many, "bob"), Query(order="random")) != mine
    many.add([feedback([f"a later text {n}" for n in range(9)])], source="b.csv")
    later = _walk(_desk(many), Query(order="random"))
    assert later[:60] == mine
    assert sorted(later[60:]) == list(range(61, 70))


def test_an_order_keeps_to_filters_search_and_status(many):
    desk = _desk(many)
    whole = _walk(desk, Query(order="random"))
    calls = [n for n in whole if n % 3 == 2]
    assert _walk(desk, Query(order="random", filters={"channel": "call"})) == calls
    assert _walk(desk, Query(order="random", search="yes")) == [n for n in whole if n % 2 == 0]
    for number in whole[:5]:
        _code(desk, number)
    assert _walk(desk, Query(order="random", status="todo")) == whole[5:]
    assert _walk(desk, Query(order="random", status="done")) == whole[:5]
    assert desk.next(Query(order="random", status="todo"), 2).id == whole[5]
    assert desk.next(Query(order="random", status="todo"), 60) is None


def test_an_order_passes_over_many_texts_at_once(many, monkeypatch):
    from cjm_widgets.store.queues import orders

    monkeypatch.setattr(orders, "NARROW", 3)
    monkeypatch.setattr(orders, "BLOCK", 8)
    test_an_order_keeps_to_filters_search_and_status(many)


def test_what_the_classifier_doubts_comes_first(many):
    order = _walk(_desk(many), Query(order="uncertain"))
    assert sorted(order) == list(range(1, 61))
    doubt = [number % 7 for number in order]
    assert doubt == sorted(doubt, reverse=True)


def test_without_a_classifier_only_the_plain_orders_are_there(many):
    desk = _desk(many, suggester=None)
    assert len(_walk(desk, Query(order="random"))) == 60
    for order in ("uncertain", "stratified"):
        with pytest.raises(ArgumentError, match="needs a classifier"):
            desk.page(Query(order=order))


def _chances(store):
    return {text: (by, p) for _, text, by, p, _ in learning.sampled(store.base)}


def test_codings_say_how_their_text_came_up_and_with_which_chance(many):
    desk = _desk(many)
    desk.page(Query())
    _code(desk, 10)
    desk.page(Query(order="random"))
    _code(desk, 11)
    desk.page(Query(order="random", filters={"channel": "call"}))
    _code(desk, 14)
    desk.page(Query(order="uncertain"))
    _code(desk, 12)
    assert [i.id for i in desk.page(Query(order="stratified")).items] == [3, 1, 5]
    _code(desk, 1)
    found = _chances(many)
    assert found[10] == (None, None)
    assert found[11] == ("random", pytest.approx(1 / 60))
    assert found[14] == (None, None)  # nobody knows the chance of a text in a part of the queue
    assert found[12] == ("uncertain", None)
    assert found[1] == ("draw1", 0.25)


def test_a_queue_of_a_sample_shows_its_texts_and_its_progress_only(many):
    desk = _desk(many, sample=Drawn("draw1", (40, 7, 22), (0.1, 0.2, 0.3)))
    assert (desk.open().total, desk.open().done) == (3, 0)
    assert _walk(desk, Query()) == [40, 7, 22]
    assert [i.pos for i in desk.page(Query()).items] == [1, 2, 3]
    _code(desk, 7)
    assert (desk.open().total, desk.open().done) == (3, 1)
    assert _walk(desk, Query(status="todo")) == [40, 22]
    assert _walk(desk, Query(filters={"channel": "chat"})) == []
    assert _chances(many)[7] == ("draw1", 0.2)


def test_disagreement_is_for_reviews_only_and_worst_first(many):
    ana, bob = _desk(many), _desk(many, "bob")
    for number, mine, yours in ((5, "Buy", "Buy"), (6, "Buy", "Use"), (7, "Buy", None)):
        _code(ana, number, stage=mine, valence=0.5)
        _code(bob, number, stage=yours, valence=-1.0 if number == 6 else 0.5)
    _code(ana, 8, stage="Use")
    with pytest.raises(ArgumentError, match="codes blind"):
        ana.page(Query(order="disagreement"))
    review = _desk(many, "carl", blind=False)
    assert _walk(review, Query(order="disagreement")) == [6, 7]


def test_the_consensus_and_who_trains_dispute_nothing(many):
    with many.base.write() as tx:
        names.actor(tx, "settled by us", "consensus")
    learner = trainee(many.base, "dan")
    for number in (5, 6):
        _code(_desk(many), number, stage="Buy")
        _code(_desk(many, "settled by us"), number, stage="Use")
        _code(_desk(many, learner), number, stage="Use")
    _code(_desk(many, "bob"), 6, stage="Buy")
    review = _desk(many, "carl", blind=False)
    assert _walk(review, Query(order="disagreement")) == []
    _code(_desk(many, "bob"), 5, stage="Use")
    assert _walk(review, Query(order="disagreement")) == [5]


def test_a_list_knows_its_places():
    order = Listed([9, 4, 6])
    assert order.places(np.array([4, 5, 9, 10])).tolist() == [2, 0, 1, 0]
    assert order.block(2, 5).tolist() == [4, 6]
    assert Listed([]).places(np.array([1])).tolist() == [0]


def test_a_text_whose_import_was_undone_is_passed_over(many):
    many.add([feedback(["gone soon"])], source="b.csv", coder="import")
    desk = _desk(many, sample=Drawn("d", (61, 3), (0.5, 0.5)))
    assert desk.open().total == 2
    many.undo("import")
    assert desk.open().total == 1
    assert _walk(desk, Query()) == [3]
