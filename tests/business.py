"""The business of the law's cases, on the embedded log, with every time given."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from worlds import a_subject, an_event, an_event_id

from lineage import events
from lineage.codec import encode
from lineage.logs import EmbeddedLog
from lineage.policy import load, parse
from lineage.projector import Projector
from lineage.report import Reporter, Request
from lineage.report.given import NOT_REVIEWED, Reviews
from lineage.store import Store
from lineage.window import received

RQ = "2026-06-15T10:00-07:00"
"""The standard request."""

BEFORE_ALL = datetime(2020, 1, 1, 8, tzinfo=UTC)
AFTER_ALL = datetime(2029, 1, 1, tzinfo=UTC)


DATABASE = "lineage.duckdb"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Business:
    """Tells events of one person under the policy of tests/acceptance, and answers requests.

    ``declares`` puts other words in place of some of that policy's: {file: (these, those)}.
    """

    def __init__(
        self,
        folder: Path,
        covers_from: datetime = BEFORE_ALL,
        declares: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        begun = _folder_of_adopted(tuple((declares or {}).items()))
        shutil.copytree(begun.name, folder, dirs_exist_ok=True)
        self.folder = folder
        self.log = EmbeddedLog(folder / "log.sqlite")
        self.subject = a_subject()
        self._incarnation = uuid4()
        self._told = 0
        self._covers_from = covers_from
        self._stores: dict[str, Store] = {}

    def close(self) -> None:
        """Let go of its files."""
        for store in self._stores.values():
            store.close()
        self.log.close()

    def tells(
        self, kind: type[events.Header], occurred_at: str, /, *, recorded_at: str | None = None, **given: Any
    ) -> UUID:
        """One more event of the person; recorded at once unless said otherwise."""
        self._told += 1
        occurred = at(occurred_at)
        event = an_event(
            kind,
            **{
                "subject": self.subject,
                "occurred_at": occurred,
                "event_id": an_event_id(occurred),
                "producer": "shop",
                "incarnation": self._incarnation,
                "sequence": self._told,
                **given,
            },
        )
        self.log.append(
            event.subject.bytes, encode(event), recorded_at=at(recorded_at) if recorded_at else AFTER_ALL
        )
        self.last = event
        return event.event_id

    def collects(self, element: str, occurred_at: str, **given: Any) -> UUID:
        return self.tells(
            events.Collected, occurred_at, **{"elements": (element,), "source": "the_person", **given}
        )

    def shares(
        self, element: str, recipient: str, purpose: str, occurred_at: str = "2025-11-01T12:00Z", **given: Any
    ) -> UUID:
        return self.tells(
            events.Shared,
            occurred_at,
            **{
                "elements": (element,),
                "recipient": recipient,
                "purposes": (purpose,),
                "consideration": events.Consideration.NONE,
                **given,
            },
        )

    def links(self, other: UUID, occurred_at: str, *, namespace: str = "cookie", **given: Any) -> UUID:
        """The person is found to be behind another token: by a login, unless said otherwise."""
        verified = {"relation": events.Relation.SAME_PERSON, "evidence": events.LinkEvidence.VERIFIED_LOGIN}
        return self.tells(
            events.SubjectsLinked,
            occurred_at,
            **{"other": other, "other_namespace": namespace, **verified, **given},
        )

    def says_again(self, **changed: Any) -> None:
        """The last event once more, as a resend or with other content."""
        again = encode(replace(self.last, **changed))
        self.log.append(self.subject.bytes, again, recorded_at=AFTER_ALL)

    def answer(
        self,
        receipt: str = RQ,
        *,
        database: str = "lineage.duckdb",
        as_of: str | None = None,
        subject: UUID | None = None,
        reviews: Reviews = NOT_REVIEWED,
        **asked: Any,
    ) -> dict[str, Any]:
        """The report to a request received then, once all is told."""
        request = Request(subject=subject or self.subject, received=received(receipt), **asked)
        reporter = Reporter(self.projected(database).cursor(), reviews=reviews)
        [document] = reporter.report([request], as_of=at(as_of) if as_of else None)
        return document

    def answers(self, *asked: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The reports to several requests received together, each asked in its own way."""
        requests = [Request(subject=self.subject, received=received(RQ), **each) for each in asked]
        return Reporter(self.projected().cursor()).report(requests)

    def projected(self, database: str = DATABASE) -> Store:
        """What is told, with a closing report that covers everything, as the database has it."""
        closing = an_event(
            events.ProducerReported,
            occurred_at=AFTER_ALL,
            producer="shop",
            incarnation=self._incarnation,
            last_sequence=self._told,
            covers_from=self._covers_from,
            covers_until=AFTER_ALL,
            closing=True,
        )
        self.log.append(b"shop", encode(closing), recorded_at=AFTER_ALL)
        self.log.flush()
        if database not in self._stores:
            self._stores[database] = Store(self.folder / database, say=lambda message: None)
        Projector(self.log, self._stores[database]).catch_up()
        return self._stores[database]

    def answer_for_customer(
        self, customer: str, receipt: str = RQ, *, as_of: str | None = None
    ) -> dict[str, Any]:
        """What the customer needs to answer a request received then."""
        request = Request(subject=self.subject, received=received(receipt))
        reporter = Reporter(self.projected().cursor())
        return reporter.for_customer(request, customer, as_of=at(as_of) if as_of else None)

    def explains(self, line: str, receipt: str = RQ) -> list[dict[str, Any]]:
        """What stands behind a line of the answer to a request received then."""
        request = Request(subject=self.subject, received=received(receipt))
        return Reporter(self.projected().cursor()).explain(request, line)


@cache
def _folder_of_adopted(declares: tuple[tuple[str, tuple[str, str]], ...]) -> TemporaryDirectory[str]:
    """Log and database once the policy is adopted and projected: to be copied, for making them takes longer
    than what is then told of them.
    """
    files = dict(load(Path(__file__).parent / "acceptance" / "policy").files)
    for file, (these, those) in declares:
        assert these in files[file]
        files[file] = files[file].replace(these, those)
    policy = parse(files)
    told = an_event(
        events.PolicyAdopted, digest=policy.digest, files=dict(policy.files), occurred_at=BEFORE_ALL
    )
    folder = TemporaryDirectory()
    with (
        EmbeddedLog(Path(folder.name) / "log.sqlite") as log,
        Store(Path(folder.name) / DATABASE, say=lambda message: None) as store,
    ):
        log.append(b"policy", encode(told), recorded_at=BEFORE_ALL)
        log.flush()
        Projector(log, store).catch_up()
    return folder


def categories(document: dict[str, Any]) -> set[str]:
    """The letters of what was collected: PI_A_IDENTIFIERS is A."""
    return {line["category"].split("_")[1] for line in document["collected"]}


def pairs(document: dict[str, Any], block: str) -> set[tuple[str, str]]:
    """(letter of the category, category of the recipient) of each pair."""
    return {(pair["category"].split("_")[1], pair["recipient_category"]) for pair in document[block]["pairs"]}


def kinds(document: dict[str, Any], block: str) -> set[str]:
    return {kind for pair in document[block]["pairs"] for kind in pair["kinds"]}


def third_parties(document: dict[str, Any]) -> set[str]:
    return {line["category"] for line in document["third_parties"]}


def window(document: dict[str, Any]) -> tuple[str, str]:
    return document["window"]["from"], document["window"]["to"]


def gaps(document: dict[str, Any]) -> set[str]:
    """Why the records may not be complete."""
    return {gap["reason"] for gap in document["coverage"]["gaps"]}
