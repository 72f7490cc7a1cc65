"""How long coded texts are, without reading them."""

from __future__ import annotations

import sqlalchemy as sa

from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Database

_F, _C, _T = schema.feedback, schema.coding, schema.feedback_text


def coded_lengths(base: Database) -> dict[tuple[int, int], int]:
    """Code points of each coded text in each version that was coded.

    Returns
    -------
    dict
        Number of the text and its version to its length.
    """
    coded = (
        sa.select(_C.c.feedback, _C.c.version).where(_C.c.gone == 0).distinct().subquery("coded")
    )
    length = sa.case(
        (_F.c.version == coded.c.version, sa.func.length(_F.c.text)),
        else_=sa.select(sa.func.length(_T.c.text))
        .where(_T.c.feedback == coded.c.feedback, _T.c.version == coded.c.version)
        .scalar_subquery(),
    )
    wanted = sa.select(coded.c.feedback, coded.c.version, length).join(
        _F, _F.c.id == coded.c.feedback
    )
    with base.read() as tx:
        rows = tx.fetch(wanted)
    return {(feedback, version): found for feedback, version, found in rows if found is not None}
