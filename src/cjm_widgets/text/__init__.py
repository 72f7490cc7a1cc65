"""Sentences, language, offsets and redaction: what can be told from a text alone."""
