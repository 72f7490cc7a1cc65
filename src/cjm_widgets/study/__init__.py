"""Study: the verbs a user calls, each a few lines that call the rooms in order."""

from cjm_widgets.study.demo import sample_data
from cjm_widgets.study.maps.sharing import read_map
from cjm_widgets.study.study import Study

__all__ = ["Study", "read_map", "sample_data"]
