"""Where does the desk store lie? A file in the home folder, or the PostgreSQL database of ``desk_url``."""

from collections.abc import Mapping
from typing import Final

from lineage.desk.desk import Desk
from lineage.errors import Refused
from lineage.settings import Settings

FILE: Final = "desk.sqlite"
CONNECT_SECONDS: Final = 5  # somebody waits at a terminal
_PARTS: Final = {"dbname", "host", "port", "user", "password"}


def open_desk(settings: Settings) -> Desk:
    """The desk that the settings name; its table is made on first use. Close it, or use it as a context.

    Raises:
        Refused: ``desk_url`` is no address of a database.
        DeskUnavailable: there is no answer.
    """
    if settings.desk_url is not None:
        return Desk(postgres(settings.desk_url.get_secret_value()))
    settings.home.mkdir(parents=True, exist_ok=True)
    path = settings.home / FILE
    path.touch(mode=0o600)  # only its owner reads who was read
    return Desk({"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)})


def postgres(url: str) -> Mapping[str, str]:
    """What eventsourcing wants to be told of a database.

    Raises:
        Refused: the address cannot be read, or says more than where and who. It is not repeated.
    """
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except ProgrammingError:
        parts = {}
    if missing := {"dbname", "host", "user"} - set(parts):
        raise Refused(
            f"desk_url has no {', '.join(sorted(missing))}. Write postgresql://user:password@host:5432/database."
        )
    if further := set(parts) - _PARTS:
        raise Refused(
            f"desk_url: {', '.join(sorted(further))} cannot stand there. Set libpq's own variables, such as "
            "PGSSLMODE, in the environment."
        )
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": parts["dbname"],
        "POSTGRES_HOST": parts["host"],
        "POSTGRES_PORT": parts.get("port", "5432"),
        "POSTGRES_USER": parts["user"],
        "POSTGRES_PASSWORD": parts.get("password", ""),
        "POSTGRES_CONNECT_TIMEOUT": str(CONNECT_SECONDS),
    }
