"""One form for places, findings, options and caches."""

from warning_lights.core.cache import cached
from warning_lights.core.findings import Finding, report

__all__ = ["Finding", "cached", "report"]
