"""Which database is meant, and how is it opened so that nothing of its rows gets into a message?"""

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from lineage.errors import Refused
from lineage.settings import Settings


def engine_of(settings: Settings) -> Engine:
    """The database that ``outbox_url`` names; connects when it is used. Raises Refused."""
    if settings.outbox_url is None:
        raise Refused("outbox_url: is not set; name the database that holds the outbox")
    try:
        url = make_url(settings.outbox_url.get_secret_value())
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        return create_engine(url, hide_parameters=True, poolclass=NullPool)
    except (ArgumentError, NoSuchModuleError, ImportError):
        raise Refused("outbox_url: is not the address of a database that can be used here") from None
