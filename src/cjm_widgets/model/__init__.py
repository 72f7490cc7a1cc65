"""What the words mean: stages, journeys, codes, codings, KPIs, estimates, the desk, the frames."""
