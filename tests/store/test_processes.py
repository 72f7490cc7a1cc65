"""Several processes at once, and processes killed at any moment."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from store_kit import desk, everything

from cjm_widgets.errors import StoreError
from cjm_widgets.store import Store
from cjm_widgets.store.engine import schema
from cjm_widgets.store.history.changes import pages

WORKER = Path(__file__).parent / "store_worker.py"

# Windows has no SIGKILL; there it is TerminateProcess, which kills as dead.
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


def start(place: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, str(WORKER), place, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def replayed(store: Store) -> dict[str, int]:
    """Go through the journal from its beginning and hold it against the tables.

    Every image before must be what really was there, so nobody's change was overwritten
    unseen; at the end the tables hold just what the last images say.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    with store.base.read() as tx:
        actions = tx.fetch(
            sa.select(
                schema.action.c.seq,
                schema.action.c.actor,
                schema.action.c.kind,
                schema.action.c.target,
                schema.action.c.state,
            ).order_by(schema.action.c.seq)
        )
        who = {action[0]: action[1] for action in actions}
        for seq, actor, kind, target, _ in actions:
            for tbl, row, before, after in chain.from_iterable(pages(tx, seq)):
                there = rows.get((tbl, row), {"gone": 1, "rev": 0})
                assert there == before, (seq, kind, tbl, row)
                rows[tbl, row] = after
                if kind == "undo":
                    assert who[target] == actor
                    assert before["rev"] == target
        assert [action[0] for action in actions] == list(range(1, len(actions) + 1))
        assert tx.fetch(sa.select(schema.study.c.seq))[0][0] == len(actions)
        counted = tx.fetch(
            sa.select(schema.progress.c.coder, schema.progress.c.feedback, schema.progress.c.n)
        )
        live = tx.fetch(
            sa.select(schema.coding.c.coder, schema.coding.c.feedback, sa.func.count())
            .where(schema.coding.c.gone == 0)
            .group_by(schema.coding.c.coder, schema.coding.c.feedback)
        )
    now = {place: image for place, image in everything(store).items() if place in rows}
    assert now == rows
    assert all(place in rows for place in everything(store) if place[0] != "feedback")
    assert {(c, f): n for c, f, n in counted if n} == {(c, f): n for c, f, n in live}
    kinds: dict[str, int] = {}
    for action in actions:
        kinds[action[2]] = kinds.get(action[2], 0) + 1
    return kinds


def test_three_processes_on_shared_rows_leave_a_journal_that_gives_the_tables(
    study: Store, place: str
) -> None:
    workers = [start(place, coder, 120, seed) for seed, coder in enumerate(("ana", "ana", "bob"))]
    answers = [
        json.loads(line) for w in workers for line in (w.communicate()[0] or "").splitlines()
    ]
    assert [w.returncode for w in workers] == [0, 0, 0]
    kinds = replayed(study)
    assert sum(kinds.values()) == 3 + sum(a.get("ok", False) for a in answers)
    assert kinds["undo"] > 10
    assert kinds["redo"] > 3
    refused = {a.get("why") for a in answers if not a.get("ok", True)}
    assert {"conflict", "moved"} <= refused


def killed(nursery: subprocess.Popen[str], seed: int) -> list[dict[str, Any]]:
    """Receipts a coder saw before its process was killed."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(f"{seed}\n")
    nursery.stdin.flush()
    first = [json.loads(nursery.stdout.readline()) for _ in range(2)]
    pid = next(line["pid"] for line in first if "pid" in line)
    early = [] if seed % 4 == 0 else [nursery.stdout.readline()]
    # At random in the middle of the work, not between two receipts.
    time.sleep(random.uniform(0.001, 0.08))
    os.kill(pid, KILL)
    lines = [*early, *iter(nursery.stdout.readline, '{"end": true}\n')]
    seen = []
    for line in lines:
        try:
            seen.append(json.loads(line))
        except json.JSONDecodeError:
            continue  # the line it was writing
    return [line for line in seen if "op" in line]


def kill_often(place: str, times: int) -> None:
    random.seed(times)
    seen: list[dict[str, Any]] = []
    command = [sys.executable, str(WORKER), place, "ana", "nursery", "0"]
    nursery = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    with nursery:
        for seed in range(times):
            seen += killed(nursery, seed)
            with Store.open(place, create=False) as store:
                if store.path is not None:
                    store.check()
    assert sum(answer["ok"] for answer in seen) > times
    with Store.open(place, create=False) as store:
        with store.base.read() as tx:
            kept = dict(tx.fetch(sa.select(schema.action.c.op, schema.action.c.seq)))
        for answer in seen:
            if answer["ok"]:
                assert kept.get(answer["op"]) == answer["seq"], answer
        replayed(store)


def test_no_receipt_is_lost_when_processes_are_killed(study: Store, place: str) -> None:
    # The server of PostgreSQL survives, so it gets fewer.
    kill_often(place, 50 if study.path is not None else 10)


def test_a_killed_import_has_never_happened_and_can_be_run_again(study: Store, place: str) -> None:
    before = everything(study)
    for _ in range(2):
        worker = start(place, "-", "import", 1)
        assert worker.stdout is not None
        while worker.stdout.readline() != "3\n":
            assert worker.poll() is None
        worker.send_signal(KILL)
        worker.communicate()
        with Store.open(place, create=False) as store:
            assert store.totals().texts == 6
            assert store.attribute_values("plan").empty
            assert desk(store).open().total == 6
    with study.base.read() as tx:
        assert tx.fetch(sa.select(sa.func.count()).select_from(schema.feedback))[0][0] > 500
    from store_worker import slow

    chunks = [frame for frame, _ in zip(slow(), range(3), strict=False)]
    count = study.add(chunks, source="slow.csv")
    assert (count.added, count.same, count.codings) == (1_500, 0, 1_500)
    assert study.totals().texts == 1_506
    assert study.add(chunks, source="slow.csv").same == 1_500
    study.undo("import")
    assert study.totals().texts == 6
    now = everything(study)
    assert {place: now[place] for place in before} == before
    if study.path is not None:
        study.check()


def test_closing_one_store_does_not_unlock_another_of_the_same_process(
    study: Store, place: str
) -> None:
    """SQLite's locks go when the process closes the file once; the log would be taken away."""
    if study.path is None:
        pytest.skip("PostgreSQL has no file to lock")
    made = desk(study)
    assert made.apply(_op("before")).ok
    with Store.open(place) as other:
        assert len(other.codings()) == 1
    start(place, "bob", 5, 1).communicate()
    assert made.apply(_op("after")).ok
    # The worker was not the last to close, so it must have left the log in its place.
    assert study.path.with_name("study.cjm-wal").exists()
    study.check()
    assert set(study.codings(coder="ana")["uid"]) == {"before", "after"}


def in_a_fork(work: Callable[[], bool]) -> bool:
    """What a function says in a forked child."""
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(0 if work() else 1)
        finally:
            os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_forked_child_is_refused_a_file_that_is_open_and_served_by_a_server(
    study: Store, place: str
) -> None:
    made = desk(study)

    def refused() -> bool:
        receipt = made.apply(_op("child"))
        try:
            Store.open(place)
        except StoreError as error:
            return not receipt.ok and "spawn" in receipt.say and "spawn" in str(error)
        return False

    def served() -> bool:
        return made.apply(_op("child")).ok and len(study.codings()) == 1

    assert in_a_fork(served if study.path is None else refused)
    assert made.apply(_op("parent")).ok
    if study.path is not None:
        study.close()
        assert in_a_fork(lambda: len(Store.open(place).codings()) == 1)


def _op(name: str) -> Any:
    from cjm_widgets.model.desk import Op

    return Op(name, "code", row=name, body={"feedback": 1, "start": 0, "stop": 2})
