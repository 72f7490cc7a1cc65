"""Writers, one file per format; the suffix picks the writer."""

from cjm_widgets.export.options import Options
from cjm_widgets.export.write import WRITERS, checked, write

__all__ = ["WRITERS", "Options", "checked", "write"]
