"""How is a system reconciled? Both sides counted, day by day, as far as the log is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import duckdb

from lineage.errors import Refused
from lineage.events import BY_NAME
from lineage.policy import Policy
from lineage.reconcile.compared import Day, compared
from lineage.reconcile.source import counted_at_source
from lineage.reconcile.told import counted_in_log
from lineage.report.state import policy_in_force, projected


@dataclass(frozen=True, slots=True)
class Comparison:
    """The days on which one of both counts something; ``until`` is exclusive, ``as_of`` how far the log is
    read.
    """

    days: Sequence[Day]
    until: date
    as_of: datetime

    @property
    def differing(self) -> Sequence[Day]:
        return [each for each in self.days if each.difference]


def reconcile(
    reader: duckdb.DuckDBPyConnection,
    system: str,
    query: str,
    address: str | None,
    addresses: Mapping[str, str],
    *,
    events: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
) -> Comparison:
    """The system's counts by day beside the log's, in the business's time zone.

    ``address``: the URL of the system's database; None: that of its connector in the policy, from
    ``addresses``, the environment. ``until``: exclusive; when left out, the day up to which the log is read,
    for that day has not ended there.

    Raises:
        NoPolicy: none was adopted.
        Refused: the policy has no such system, nobody said where it lies, or the query gives no counts.
        SourceUnavailable: the system does not answer.
    """
    policy = policy_in_force(reader)
    if system not in policy.business.systems:
        raise Refused("The policy has no such system. Name one of systems in business.yaml.")
    if unknown := sorted(set(events) - set(BY_NAME)):
        raise Refused(f"--event: there is no event {unknown[0]}; docs/glossary.md has all.")
    zone, as_of = ZoneInfo(policy.business.time_zone), projected(reader).as_of
    at_source = counted_at_source(address or _address(policy, system, addresses), query)
    in_log = counted_in_log(reader, system, zone.key, as_of, events)
    last = until or as_of.astimezone(zone).date()
    return Comparison(compared(at_source, in_log, since, last), last, as_of)


def _address(policy: Policy, system: str, addresses: Mapping[str, str]) -> str:
    connector = policy.business.systems[system].connector
    if connector is None or connector.kind != "sql":
        raise Refused(
            "The policy has no connector of kind sql for this system. Say where it lies with --url."
        )
    if not (address := addresses.get(connector.address)):
        raise Refused(f"{connector.address} is not set, which the system's connector names. Or give --url.")
    return address
