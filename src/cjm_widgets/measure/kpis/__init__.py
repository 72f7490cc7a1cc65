"""KPIs, from any table to a verdict, beside what people feel."""
