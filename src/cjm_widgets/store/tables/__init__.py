"""Rows of the tables, and the names, facets and words by which they are found."""
