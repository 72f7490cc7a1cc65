"""Where a study lives: tables, journal and desk, on SQLite and PostgreSQL.

From the ground up: `engine` (tables, statements, files and servers opened and brought up to
date), `tables` (rows, names, facets, words), `history` (actions, undo, redo), `contents` (what
a study holds, and its past), `imports` and `queues` (how texts come in, and in which order they
come to be coded), `desks` (what coders do) and `forgetting`. `Store` gives all of it as verbs.
"""

from cjm_widgets.store.contents.structure import Edited
from cjm_widgets.store.desks.desk import StoreDesk
from cjm_widgets.store.forgetting.forget import Forgotten
from cjm_widgets.store.history.journal import Done
from cjm_widgets.store.imports.ingest import Added
from cjm_widgets.store.imports.versions import Followed
from cjm_widgets.store.store import Store

__all__ = ["Added", "Done", "Edited", "Followed", "Forgotten", "Store", "StoreDesk"]
