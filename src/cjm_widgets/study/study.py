"""Study: everything a user does with feedback, from a file to a map."""

from __future__ import annotations

import html

from cjm_widgets.study.coding.agreement import Agreement
from cjm_widgets.study.coding.autocoding import Autocoding
from cjm_widgets.study.coding.codebook import CodebookVerbs
from cjm_widgets.study.coding.codebook_files import CodebookFiles
from cjm_widgets.study.coding.gridding import Gridding
from cjm_widgets.study.coding.memos import Memos
from cjm_widgets.study.coding.retrieving import Retrieving
from cjm_widgets.study.coding.settling import Settling
from cjm_widgets.study.coding.training import Training
from cjm_widgets.study.curves.arcs import Courses
from cjm_widgets.study.curves.comparing import Comparing
from cjm_widgets.study.curves.contradicting import Contradicting
from cjm_widgets.study.curves.driving import Driving
from cjm_widgets.study.curves.moments import Moments
from cjm_widgets.study.curves.paths import Ways
from cjm_widgets.study.curves.sensitivity import Sensitivity
from cjm_widgets.study.dashboard import Dashboards
from cjm_widgets.study.evidence.scorers import ScorerVerbs
from cjm_widgets.study.forgetting import Forgetting
from cjm_widgets.study.given.bundle import Bundle
from cjm_widgets.study.given.collecting import Collecting
from cjm_widgets.study.given.transcripts import Transcripts
from cjm_widgets.study.history import History
from cjm_widgets.study.maps.keeping import Keeping
from cjm_widgets.study.maps.sharing import Sharing
from cjm_widgets.words import say


class Study(
    Sharing,
    Keeping,
    Bundle,
    Dashboards,
    Contradicting,
    Driving,
    Sensitivity,
    Moments,
    Comparing,
    Courses,
    Ways,
    CodebookFiles,
    Autocoding,
    Gridding,
    Retrieving,
    CodebookVerbs,
    Memos,
    History,
    Settling,
    Training,
    Agreement,
    Transcripts,
    Collecting,
    ScorerVerbs,
    Forgetting,
):
    """A study: feedback, codings, scores and figures in one file or on one server.

    Parameters
    ----------
    path_or_url
        Path of an SQLite file, made when it is not there, or a ``postgresql://`` URL.
    journey
        The stages: a preset's name (``"six"``, ``"four"``, ``"five"``, ``"day"``,
        ``"blank"``), a `Journey`, a ``.toml`` file, a list of names, or a frame. None keeps
        the study's own; a new study takes the labels of its first stage column, else the six.
    language
        Language of the interface, ``"en"`` or ``"fr"``; the study's own by default.
    name
        Title of a study that is made; the file's name by default.
    create
        Whether a study is made where there is none.

    Raises
    ------
    NotAStudy, NewerStudy, DamagedStudy
        If what is there is another program's, a newer version's, or damaged.
    FileMissing
        If the folder does not exist, or the study does not and `create` is False.

    Examples
    --------
    >>> import tempfile, pandas as pd
    >>> folder = tempfile.mkdtemp()
    >>> study = Study(f"{folder}/shop.cjm")
    >>> feedback = pd.DataFrame({"comment": ["The checkout failed twice.", "Great delivery!"],
    ...                          "stage": ["Buy", "Receive"], "rating": [-2, 2]})
    >>> study.add(feedback, text="comment", stage="stage", valence="rating",
    ...           valence_scale=(-2, 2)).added
    2
    >>> study.curve().frame[["stage", "n", "mean"]]
         stage  n  mean
    0      Buy  1  -1.0
    1  Receive  1   1.0
    >>> study.close()
    """

    def __repr__(self) -> str:
        totals = self._store.totals()
        counts = say("study.counts", self.language, texts=totals.texts, codings=totals.codings)
        return f"Study({self.name!r}: {counts})"

    def _repr_html_(self) -> str:
        totals = self._store.totals()
        counts = say("study.counts", self.language, texts=totals.texts, codings=totals.codings)
        place = str(self.path) if self.path else say("study.on_server", self.language)
        return (
            f"<p lang='{self.language}'><strong>{html.escape(self.name)}</strong> · "
            f"{html.escape(counts)}<br><small>{html.escape(place)}</small></p>"
        )
