"""What is said when a service's database cannot be used? Never its own words: they may hold rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from lineage.errors import OutboxUnavailable


@contextmanager
def faults() -> Iterator[None]:
    """Raises OutboxUnavailable in place of whatever the database says."""
    try:
        yield
    except SQLAlchemyError:
        raise unavailable() from None


def unavailable() -> OutboxUnavailable:
    """What to look at when the database cannot be used."""
    return OutboxUnavailable(
        "outbox: the database cannot be used. See that it runs, that outbox_url and its rights are right and "
        "that the tables lineage_outbox and lineage_outbox_life are there; then try again."
    )
