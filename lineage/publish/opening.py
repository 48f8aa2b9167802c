"""Which log, spool and secret does a service's publisher get? Those that the settings name."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from lineage.choices.place import choices_file
from lineage.logs import open_log
from lineage.policy import Policy, load
from lineage.publish.publisher import Publisher
from lineage.publish.secrets import pseudonymiser_of
from lineage.publish.spooled import spool_at
from lineage.settings import Settings, load_settings

CLOSING_SECONDS: Final = 5.0
"""How long a service that ends waits at most for its spool to become empty; the rest stays in the file."""


@contextmanager
def open_publisher(
    producer: str,
    *,
    policy: Path | Policy,
    settings: Settings | None = None,
    spool: Path | bool | None = None,
    resumes: bool = False,
    drains: bool = True,
    **options: Any,
) -> Iterator[Publisher]:
    """A publisher on the log and with the secret that the settings name; closes both at the end.

    ``spool``: a file in between that keeps the events until the log has them; True: the one of the settings,
    False: none, left out: the one of the settings if they name one. ``resumes`` is the service's promise to
    it, see ``Spool``. It is drained meanwhile unless ``drains`` is false: then ``lineage spool drain`` does.
    ``options`` are those of Publisher. Raises PolicyError, Refused, LogUnavailable.
    """
    settings = settings or load_settings()
    declared = policy if isinstance(policy, Policy) else load(policy)
    options.setdefault("heartbeat_seconds", settings.heartbeat_seconds)
    options.setdefault("choices", choices_file(settings))
    pseudonymiser = pseudonymiser_of(settings)
    if (path := _spool(spool, settings)) is not None:
        way = spool_at(path, settings, resumes=resumes, drains=drains)
        try:
            with Publisher(way, declared, pseudonymiser, producer, **options) as publisher:
                if way.drainer is not None:
                    way.drainer.start()
                yield publisher
        finally:
            if way.drainer is not None:
                way.drainer.finish(CLOSING_SECONDS)
        return
    with (
        open_log(settings) as log,
        Publisher(log, declared, pseudonymiser, producer, **options) as publisher,
    ):
        yield publisher


def _spool(given: Path | bool | None, settings: Settings) -> Path | None:
    """The file that a service means."""
    if isinstance(given, Path):
        return given
    if given is None:
        return settings.spool
    return settings.spool_file if given else None
