"""Every change as an action of the journal: done, undone, told."""
