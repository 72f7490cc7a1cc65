"""Verbs that code, alone and together: widget, codebook, memos, agreement, review, suggestions."""
