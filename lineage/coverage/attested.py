"""For what does a named person vouch? Printed ever after: also what a later policy does not say any more."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from lineage.policy import Policy
from lineage.policy.models import Producer, System


@dataclass(frozen=True, slots=True)
class Attestation:
    """One sentence of a policy that rests on a person's word.

    ``about``: TIME (a producer's time is told in full), CLOSED (a dead incarnation, with its last number),
    FREE (a system has no personal data), HOLDINGS (whom a system holds is known). ``when``: as the policy
    writes it.
    """

    about: str
    of: str
    who: str
    when: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    incarnation: str | None = None
    last_sequence: int | None = None


def attestations(adopted: Iterable[tuple[datetime, Policy]]) -> list[dict[str, Any]]:
    """Those of all policies, in the order of their adoption; each with when it was adopted first, and
    whether the policy in force, the last of them, still says so.
    """
    first: dict[Attestation, datetime] = {}
    now: set[Attestation] = set()
    for recorded_at, policy in adopted:
        now = set(_of(policy))
        for each in now:
            first.setdefault(each, recorded_at)
    rows = [
        {**asdict(each), "adopted_at": recorded_at, "in_force": each in now}
        for each, recorded_at in first.items()
    ]
    return sorted(rows, key=lambda row: (row["about"], row["of"], row["adopted_at"], str(row)))


def _of(policy: Policy) -> Iterator[Attestation]:
    for producer in policy.business.producers.values():
        yield from _of_producer(producer)
    for system in policy.business.systems.values():
        yield from _of_system(system)


def _of_producer(producer: Producer) -> Iterator[Attestation]:
    for each in producer.attested:
        yield Attestation(
            "TIME",
            producer.id,
            each.who,
            valid_from=each.span.since,
            valid_until=each.span.until,
        )
    for closed in producer.closed:
        yield Attestation(
            "CLOSED",
            producer.id,
            closed.who,
            incarnation=str(closed.incarnation),
            last_sequence=closed.last_sequence,
        )


def _of_system(system: System) -> Iterator[Attestation]:
    for about, said in (("FREE", system.attested_free), ("HOLDINGS", system.holdings_known)):
        if said is not None:
            yield Attestation(about, system.id, said.who, when=said.when or None)
