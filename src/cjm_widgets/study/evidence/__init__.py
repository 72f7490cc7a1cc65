"""Which text speaks of which stage, and with which valence: the units behind figures."""
