"""Where a study lives: tables, journal and desk, on SQLite and PostgreSQL.

`store` and `desk` are what other rooms use. Behind them, from the ground up: `schema` (the
tables), `statement` and `database` (running SQL, transactions), `opening` and `migrate`
(what is at a path), `rows` and `journal` (changes, undo, redo), `structure`, `ingest`,
`figures`, `apply` (what is changed), `frames`, `scores`, `queue`, `search` (what is read).
"""

from cjm_widgets.store.desk import StoreDesk
from cjm_widgets.store.forget import Forgotten
from cjm_widgets.store.ingest import Added
from cjm_widgets.store.journal import Done
from cjm_widgets.store.store import Store
from cjm_widgets.store.structure import Edited
from cjm_widgets.store.versions import Followed

__all__ = ["Added", "Done", "Edited", "Followed", "Forgotten", "Store", "StoreDesk"]
