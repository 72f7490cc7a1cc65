"""The anywidget models; they know a Desk and nothing of the store."""

from cjm_widgets.widgets.coder import CoderWidget

__all__ = ["CoderWidget"]
