"""The one stage that each of some texts seems to speak of, whatever tells it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store
from cjm_widgets.store.desks import learning
from cjm_widgets.study.evidence import placing
from cjm_widgets.study.evidence.staging import Classifier
from cjm_widgets.suggest.mapping import by_mapping
from cjm_widgets.suggest.passages import LIKELY
from cjm_widgets.suggest.vocabulary import Matcher

NONE = ""
"""What texts without a stage are called."""


def stage_of_texts(
    store: Store, journey: Journey, language: str, texts: NDArray[np.int64]
) -> pd.Series[str]:
    """Main stage of each text: as somebody coded it first, else as a column maps it, else as the
    vocabulary or the classifier tells it; ``""`` where nothing does.

    Returns
    -------
    pandas.Series
        Key of the stage, by number of the text.
    """
    wanted, known = set(texts.tolist()), {stage.key for stage in journey}
    found: dict[int, str] = {}
    for number, stage in learning.stages(store.base):
        if number in wanted and stage in known:
            found.setdefault(number, stage)
    for column, mapping in placing.mappings(store, journey, language).items():
        values = store.values_of(column)
        rest = values[values.index.isin(wanted - found.keys())].dropna()
        stages = by_mapping(rest, mapping, journey).dropna()
        found |= {int(number): stage for number, stage in stages.items()}  # type: ignore[call-overload]
    matcher, classifier = Matcher(journey), Classifier(store, journey)
    rest_texts = learning.told(store.base, wanted - found.keys())
    loose = []
    for text in rest_texts:
        spoken = matcher.stages(text.text, text.language)
        if spoken:
            found[text.feedback] = spoken[0][0]
        else:
            loose.append(text)
    if loose and classifier.ready:
        for text, (stage, p) in zip(loose, classifier.stages(loose), strict=True):
            if p >= LIKELY:
                found[text.feedback] = stage
    keys = [journey.top_of(found[n]) if n in found else NONE for n in texts.tolist()]
    return pd.Series(keys, index=pd.Index(texts, name="feedback"), dtype="str")
