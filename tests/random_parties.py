"""With whom might a business deal? Recipients with contracts, and customers with roles and instructions, all
dated around a handful of instants.
"""

from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
Json = dict[str, Any]

SYSTEMS = ("shop", "crm", "lake")
PRODUCERS = ("web", "batch")
ELEMENTS = (
    "email_address",
    "full_name",
    "ssn",
    "card_pan",
    "card_security_code",
    "gps_point",
    "page_view",
    "security_log_signal",
    "loyalty_no",
    "membership",  # another word for loyalty_no
    "diary",
)
SOURCES = ("person", "list_vendor")
RECIPIENTS = ("pay", "ads", "partner", "sister", "agency")
PURPOSES = (
    "serve",
    "serve",
    "promote",
    "follow",
    "earn",
    "mixed",
    "moving",
    "BP5_SERVICES",
    "BP6_ADS_NON_CROSS",
    "PUR_CROSS_CONTEXT_ADS",
)
CATEGORIES = ("RCP_PAYMENT", "RCP_AD_NETWORK", "RCP_SOCIAL_NETWORK", "RCP_DATA_BROKER", "RCP_GOVERNMENT")
BOUNDARIES = (
    "2024-07-01",
    "2025-06-15",
    "2025-09-01T12:00:00Z",
    "2026-01-01",
    "2026-02-28T23:00:00.000001-08:00",
)
ZONES = (
    "America/Los_Angeles",
    "America/Los_Angeles",
    "America/Los_Angeles",
    "America/New_York",
    "Asia/Kolkata",
    "UTC",
)
CUSTOMERS = ("county", "city")


class Dating:
    """Draws what may change at a boundary."""

    def __init__(self, draw: st.DrawFn, boundaries: tuple[str, ...]) -> None:
        self.draw = draw
        self.boundaries = boundaries

    def one(self, *options: T) -> T:
        return self.draw(st.sampled_from(options))

    def seldom(self, one_in: int) -> bool:
        return self.draw(st.integers(0, one_in - 1)) == one_in - 1

    def dated(self, *options: T) -> Any:
        """A plain value, or one that changes at a boundary, or that nobody gave for some of the time."""
        if not self.seldom(3):
            return self.one(*options)
        until, since = sorted((self.one(*self.boundaries), self.one(*self.boundaries)))
        rows = [{"until": until, "value": self.one(*options)}, {"from": since, "value": self.one(*options)}]
        return rows[self.one(0, 1) :][:1] if self.seldom(4) else rows

    def stretch(self) -> Json:
        """from and until of a contract, either may be open."""
        row: Json = {}
        bounds = sorted({self.one(*self.boundaries), self.one(*self.boundaries)})
        if self.seldom(3):
            row["from"] = bounds[0]
        if self.seldom(3) and (len(bounds) == 2 or "from" not in row):
            row["until"] = bounds[-1]
        return row


class Parties(Dating):
    """Draws the rows of parties.yaml."""

    def contract(self, number: int) -> Json:
        kind = self.one("R7051", "R7053")
        row: Json = {"id": f"c{number}", "kind": kind, **self.stretch()}
        row["as"] = "THIRD_PARTY" if kind == "R7053" else self.one("SERVICE_PROVIDER", "CONTRACTOR")
        names = st.sampled_from(("promote", "follow", "earn", "mixed", "moving", "BP6_ADS_NON_CROSS"))
        row["purposes"] = self.draw(st.lists(names, max_size=3, unique=True))
        row["purposes"] += self.one(["serve"], ["BP5_SERVICES"], ["serve", "BP6_ADS_NON_CROSS"])
        if row["as"] == "CONTRACTOR":
            row["certified"] = self.dated(True, True, False)
        return row

    def recipient(self, name: str) -> Json:
        row: Json = {"category": self.dated(*CATEGORIES)}
        row["contracts"] = [self.contract(n) for n in range(self.one(0, 1, 1, 2, 2))]
        if name == "sister":
            row |= {"control": self.dated(True, True, False), "common_brand": self.dated(True, True, False)}
        if name == "agency":
            row["customer"] = "county"
        return row

    def customer(self) -> Json:
        """Whose data we process: who sets its purposes, and what we are told to do with it."""
        row: Json = {"kind": "government"} if self.seldom(2) else {}
        if self.seldom(3):
            row["roles"] = [{**self.stretch(), "we_set_purposes": self.one(True, True, False)}]
        row["instructions"] = [self.instruction(f"i{n}") for n in range(self.one(0, 1, 2, 2))]
        return row

    def instruction(self, id: str) -> Json:
        names = st.sampled_from(("promote", "earn", "mixed", "moving", "BP5_SERVICES"))
        chosen = self.draw(st.lists(names, max_size=3, unique=True))
        recipients = self.draw(st.lists(st.sampled_from(RECIPIENTS), max_size=4, unique=True))
        return {"id": id, **self.stretch(), "purposes": ["serve", *chosen], "recipients": recipients}

    def rows(self) -> Json:
        return {
            "sources": {
                "person": {"category": "SRC_CONSUMER_DIRECT"},
                "list_vendor": {"category": self.dated("SRC_DATA_BROKER", "SRC_BUSINESS_PARTNER")},
            },
            "recipients": {name: self.recipient(name) for name in RECIPIENTS},
            "customers": {name: self.customer() for name in CUSTOMERS},
        }
