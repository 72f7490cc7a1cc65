"""Libraries that not every user needs, loaded through one helper."""

from __future__ import annotations

import importlib
from types import ModuleType

from cjm_widgets.errors import MissingExtra


def need(module: str, extra: str) -> ModuleType:
    """Import an optional library, or say which extra brings it.

    Parameters
    ----------
    module
        Dotted name of the module, such as ``"pyreadstat"``.
    extra
        The extra of this package that installs it.

    Raises
    ------
    MissingExtra
        If the module is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtra(
            f"{module} is not installed; run: pip install 'cjm-widgets[{extra}]'"
        ) from error
