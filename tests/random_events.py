"""What might happen to few people's data? One event of any kind, at one of few moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evaluator.times import written
from hypothesis import strategies as st
from random_chances import Chances
from random_parties import CUSTOMERS, PURPOSES, RECIPIENTS, SOURCES, SYSTEMS
from worlds import as_token

Json = dict[str, Any]
NAMESPACES = ("account", "account", "cookie", "email", "device", "phone", "cookie")
TOKENS = tuple(str(as_token(0xA11CE + (n << 90))) for n in range(len(NAMESPACES)))
NAMESPACE = dict(zip(TOKENS, NAMESPACES, strict=True))
ANA, BEN = TOKENS[:2]
THEMES = ("links", "chains", "roles", "orders", "populations", "erasures", "described")
"""What goes beyond one token that tells the truth at once; a world has some of it."""

DATA = ("Collected", "Used", "Shared", "Corrected", "Deleted")
KINDS = (
    *["Shared"] * 5,
    *["Collected"] * 5,
    *["Used"] * 2,
    *["Deleted"] * 2,
    "Corrected",
    "SubjectDescribed",
    "ChoiceMade",
    "RecipientNotified",
)
EXTRA = {
    "orders": ("Shared", "Shared", "HoldPlaced", "HoldPlaced", "HoldPlaced", "HoldLifted"),
    "populations": ("PopulationShared",) * 6,
    "erasures": ("SubjectErased",) * 3,
    "described": ("SubjectDescribed",) * 5,
}
OCCASIONS = (
    *["ORDINARY"] * 7,
    "CONSUMER_DIRECTED",
    "SWITCHING",
    "OPT_OUT_SIGNAL",
    "MERGER",
    "LEGAL_PROCESS",
    "EMERGENCY",
)
EXEMPTIONS = ("HIPAA_PHI", "HOUSEHOLD", "NON_CONSUMER", "FERPA")
MONTHS = ("2022-02", "2025-05", "2025-12", "2026-02", "2028-06")


@dataclass
class Events(Chances):
    """Draws events about ``people`` (tokens), mostly of ``words`` (elements), at ``moments``.

    ``calm``: the moments that are no window's end.
    """

    people: list[str]
    words: list[str]
    everything: list[str]
    moments: list[int]
    calm: list[int]
    themes: frozenset[str]
    made: int = 0

    def at(self) -> int:
        return self.one(self.moments)

    def fresh_id(self) -> str:
        self.made += 1
        return f"019{self.made * 7919 % 9973:05x}-0000-7000-8000-{self.made:012x}"

    def event(self, kind: str | None = None) -> Json:
        kinds = [*KINDS, *(each for theme, more in EXTRA.items() if theme in self.themes for each in more)]
        kind = kind or self.one(kinds)
        made = self.times(kind) | {"event": kind, "event_id": self.fresh_id()}
        if kind != "PopulationShared":
            made |= self.whom()
        made["system"] = self.one(
            [*SYSTEMS, "attic"] if self.seldom() else ["shop", "shop", "shop", "crm", "lake"]
        )
        if self.seldom(4):
            made["count"] = self.one([2, 7])
        own: Json = getattr(self, f"_{kind}")()
        return made | own | (self.role(kind) if "roles" in self.themes else {})

    def whom(self) -> Json:
        subject = self.one([self.people[0], *self.people])
        return {"subject": subject, "namespace": NAMESPACE[subject]}

    def times(self, kind: str) -> Json:
        start = self.one(self.moments[len(self.moments) // 2 :]) if kind == "Deleted" else self.at()
        if kind in (*DATA, "PopulationShared") and self.seldom(3):
            if self.seldom(4):
                return {"occurred_at": written(start), "ongoing": True}
            later = [at for at in self.moments if at > start] or [start + 1]
            return {"occurred_at": written(start), "occurred_until": written(self.one(later))}
        return {"occurred_at": written(start)}

    def role(self, kind: str) -> Json:
        """Somebody else's doing, on somebody's behalf, or outside the law; never two at once."""
        if kind not in (*DATA, "PopulationShared") or not self.seldom(2):
            return {}
        actor: Json = {"actor": self.one(RECIPIENTS)}
        behalf: Json = {"on_behalf_of": "nobody" if self.untidy(20) else self.one(CUSTOMERS)}
        if self.seldom(3):
            behalf["instruction"] = self.one(["i0", "i1"])
        exempt: Json = {"exemption": self.one(EXEMPTIONS)}
        if not self.seldom(3):
            exempt["claim_evidence"] = "doc:7"
        return self.one([actor, behalf] if kind == "PopulationShared" else [actor, behalf, behalf, exempt])

    def elements(self) -> list[str]:
        return ["mystery"] if self.untidy(30) else self.some(self.words)

    def purposes(self) -> list[str]:
        return ["mystery"] if self.untidy(30) else self.some(PURPOSES, self.one([1, 1, 1, 3]))

    def party(self, options: Sequence[str]) -> str:
        return "mystery" if self.untidy(30) else self.one(options)

    def _Collected(self) -> Json:
        purposes = [] if self.untidy(20) else self.purposes()
        return {"elements": self.elements(), "source": self.party(SOURCES), "purposes": purposes}

    def _Used(self) -> Json:
        operation = self.one(["USED", "CONSULTED", "STORED", "COMBINED", "DECIDED", "RESTORED", "STORED"])
        return {"elements": self.elements(), "purposes": self.purposes(), "operation": operation}

    def _Shared(self) -> Json:
        legal = "orders" in self.themes and self.seldom(2)
        occasion = "LEGAL_PROCESS" if legal else self.one(OCCASIONS)
        made = {
            "elements": self.elements(),
            "recipient": self.party(RECIPIENTS),
            "purposes": [] if self.seldom(10) else self.purposes(),
            "consideration": self.one(["NONE", "NONE", "MONEY", "OTHER_VALUE", "UNKNOWN"]),
            "occasion": occasion,
        }
        if occasion == "OPT_OUT_SIGNAL" and self.draw(st.booleans()):
            made["elements"] = self.some(["email_address", "full_name", "membership"])
        if self.seldom(6):
            made["outcome"] = "DENIED"
        if occasion != "ORDINARY" and self.draw(st.booleans()):
            made["claim_evidence"] = "doc:1"
        if legal or (occasion != "ORDINARY" and self.draw(st.booleans())):
            made["legal_document"] = "doc:2"
        if occasion == "ORDINARY" and self.seldom():
            made["claim_evidence"] = "doc:3"
        if legal:
            made |= {
                "recipient": self.one(RECIPIENTS[-2:]),
                "purposes": self.some(["serve", "earn", "mixed"]),
            }
        if legal and not self.seldom(4):
            made["consideration"] = "NONE"
        if legal and self.seldom(3):
            made["undisclosed_until"] = self.until()
        return made

    def _PopulationShared(self) -> Json:
        made = self._Shared() | {"elements": self.some(self.words), "recipient": self.one(RECIPIENTS)}
        # A lake need not be searched, and whose data a population shows there is another question.
        made["system"] = self.one(["shop", "shop", "crm", "attic"])
        return made | {"purposes": [p for p in made["purposes"] if p != "mystery"]}

    def until(self) -> str:
        return "2031-01-01T00:00:00.000000Z" if self.seldom(2) else written(self.at())

    def _HoldPlaced(self) -> Json:
        made = self._HoldLifted()
        if self.seldom(3):
            made["until"] = self.until()
        return made | {"elements": self.some(self.words, least=0) if self.seldom(2) else []}

    def _HoldLifted(self) -> Json:
        kind = self.one(["NONDISCLOSURE"] * 5 + ["LEGAL"])
        return {
            "kind": kind,
            "by": self.one(RECIPIENTS[-2:]),
            "document": self.one(["doc:4", "doc:4", "doc:5"]),
        }

    def _SubjectErased(self) -> Json:
        return {"through": written(self.at()), "mode": self.one(["TOMBSTONE", "VAULT", "VAULT"])}

    def _Corrected(self) -> Json:
        return {"elements": self.elements()}

    def _Deleted(self) -> Json:
        made: Json = {
            "elements": self.some(self.words) if self.seldom(3) else self.everything,
            "reason": self.one(["ROUTINE", "REQUEST", "HOLD_ENDED"]),
        }
        if self.seldom(4):
            made["collected_before"] = written(self.at())
        return made

    def _SubjectDescribed(self) -> Json:
        what: list[Json] = [{"customer": "county"}, {"customer": "city"}, {"kinds": ["USER"]}]
        if "described" in self.themes:
            young = {"age_band": self.one(["UNDER_13", "FROM_13_TO_15"])}
            what += [
                young,
                young | {"band_until": self.one(MONTHS)},
                {"age_band": "SIXTEEN_OR_OVER"},
                {"kinds": self.one([["HOUSEHOLD"], ["USER", "HOUSEHOLD"], ["VISITOR"]])},
                {"residency": self.one(["US-CA", "US-NV"]), "occurred_at": written(self.one(self.calm))},
                {"residency": "US-NV", "occurred_at": written(self.one(self.calm))},
            ]
        return self.one(what)

    def _ChoiceMade(self) -> Json:
        return {"choice": self.one(["OPT_OUT", "LIMIT_SENSITIVE", "OPT_IN", "CONSENT_GIVEN"])}

    def _RecipientNotified(self) -> Json:
        return {
            "recipient": self.party(RECIPIENTS),
            "about": self.one(["DELETION", "DELETION", "OPT_OUT"]),
            "elements": self.some(self.words, least=0) if self.seldom(4) else self.everything,
            "outcome": self.one(["ACKNOWLEDGED", "ACKNOWLEDGED", "SENT", "REFUSED"]),
        }
