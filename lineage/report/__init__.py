"""Reports: what a person is owed, computed from what happened to them."""

from lineage.report.asking import NoPolicy
from lineage.report.reporter import Reporter
from lineage.report.request import Audience, Request, Verification

__all__ = ["Audience", "NoPolicy", "Reporter", "Request", "Verification"]
