"""What does a service wait for when it asks whether it may sell, with a million people's choices at hand?"""

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from uuid import UUID

from bench.figures import Figure, Spent, empty_query, median, percentile
from lineage.choices.permissions import CHECK
from lineage.choices.place import ChoicesFile
from lineage.choices.snapshot import Snapshot
from lineage.logs import EmbeddedLog
from lineage.operate.choices import export
from lineage.policy import parse
from lineage.projector import Projector
from lineage.proof.keys import PUBLIC, signer, trusted
from lineage.publish import Publisher
from lineage.publish.adopting import adopt
from lineage.store import Store
from lineage.tokens import Pseudonymiser, Secret

ASKED = 20_000
POLICY = {
    "business.yaml": "{name: Shop, systems: {shop: {publishes: true}}}",
    "parties.yaml": "recipients: {ads: {category: RCP_AD_NETWORK, contracts: "
    "[{id: c, kind: R7053, as: THIRD_PARTY, from: 2025-01-01, purposes: [earn]}]}}",
    "purposes.yaml": "purposes: {earn: {statutory: [CP_DATA_MONETISATION]}}",
    "activities.yaml": "activities: {sell: {event: Shared, elements: [segment], recipient: ads, "
    "purposes: [earn], consideration: MONEY, system: shop}}",
}
CHOSEN = """
insert into event_row (log_partition, log_offset, recorded_at, event, event_id, subject, occurred_at, details)
select
    0, 1, now() - interval 30 day, 'ChoiceMade', uuid(), uuid(), now() - interval 30 day,
    '{"choice":"OPT_OUT"}'
from range($people)
"""


def measure(people: int) -> list[Figure]:
    """A database in which so many opted out, exported, and asked about half of them and half others."""
    with tempfile.TemporaryDirectory() as name, EmbeddedLog(Path(name) / "log.sqlite") as log:
        home, policy = Path(name), parse(POLICY)
        pseudonymiser = Pseudonymiser(Secret.create(home / "secret"))
        file = ChoicesFile(home / "choices.signed", home / PUBLIC, timedelta(days=1))
        adopt(policy, log)
        with Store(home / "lineage.duckdb", say=print) as store, store.cursor() as reader:
            Projector(log, store, wait_seconds=0).catch_up()
            with store.transaction() as writer:
                writer.execute(CHOSEN, {"people": people})
            key, secret = signer(home, "bench"), str(pseudonymiser.token(CHECK)[0])
            begun = Spent.now()
            export(reader, file.path, key, secret, log="bench", caught_up_at=datetime.now(UTC))
            written = Spent.since(begun)
            sample = f"select distinct subject from event_row using sample {ASKED // 2}"
            known = [each for (each,) in reader.execute(sample).fetchall() if each is not None]
            least = empty_query(reader)
        before = getrusage(RUSAGE_SELF).ru_maxrss
        begun = Spent.now()
        with Snapshot(file.path, trusted([file.keys])):
            opened = Spent.since(begun)
        with Publisher(log, policy, pseudonymiser, "shop", choices=file) as service:
            service.may_share("sell", subject=known[0])
            waits = [
                _asked(service, each)
                for pair in zip(known, map(_stranger, known), strict=True)
                for each in pair
            ]
        more = (getrusage(RUSAGE_SELF).ru_maxrss - before) / 1024
        size = file.path.stat().st_size / 1024 / 1024
    return [
        Figure(
            f"choices: may_share with {people:,} people / the least question to a database",
            median(waits) / least,
            f"p50 {median(waits) * 1e6:.0f} us, p99 {percentile(waits, 0.99) * 1e6:.0f} us; {size:.0f} MiB, "
            f"verified and opened in {opened.seconds * 1e3:.0f} ms and {more:.0f} MiB more memory; "
            f"exported in {written.seconds:.1f} s ({written.processor:.1f} s of processor time)",
        )
    ]


def _asked(service: Publisher, subject: UUID) -> float:
    begun = time.perf_counter()
    service.may_share("sell", subject=subject)
    return time.perf_counter() - begun


def _stranger(token: UUID) -> UUID:
    return UUID(int=token.int ^ 1)
