"""How is a record of the log named on the command line? By partition and offset, such as 3/1042."""

import re

import click


class Place(click.ParamType[tuple[int, int]]):
    name = "place"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(r"(\d{1,9})/(\d{1,18})", str(value))
        if found is None:
            self.fail("is no place; write partition/offset as lineage parked list does: 3/1042", param, ctx)
        return int(found[1]), int(found[2])


PLACE = Place()
