"""A file or a frame becomes feedback rows and a report."""
