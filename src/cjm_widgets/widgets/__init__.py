"""The anywidget models; they know a Desk and nothing of the store."""
