"""Which systems need not be searched for pieces?

Those that the policy leaves out with all four tests of R 7024(c) met, unless somebody's events show that
their data earns money: then the exemption is gone (rulings.md 33).
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import duckdb

from lineage.identity import Member, Who
from lineage.identity.histories import Histories
from lineage.identity.intervals import ALWAYS
from lineage.report.asking import ask_for_commercial_systems
from lineage.report.given import Person
from lineage.report.state import State
from lineage.window import EARLIEST_DAY, Window, midnight


def unsearched(reader: duckdb.DuckDBPyConnection, state: State) -> list[str]:
    """The systems left out as of the state's instant, in order."""
    named = [each.id for each in state.policy.business.systems.values() if each.no_search is not None]
    if not named:
        return []
    as_of = state.projected.as_of
    rows = reader.execute(
        """
        select distinct subject
        from event_row
        where system in (select unnest($systems::text[]))
            and (
                event in ('Shared', 'Used')
                -- A sharing of everybody meets whoever had anything put there.
                or system in (select system from event_row where event = 'PopulationShared')
            )
            and subject is not null
            and recorded_at <= $as_of
        """,
        {"systems": named, "as_of": as_of},
    ).fetchall()
    subjects = [subject for (subject,) in rows]
    zone = ZoneInfo(state.policy.business.time_zone)
    histories = Histories(reader, as_of, zone)
    histories.load(subjects)
    tokens = [histories.tokens[each] for each in subjects]
    taken_out = [(each.subject, out) for each in tokens for out in each.out]
    # Each token by itself: whose it is does not matter here.
    ever = Window(
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=UTC),
        midnight(EARLIEST_DAY, zone),
        zone.key,
    )
    people = [
        Person(
            Who(members=(Member(each.subject, ALWAYS, each.erased_through),), is_known=True, is_erased=False),
            ever,
        )
        for each in tokens
    ]
    commercial = ask_for_commercial_systems(reader, state, people, taken_out) if people else set()
    return sorted(set(named) - commercial)
