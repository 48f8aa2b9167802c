"""What does an answer look like at a glance: who received what, and when? Drawn as SVG."""

from lineage.forms.pictures.flow import flow
from lineage.forms.pictures.months import months, months_in_parts

__all__ = ["flow", "months", "months_in_parts"]
