"""Keeps the archive up with the log until it is told to stop: the one process that writes its folder."""

from lineage.cli.archive import follow
from lineage.settings import load_settings

follow(load_settings())
