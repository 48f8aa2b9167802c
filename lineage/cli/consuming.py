"""What does every consumer begin and end with? Lines on standard error, an answer to who asks how it is, and
a word that it shall stop.
"""

import atexit
import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event as Signal

from lineage.cli.exits import STOPPED, exit_code, of_the_database
from lineage.errors import LineageError
from lineage.operate.watch import Watched, lines_on_stderr, served
from lineage.settings import Settings

LOG = logging.getLogger(__name__)


@contextmanager
def consuming(settings: Settings, consumer: str) -> Iterator[Signal]:
    """Gives what is set when the process is told to stop (SIGINT, SIGTERM).

    An error that ends it is the last line, in the form of the others, and decides the exit code.
    """
    stop = Signal()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    atexit.register(_silence_stderr)
    with lines_on_stderr(settings.log_format, settings.log_level):
        LOG.info("%s begins", consumer)
        try:
            yield stop
        except LineageError as error:
            LOG.error("%s ends", consumer, exc_info=True)
            raise SystemExit(exit_code(error)) from None
        except Exception as error:
            if (told := of_the_database(error)) is not None:
                LOG.error("%s ends", consumer, exc_info=told)
                raise SystemExit(exit_code(told)) from None
            # A fault of ours, or a second projector; in a traceback the database may quote a row.
            LOG.critical("%s ends", consumer, exc_info=True)
            raise SystemExit(STOPPED) from None
        LOG.info("%s ends as it was told", consumer)


@contextmanager
def watched(settings: Settings, watch: Watched) -> Iterator[None]:
    """Answers at ``metrics_port`` while the block lasts, where there is one."""
    if settings.metrics_port is None:
        yield
        return
    with served(watch, settings.metrics_host, settings.metrics_port) as address:
        LOG.info("asked at %s/healthz and %s/metrics", address, address)
        yield


def _silence_stderr() -> None:
    """After the last line: while the process is taken down, libraries complain of what is still open, and a
    line that is none stops whoever reads JSON. (nanobind complains of leaks.)
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
