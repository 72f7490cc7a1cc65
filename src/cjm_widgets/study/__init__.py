"""Study: the verbs a user calls, each a few lines that call the rooms in order."""
