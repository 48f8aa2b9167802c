"""What might a business declare? Policies with everything dated that can be, around a handful of instants."""

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from random_parties import BOUNDARIES, PRODUCERS, SYSTEMS, ZONES, Dating, Json, Parties


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


class Declarer(Dating):
    def __init__(self, draw: st.DrawFn, tidy: bool) -> None:
        few = st.lists(st.sampled_from(BOUNDARIES), min_size=1, max_size=3, unique=True)
        super().__init__(draw, tuple(draw(few)))
        self.tidy = tidy
        self.incarnations = tuple(f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))

    def system(self, name: str) -> Json:
        publishes: list[Json] = [{"publishes": True}, {"attested_free": {"who": "dpo", "when": "2026-01-01"}}]
        row = dict(self.one(publishes[0], *(publishes if self.tidy else [*publishes, {}])))
        if self.seldom(3):
            row["holdings_known"] = {"who": "dpo", "when": "2026-01-01"}
        if name == "lake" and self.seldom(2):
            row["no_search"] = {"record_types": "archived tapes"}
        return row

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
                "is_ccpa_business": not self.seldom(12),
                "california_only": self.seldom(2),
                "systems": {name: self.system(name) for name in SYSTEMS},
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
            parties=Parties(self.draw, self.boundaries).rows(),
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
