"""Keeps the database up with the log until it is told to stop: the one process that owns its file."""

from lineage.cli.project import follow
from lineage.settings import load_settings

follow(load_settings())
