"""Several processes at once, and processes killed at any moment."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from store_kit import desk, everything

from cjm_widgets.store import Store, schema
from cjm_widgets.store.journal import images

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
            for tbl, row, before, after in images(tx, seq):
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
    refused = {a["why"] for a in answers if not a.get("ok", True)}
    assert {"conflict", "moved"} & refused


def killed(place: str, seed: int) -> list[dict[str, Any]]:
    """Receipts a coder saw before its process was killed."""
    worker = start(place, "ana", "kill", seed)
    assert worker.stdout is not None
    lines = [worker.stdout.readline()]
    assert "ready" in lines[0]
    # At random in the middle of the work, not between two receipts.
    time.sleep(random.uniform(0.001, 0.08))
    worker.send_signal(KILL)
    rest = worker.communicate()[0]
    whole = [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    return [json.loads(line) for line in whole]


def kill_often(place: str, times: int) -> None:
    random.seed(times)
    seen: list[dict[str, Any]] = []
    for seed in range(times):
        seen += killed(place, seed)
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
    # Starting Python takes most of the time, so PostgreSQL, whose server survives, gets fewer.
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


def test_a_forked_child_uses_connections_of_its_own(study: Store) -> None:
    if not hasattr(os, "fork"):
        pytest.skip("this system cannot fork")
    made = desk(study)
    pid = os.fork()
    if pid == 0:  # pragma: no cover - the child is not measured
        try:
            ok = made.apply(_op("child")).ok and len(study.codings()) == 1
            os._exit(0 if ok else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert made.apply(_op("parent")).ok
    assert len(study.codings()) == 2


def _op(name: str) -> Any:
    from cjm_widgets.model.desk import Op

    return Op(name, "code", row=name, body={"feedback": 1, "start": 0, "stop": 2})
