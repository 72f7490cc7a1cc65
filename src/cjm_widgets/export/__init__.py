"""Writers, one file per format; the suffix picks the writer."""

from cjm_widgets.export.write import WRITERS, write

__all__ = ["WRITERS", "write"]
