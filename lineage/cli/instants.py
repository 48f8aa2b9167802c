"""How is an instant written on the command line? RFC 3339, with its zone; seconds may be left out."""

from datetime import UTC, datetime

import click


class Instant(click.ParamType[datetime]):
    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(str(value))
            found.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail("is no instant; write it like 2026-01-31T10:00-08:00 or 2026-01-31T18:00Z", param, ctx)
        if found.tzinfo is None:
            self.fail("has no time zone; end it with Z or an offset such as -08:00", param, ctx)
        return found


INSTANT = Instant()
