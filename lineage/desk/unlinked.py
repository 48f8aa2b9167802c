"""Did a report tell a person what, as is known now, is not theirs?

A later unlinking, or a decision that two are different people, takes events out of a person's answer. A
report that showed them told one person of another, which whoever is responsible has to know first.
"""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import duckdb

from lineage.desk.issued import Issued
from lineage.identity import Decided, Member, Stopped, Who, resolve
from lineage.identity.intervals import NEVER, without
from lineage.report.asking import ask_for_people
from lineage.report.gate import released
from lineage.report.given import Person
from lineage.report.know import document
from lineage.report.request import BLOCKS
from lineage.report.state import policy_in_force, projected, state_of
from lineage.window import window


def showed_unlinked(reader: duckdb.DuckDBPyConnection, issued: Issued, then: Decided, now: Decided) -> bool:
    """Whether the report has a line from events of tokens that are no longer the person's.

    It is made again, as of its own instant, from those events alone. ``then`` and ``now``: what was decided
    about links when it was made, and since. False where today's answer stops: whose they are is open then.

    Raises:
        NoPolicy: none was adopted by then.
    """
    zone, request = ZoneInfo(policy_in_force(reader).business.time_zone), issued.request
    [before], taken_out = resolve(reader, [request.subject], issued.as_of, zone, then)
    [after], _ = resolve(reader, [request.subject], projected(reader).as_of, zone, now)
    if isinstance(before, Stopped) or isinstance(after, Stopped):
        return False
    if not (lost := _lost(before, after)):
        return False
    state = state_of(reader, projected(reader, issued.as_of), issued.as_of)
    asked = window(
        request.received,
        state.policy.business.time_zone,
        since=request.since,
        everything=request.everything,
    )
    person = Person(replace(before, members=lost, households=(), unsure=()), asked)
    [row] = ask_for_people(reader, state, [person], taken_out)
    told = released(
        document(request, person, row, [], state), request.verification, request.blocks, request.audience
    )
    return any(_lines(told[block]) for block in (*BLOCKS, "held_collected_earlier"))


def _lost(before: Who, after: Who) -> tuple[Member, ...]:
    """The person's tokens of then, for the time for which they are not theirs any more."""
    kept = {each.subject: each.times for each in after.members}
    lost = (
        replace(each, times=without(each.times, kept.get(each.subject, NEVER))) for each in before.members
    )
    return tuple(each for each in lost if each.times)


def _lines(block: Sequence[object] | dict[str, list[object]]) -> Sequence[object]:
    if isinstance(block, dict):
        return block["items"] if "items" in block else block["pairs"]
    return block
