"""Bokeh's models without their type stubs, which deny constructors that Bokeh documents."""

from __future__ import annotations

from typing import Any

import bokeh.models as _models

models: Any = _models
