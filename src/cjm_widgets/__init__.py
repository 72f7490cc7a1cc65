"""Customer feedback to journey maps, inside Jupyter.

The names below are loaded when they are first used, so that ``import cjm_widgets`` costs
next to nothing.

Examples
--------
>>> import cjm_widgets as cjm
>>> print(cjm.nps([9, 10, 8, 3, 10]))
40 (-29.8 to 79.8, n 5)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "ArgumentError": "errors",
    "BusyStudy": "errors",
    "CjmError": "errors",
    "Code": "model.codebook",
    "Codebook": "model.codebook",
    "Coding": "model.coding",
    "Conflict": "errors",
    "DamagedStudy": "errors",
    "Estimate": "model.estimate",
    "FileMissing": "errors",
    "FrameError": "errors",
    "Journey": "model.journey",
    "Kpi": "model.kpi",
    "LostFile": "errors",
    "MissingExtra": "errors",
    "NewerStudy": "errors",
    "NoEvidence": "errors",
    "NotAStudy": "errors",
    "Privacy": "journeymap.privacy",
    "ReadError": "errors",
    "Stage": "model.journey",
    "StoreError": "errors",
    "Study": "study",
    "TransformersScorer": "score",
    "UnknownName": "errors",
    "ces": "measure.loyalty",
    "cohen_kappa": "measure.agreement.agreement",
    "compare_curves": "measure.curves.comparison",
    "compare_maps": "view.maps.map_compare",
    "csat": "measure.loyalty",
    "emotion_curve": "measure.curves.curve",
    "explain_change": "measure.curves.comparison",
    "fleiss_kappa": "measure.agreement.agreement",
    "gwet_ac1": "measure.agreement.agreement",
    "krippendorff_alpha": "measure.agreement.agreement",
    "maturity": "view.curves.maturity_view",
    "nps": "measure.loyalty",
    "read": "read",
    "read_map": "study",
    "sample_data": "study",
    "score_texts": "score",
    "scorer": "score",
}
"""Each public name and the module it lives in."""

__all__ = [
    "ArgumentError",
    "BusyStudy",
    "CjmError",
    "Code",
    "Codebook",
    "Coding",
    "Conflict",
    "DamagedStudy",
    "Estimate",
    "FileMissing",
    "FrameError",
    "Journey",
    "Kpi",
    "LostFile",
    "MissingExtra",
    "NewerStudy",
    "NoEvidence",
    "NotAStudy",
    "Privacy",
    "ReadError",
    "Stage",
    "StoreError",
    "Study",
    "TransformersScorer",
    "UnknownName",
    "__version__",
    "ces",
    "cohen_kappa",
    "compare_curves",
    "compare_maps",
    "csat",
    "emotion_curve",
    "explain_change",
    "fleiss_kappa",
    "gwet_ac1",
    "krippendorff_alpha",
    "maturity",
    "nps",
    "read",
    "read_map",
    "sample_data",
    "score_texts",
    "scorer",
]

if TYPE_CHECKING:
    from cjm_widgets.errors import (
        ArgumentError,
        BusyStudy,
        CjmError,
        Conflict,
        DamagedStudy,
        FileMissing,
        FrameError,
        LostFile,
        MissingExtra,
        NewerStudy,
        NoEvidence,
        NotAStudy,
        ReadError,
        StoreError,
        UnknownName,
    )
    from cjm_widgets.journeymap.privacy import Privacy
    from cjm_widgets.measure.agreement.agreement import (
        cohen_kappa,
        fleiss_kappa,
        gwet_ac1,
        krippendorff_alpha,
    )
    from cjm_widgets.measure.curves.comparison import compare_curves, explain_change
    from cjm_widgets.measure.curves.curve import emotion_curve
    from cjm_widgets.measure.loyalty import ces, csat, nps
    from cjm_widgets.model.codebook import Code, Codebook
    from cjm_widgets.model.coding import Coding
    from cjm_widgets.model.estimate import Estimate
    from cjm_widgets.model.journey import Journey, Stage
    from cjm_widgets.model.kpi import Kpi
    from cjm_widgets.read import read
    from cjm_widgets.score import TransformersScorer, score_texts, scorer
    from cjm_widgets.study import Study, read_map, sample_data
    from cjm_widgets.view.curves.maturity_view import maturity
    from cjm_widgets.view.maps.map_compare import compare_maps


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
