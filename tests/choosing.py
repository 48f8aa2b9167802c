"""A shop that sells and shares data, whose services ask before they do."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from projecting import a_store

from lineage.choices import Permission
from lineage.choices.permissions import CHECK
from lineage.choices.place import ChoicesFile
from lineage.events import Choice, ChoiceMade, LinkEvidence, Relation, SubjectsLinked
from lineage.identity import NOTHING, Decided
from lineage.logs import EmbeddedLog
from lineage.operate.choices import Exported, export
from lineage.policy import Policy, parse
from lineage.projector import Projector
from lineage.proof.keys import PUBLIC, signer
from lineage.publish import Publisher
from lineage.publish.adopting import adopt
from lineage.report.state import Discarded
from lineage.store import Store
from lineage.tokens import Pseudonymiser, Secret

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)

RECIPIENTS = {
    "card_company": ("RCP_PAYMENT", "R7051", "SERVICE_PROVIDER", ["take_payment", "know_habits"], None),
    "ad_network": ("RCP_AD_NETWORK", "R7053", "THIRD_PARTY", ["follow", "earn"], "2027-01-01"),
    "partner": ("RCP_JOINT_PARTNER", "R7053", "THIRD_PARTY", ["take_payment", "send_offers"], None),
}
SHARINGS = {
    "sell_segment": ("segment", "ad_network", "earn", "MONEY"),
    "show_ads": ("cookie_id", "ad_network", "follow", "NONE"),
    "payment": ("card_pan", "card_company", "take_payment", "NONE"),
    "track": ("gps_point", "card_company", "know_habits", "NONE"),
    "track_delivery": ("gps_point", "card_company", "take_payment", "NONE"),
    "tell_partner": ("email_address", "partner", "take_payment", "NONE"),
    "offers": ("email_address", "partner", "send_offers", "NONE"),
    "sell_to_stranger": ("segment", "stranger", "earn", "MONEY"),
    "nightly_sync": ("segment", "ad_network", "earn", "MONEY"),
    "nightly_backup": ("segment", "card_company", "take_payment", "NONE"),
}


def _recipient(category: str, kind: str, role: str, purposes: list[str], until: str | None) -> Any:
    contract = {"id": "c", "kind": kind, "as": role, "from": "2025-01-01", "purposes": purposes}
    return {"category": category, "contracts": [contract | ({"until": until} if until else {})]}


def _sharing(name: str, element: str, recipient: str, purpose: str, consideration: str) -> Any:
    return {
        "event": "PopulationShared" if name.startswith("nightly") else "Shared",
        "elements": [element],
        "recipient": recipient,
        "purposes": [purpose],
        "consideration": consideration,
        "system": "web_shop",
    }


WATCHES = {"id": "watch", "from": "2025-01-01", "purposes": ["earn"], "recipients": ["ad_network"]}
SEEN = {"event": "Used", "elements": ["page_view"], "purposes": ["take_payment"], "system": "web_shop"}
POLICY = {
    "business.yaml": json.dumps(
        {
            "name": "Corner Shop",
            "systems": {"web_shop": {"publishes": True}},
            "producers": {"web": {"systems": ["web_shop"], "from": "2026-01-01"}},
        }
    ),
    "parties.yaml": json.dumps(
        {
            "recipients": {id: _recipient(*of) for id, of in RECIPIENTS.items()}
            | {"stranger": {"category": "RCP_DATA_BROKER"}},
            "customers": {"county": {"name": "The county", "instructions": [WATCHES]}},
        }
    ),
    "purposes.yaml": json.dumps(
        {
            "purposes": {
                "take_payment": {"statutory": ["BP5_SERVICES"], "limit": ["LM1"]},
                "know_habits": {"statutory": ["BP8_QUALITY_SAFETY"]},
                "send_offers": {"statutory": ["CP_MARKETING_OWN"]},
                "follow": {"statutory": ["PUR_CROSS_CONTEXT_ADS"]},
                "earn": {"statutory": ["CP_DATA_MONETISATION"]},
            }
        }
    ),
    "activities.yaml": json.dumps(
        {"activities": {id: _sharing(id, *of) for id, of in SHARINGS.items()} | {"page_seen": SEEN}}
    ),
}


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class Shop:
    """A log, a database, a signed snapshot, and services with a publisher each."""

    def __init__(self, home: Path, files: dict[str, str] = POLICY) -> None:
        self.home = home
        self.clock = Clock()
        self.policy: Policy = parse(files)
        self.pseudonymiser = Pseudonymiser(Secret.create(home / "secret"))
        self.signer = signer(home, "personal-data-events")
        self.file = ChoicesFile(home / "choices.signed", home / PUBLIC, DAY)
        self.log = EmbeddedLog(home / "log.sqlite", clock=self.clock)
        self.store: Store | None = None
        self._is_new = True
        adopt(self.policy, self.log, clock=self.clock)
        self.web = self.service()

    def service(self, policy: Policy | None = None, **other: Any) -> Publisher:
        """One more service of the shop."""
        given = {"clock": self.clock, "choices": self.file, **other}
        return Publisher(self.log, policy or self.policy, self.pseudonymiser, "web", **given)

    def token(self, subject: str) -> UUID:
        return self.pseudonymiser.token(subject)[0]

    def tells(self, event: Any) -> UUID:
        """An event that another process told some time ago: this service does not remember it."""
        self.clock.now += timedelta(minutes=1)
        self._is_new = True
        with self.service() as elsewhere:
            told: UUID = elsewhere.publish(event)
        return told

    def chooses(self, subject: str, choice: Choice, **given: Any) -> UUID:
        return self.tells(ChoiceMade(subject=subject, choice=choice, system="web_shop", **given))

    def links(self, one: str, other: str, *, verified: bool = True, **given: Any) -> UUID:
        evidence = LinkEvidence.VERIFIED_LOGIN if verified else LinkEvidence.DECLARED
        return self.tells(
            SubjectsLinked(
                subject=one,
                other=other,
                relation=Relation.SAME_PERSON,
                evidence=evidence,
                system="web_shop",
                **given,
            )
        )

    def projected(self) -> Store:
        """The database, with all that the log has."""
        self.log.flush()
        if self.store is None:
            self.store = a_store(self.home)
        Projector(self.log, self.store, wait_seconds=0).catch_up()
        return self.store

    def exports(
        self, *, caught_up: bool = True, decided: Decided = NOTHING, discarded: Sequence[Discarded] = ()
    ) -> Exported:
        """A new snapshot of all that was told."""
        with self.projected().cursor() as reader:
            return export(
                reader,
                self.file.path,
                self.signer,
                str(self.token(CHECK)),
                log="personal-data-events",
                caught_up_at=self.clock.now if caught_up else None,
                decided=decided,
                discarded=discarded,
            )

    def may(self, activity: str, subject: str | None, **given: Any) -> Permission:
        """What a service is told once everything is exported."""
        if self._is_new:
            self.exports()
            self._is_new = False
        return self.web.may_share(activity, subject=subject, **given)

    def close(self) -> None:
        if self.store is not None:
            self.store.close()
        self.log.close()


def somebody(namespace: str = "account") -> str:
    return f"{namespace}:{uuid4().hex}"
