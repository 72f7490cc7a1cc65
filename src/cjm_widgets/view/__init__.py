"""JourneyMap and measures become Bokeh, SVG, tables and the offline page."""
