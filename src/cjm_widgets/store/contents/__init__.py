"""What a study holds: documents, turns, memos, links, scores, figures, and its past."""
