"""What people bring into a study or tell it: feedback, KPIs, personas, lanes, targets."""
