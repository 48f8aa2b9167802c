"""Keeps the database up with the log until it is told to stop: the one process that owns its file."""

import signal
from threading import Event

from lineage.cli.opened import database, say
from lineage.logs import open_log
from lineage.projector import Projector
from lineage.settings import load_settings
from lineage.store import Store

stop = Event()
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda *_: stop.set())

settings = load_settings()
with open_log(settings) as log, Store(database(settings), say=say) as store:
    Projector(log, store, batch_records=settings.batch_records, wait_seconds=settings.batch_seconds).follow(
        stop
    )
