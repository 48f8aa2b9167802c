"""Takes the events that a service has written into its own database to the log, until it is told to stop."""

from lineage.cli.outbox import follow
from lineage.settings import load_settings

follow(load_settings())
