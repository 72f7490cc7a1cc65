"""Feedback and codings taken in from elsewhere, all or nothing."""
