"""Worlds made by hand: a small business, a few people, and what was told of them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from evaluator.answer import Question, evaluate
from evaluator.told import Record

ANA, BEN, COOKIE, PHONE, TABLET = (f"{n}1111111-1111-8111-8111-111111111111" for n in range(1, 6))
NAMESPACE = {ANA: "account", BEN: "account", COOKIE: "cookie", PHONE: "phone", TABLET: "device"}
LIFE = "00000000-0000-4000-8000-000000000001"
RECEIVED = "2026-06-15T10:00-07:00"
LOGGED = datetime(2026, 7, 1, tzinfo=UTC)
Json = dict[str, Any]

BUSINESS: Json = {
    "name": "PT",
    "systems": {"site": {"publishes": True}, "shop": {"publishes": True}},
    "producers": {"web": {"systems": ["site"], "from": "2020-01-01"}},
}
VOUCHED = {"who": "the owner", "when": "2026-01-01"}


def contract(kind: str, *purposes: str, **more: str) -> Json:
    role = "SERVICE_PROVIDER" if kind == "R7051" else "THIRD_PARTY"
    return {"contracts": [{"id": "c", "kind": kind, "as": role, "purposes": list(purposes), **more}]}


RECIPIENTS = {
    "pay": {"category": "RCP_PAYMENT", **contract("R7051", "BP5_SERVICES", **{"from": "2024-01-01"})},
    "ga": {
        "category": "RCP_DATA_ANALYTICS",
        **contract("R7051", "BP5_SERVICES", **{"from": "2025-01-01", "until": "2026-01-01"}),
    },
    "ads": {"category": "RCP_AD_NETWORK", **contract("R7053", "PUR_CROSS_CONTEXT_ADS")},
    "broker": {"category": "RCP_DATA_BROKER"},
    "sub": {"category": "RCP_AFFILIATE", "control": True, "common_brand": True},
    "aff": {"category": "RCP_AFFILIATE", "control": True, **contract("R7053", "CP_MARKETING_OWN")},
    "buyer": {"category": "RCP_SUCCESSOR"},
    "sheriff": {"category": "RCP_GOVERNMENT"},
}
CUSTOMERS: Json = {
    "county": {
        "roles": [{"from": "2026-01-01", "we_set_purposes": True}],
        "instructions": [{"id": "i1", "purposes": ["BP5_SERVICES"], "recipients": ["sheriff"]}],
    }
}


def answer(
    *events: Json,
    subject: str = ANA,
    covers_from: str = "2020-01-01T00:00Z",
    business: Mapping[str, Any] | None = None,
    as_of: datetime | None = None,
    **asked: Any,
) -> Json:
    """The answer in a world where these events were told, in this order, and nothing else happened.

    ``recorded_at`` of an event is when it was recorded; else all were at the end.
    """
    told: list[Json] = [
        {"subject": ANA, "system": "site", "event_id": f"{n:02}", "producer": "web", "incarnation": LIFE}
        | event
        | {"sequence": n}
        for n, event in enumerate(events, start=1)
    ]
    for event in told:
        event.setdefault("namespace", NAMESPACE.get(event["subject"], "cookie"))
    report: Json = {
        "event": "ProducerReported",
        "producer": "web",
        "incarnation": LIFE,
        "last_sequence": len(told),
        "occurred_at": LOGGED.isoformat(),
        "covers_from": covers_from,
        "covers_until": LOGGED.isoformat(),
    }
    files = {
        "business.yaml": json.dumps({**BUSINESS, **(business or {})}),
        "parties.yaml": json.dumps(
            {
                "sources": {"person": {"category": "SRC_CONSUMER_DIRECT"}},
                "recipients": RECIPIENTS,
                "customers": CUSTOMERS,
            }
        ),
    }
    records = [Record(event.pop("recorded_at", LOGGED), event) for event in [*told, report]]
    question = Question(subject, **{"received": RECEIVED, **asked})
    return evaluate(files, records, question, as_of)


def collected(*elements: str, at: str = "2026-02-01T00:00Z", **more: Any) -> Json:
    body = {"elements": list(elements), "source": "person", "purposes": ["BP5_SERVICES"]}
    return {"event": "Collected", "occurred_at": at, **body, **more}


def shared(recipient: str, purpose: str, consideration: str = "NONE", **more: Any) -> Json:
    body = {"elements": ["email_address"], "recipient": recipient, "purposes": [purpose]}
    return {
        "event": "Shared",
        "occurred_at": "2025-11-01T00:00Z",
        "consideration": consideration,
        **body,
        **more,
    }


def linked(one: str, other: str, at: str = "2026-01-10T00:00Z", **more: Any) -> Json:
    return {
        "event": "SubjectsLinked",
        "occurred_at": at,
        "subject": one,
        "other": other,
        "other_namespace": NAMESPACE[other],
        "relation": "SAME_PERSON",
        "evidence": "VERIFIED_LOGIN",
        **more,
    }


def unlinked(one: str, other: str, at: str = "2026-05-01T00:00Z", **more: Any) -> Json:
    return linked(one, other, at) | {"event": "SubjectsUnlinked", **more}


def described(at: str = "2026-01-01T00:00Z", **what: Any) -> Json:
    return {"event": "SubjectDescribed", "occurred_at": at, **what}


def population(recipient: str, purpose: str, *elements: str, **more: Any) -> Json:
    made = shared(recipient, purpose, elements=list(elements))
    return made | {"event": "PopulationShared", "subject": None, **more}


def elements(found: Json) -> set[str]:
    """What an answer says was collected."""
    return {element for line in found["collected"].values() for element in line["elements"]}


def reasons(found: Json) -> set[str]:
    """The reasons for which an answer may be incomplete."""
    return {gap[0] for gap in found["gaps"]}
