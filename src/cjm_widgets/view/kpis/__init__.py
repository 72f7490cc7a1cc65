"""KPI panels, funnels, and figures that contradict people."""
