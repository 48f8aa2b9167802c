"""Reports: what a person is owed, computed from what happened to them."""

from lineage.report.reporter import Reporter
from lineage.report.request import Audience, Request, Verification
from lineage.report.state import NoPolicy

__all__ = ["Audience", "NoPolicy", "Reporter", "Request", "Verification"]
