"""What might a business declare? Policies with everything dated that can be, around a handful of instants."""

import json
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Declaration:
    """A policy as data; JSON is YAML."""

    business: Json
    vocabulary: Json
    parties: Json
    purposes: Json
    boundaries: tuple[str, ...]
    incarnations: tuple[str, ...]

    @property
    def zone(self) -> str:
        return str(self.business["time_zone"])

    def files(self) -> dict[str, str]:
        return {
            "business.yaml": json.dumps(self.business, indent=1),
            "vocabulary.yaml": json.dumps(self.vocabulary, indent=1),
            "parties.yaml": json.dumps(self.parties, indent=1),
            "purposes.yaml": json.dumps(self.purposes, indent=1),
        }


class Declarer:
    def __init__(self, draw: st.DrawFn, tidy: bool) -> None:
        self.draw = draw
        self.tidy = tidy
        self.boundaries = tuple(
            draw(st.lists(st.sampled_from(BOUNDARIES), min_size=1, max_size=3, unique=True))
        )
        self.incarnations = tuple(f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))

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

    def system(self) -> Json:
        publishes: list[Json] = [{"publishes": True}, {"attested_free": {"who": "dpo", "when": "2026-01-01"}}]
        return self.one(publishes[0], *publishes, *([] if self.tidy else [{}]))

    def producer(self) -> Json:
        row: Json = {"systems": ["shop"], "from": "2020-01-01"}
        if self.tidy:
            return row
        row["from"] = self.one("2020-01-01", "2020-01-01", *self.boundaries)
        if self.seldom(4):
            row["attested"] = [{**self.stretch(), "who": "dpo"}]
        if self.seldom(4):
            row["closed"] = [
                {"incarnation": self.incarnations[0], "last_sequence": self.one(0, 1, 9), "who": "dpo"}
            ]
        return row

    def categories(self) -> Any:
        return self.dated(
            ["PI_A_IDENTIFIERS"], ["PI_D_COMMERCIAL"], ["PI_A_IDENTIFIERS", "PI_K_INFERENCE"], []
        )

    def overridden(self) -> Json:
        """Single keys of shipped elements that the policy changes."""
        changed: Json = {
            "full_name": {"categories": self.categories()},
            "gps_point": {"categories": self.categories(), "sensitive": []},
            "page_view": {"sensitive": ["SPI_RELIGION_PHILOSOPHY"]},
            "ssn": {"withhold": "WH_GOV_ID"},
            "card_pan": {"sensitive_when": {"SPI_HEALTH": {"with": ["membership"]}}},
        }
        chosen = self.draw(st.lists(st.sampled_from(sorted(changed)), max_size=2, unique=True))
        return {id: changed[id] for id in chosen}

    def declaration(self) -> Declaration:
        return Declaration(
            business={
                "name": "A shop",
                "time_zone": self.one(*ZONES),
                "systems": {name: self.system() for name in SYSTEMS},
                "producers": {name: self.producer() for name in PRODUCERS},
            },
            vocabulary={
                "elements": {
                    "loyalty_no": {"categories": self.categories(), "aliases": ["membership"]},
                    "diary": {
                        "categories": ["PI_H_SENSORY", "PI_K_INFERENCE"],
                        "sensitive": ["SPI_UNION"],
                        "sensitive_when": {
                            "SPI_HEALTH": {"with": self.one(["membership"], ["loyalty_no", "page_view"])}
                        },
                    },
                    **self.overridden(),
                }
            },
            parties={
                "sources": {
                    "person": {"category": "SRC_CONSUMER_DIRECT"},
                    "list_vendor": {"category": self.dated("SRC_DATA_BROKER", "SRC_BUSINESS_PARTNER")},
                },
                "recipients": {name: self.recipient(name) for name in RECIPIENTS},
                "customers": {"county": {"kind": "government"}, "city": {}},
            },
            purposes={
                "purposes": {
                    "serve": {"statutory": ["BP5_SERVICES"]},
                    "promote": {"statutory": ["BP6_ADS_NON_CROSS"]},
                    "follow": {"statutory": ["PUR_CROSS_CONTEXT_ADS"]},
                    "earn": {"statutory": ["CP_DATA_MONETISATION"]},
                    "mixed": {"statutory": ["BP2_SECURITY", "CP_MARKETING_OWN"]},
                    "moving": {
                        "statutory": self.dated(
                            ["BP5_SERVICES"], ["CP_MARKETING_OWN"], ["PUR_CROSS_CONTEXT_ADS"]
                        )
                    },
                }
            },
            boundaries=self.boundaries,
            incarnations=self.incarnations,
        )


@st.composite
def declarations(draw: st.DrawFn, *, tidy: bool) -> Declaration:
    """Any policy. ``tidy``: one whose systems all publish and whose producers were always there."""
    return Declarer(draw, tidy).declaration()
