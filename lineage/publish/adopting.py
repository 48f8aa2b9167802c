"""Which policy does the business follow from now on, and which one was it last? The log knows both."""

from datetime import datetime
from typing import Final

from lineage.codec import Undecodable, decode
from lineage.events import PolicyAdopted
from lineage.framing import NO_IDS, SchemaIds
from lineage.logs import Log
from lineage.policy import Policy, parse
from lineage.publish.sending import POLICY_KEY, Clock, Incarnation, Sender, new_event_id, now_utc

PRODUCER: Final = "policy"
LOOK_BACK_RECORDS: Final = 500_000  # some ten seconds; a policy older than that is named by its folder
_WINDOW: Final = 20_000


def adopt(
    policy: Policy, log: Log, *, recorded_at: datetime | None = None, clock: Clock = now_utc
) -> PolicyAdopted:
    """Write the policy into every partition, and wait until the log has it.

    ``recorded_at`` (embedded log only) is also when it was adopted. Raises Refused, LogUnavailable.
    """
    event = PolicyAdopted(
        event_id=new_event_id(),
        occurred_at=recorded_at or clock(),
        producer=PRODUCER,
        incarnation=Incarnation(PRODUCER).id,
        digest=policy.digest,
        files=dict(policy.files),
    )
    sender = Sender(log)
    sender.send(event, recorded_at)
    sender.flush()
    return event


def last_adopted(log: Log, ids: SchemaIds = NO_IDS) -> Policy | None:
    """The policy adopted last, looked for backwards in one partition (a policy stands in all of them).

    ``ids``: what a schema registry's ids mean. None when there is none among its last LOOK_BACK_RECORDS
    records. Raises PolicyError when this version cannot read the one that is there, LogUnavailable.
    """
    partition = min(log.partitions())
    first, end = log.bounds()[partition]
    oldest = max(first, end - LOOK_BACK_RECORDS)
    while end > oldest:
        start = max(oldest, end - _WINDOW)
        for value in reversed(_policies(log, partition, start, end)):
            try:
                event = decode(value, ids)
            except Undecodable:  # the projection parks it as well: it never took effect
                continue
            if isinstance(event, PolicyAdopted):
                return parse(event.files)
        end = start
    return None


def _policies(log: Log, partition: int, start: int, end: int) -> list[bytes]:
    found = []
    position = start
    while position < end:
        records = log.read({partition: position}, limit=end - position, wait_seconds=1.0)
        if not len(records):
            break
        found += [
            value
            for key, value in zip(records.key, records.value, strict=True)
            if key == POLICY_KEY and value is not None
        ]
        position = records.offset[-1] + 1
    return found
