"""What should a form say of one copy of an answer, in one language? What the JSON has, in the law's words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from reading_forms import Read, of_csv, of_html
from reading_text import of_text

from lineage.forms import Form, shaped
from lineage.forms.letter import letter
from lineage.policy.vocabulary import statute
from lineage.report import Audience
from lineage.words import ENGLISH, filled_in, words

Document = dict[str, Any]

PARTS: Final = ("sold_or_shared", "disclosed", "third_parties", "collected", "sources", "purposes", "pieces")
_MONTHS: Final = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"),
}


@dataclass(frozen=True)
class Cell:
    """A place of a table as the JSON has it: its column, its words, and what a spreadsheet gets instead."""

    column: str
    text: str
    notes: tuple[str, ...] = ()
    plain: str | None = None


class Copy:
    """One copy of the gallery's. Each form of it is made and read once."""

    def __init__(self, documents: Mapping[Audience, Document], audience: Audience, language: str) -> None:
        self.document, self.audience, self.language = documents[audience], audience, language
        self.inward = set(_inward(documents[Audience.HANDLER]))
        self._letter = letter(self.document, language)
        self._made: dict[Form, bytes] = {}
        self._read: dict[Form, Read] = {}

    def made(self, form: Form) -> bytes:
        if form not in self._made:
            self._made[form] = shaped(self._letter, form)
        return self._made[form]

    def read(self, form: Form) -> Read:
        if form not in self._read:
            self._read[form] = self._read_back(form)
        return self._read[form]

    def _read_back(self, form: Form) -> Read:
        match form:
            case Form.HTML:
                return of_html(self.made(form))
            case Form.CSV:
                return of_csv(self.made(form), self.say("labels.note"), self.say("labels.behind"))
        return of_text(self.made(form).decode(), self.say("labels.behind"))

    def say(self, key: str, **values: str) -> str:
        return words(self.language)[key].format(**values)

    def heading(self, part: str) -> str:
        return self.say(f"blocks.{part}.heading")

    def name(self, group: str, id: str, original: str) -> str:
        """English names are those of the answer."""
        return original if self.language == ENGLISH else words(self.language).get(f"{group}.{id}", original)

    def sentence(self, original: str, *keys: str) -> str:
        """A sentence of the answer, by the first of these keys whose sentence it is; else as it is."""
        for key in keys:
            if key in words() and (values := filled_in(key, original)) is not None:
                return self.say(key, **values)
        return original

    def statement(self, statement: Document) -> str:
        code, original = statement["code"], statement["statement"]
        if code == "NONE" and self.language != ENGLISH:
            return " ".join((self.negative(statement["block"]), self.say("statements.FORBIDDEN_TO_DESCRIBE")))
        key = "denials.DN_SP_ROLE" if code == "FOR_CUSTOMERS" else f"statements.{code}"
        return self.sentence(original, key)

    def negative(self, part: str) -> str:
        return self.say(f"statements.NONE.{part}")

    def denial(self, denial: Document) -> str:
        others = ("PIECES_UNVERIFIED", "DN_DEL_EX")
        keys = [f"denials.{code}" for code in (denial["code"], *others)]
        return f"{self.sentence(denial['statement'], *keys)} ({denial['basis']})"

    def lines(self, part: str) -> list[Document]:
        found = self.document[part]
        if isinstance(found, dict):
            return found["pairs"] if "pairs" in found else found["items"]
        return found

    def cells(self, part: str, line: Document) -> Iterator[Cell]:
        """One line of the JSON in the words of the law."""
        if "statutory_name" in line:
            sensitive = [
                self.name("sensitive", each["id"], each["statutory_name"]) for each in line["sensitive"]
            ]
            notes = [self.say("cells.sensitive", names="; ".join(sensitive))] if sensitive else []
            if "recipient_category" in line:
                notes.insert(0, "; ".join(map(self.element, line["elements"])))
            named = self.name("categories", line["category"], line["statutory_name"])
            yield Cell("category", named, tuple(notes))
        match part:
            case "third_parties":
                yield Cell("third_party", self.name("recipients", line["category"], line["wording"]))
                yield Cell("kinds", self.kinds(line))
            case "sources":
                yield Cell("source", self.name("sources", line["category"], line["wording"]))
            case "purposes":
                statutory = [
                    self.name("purposes", each, statute().purposes[each].wording)
                    for each in line["statutory"]
                ]
                own = self.name("purposes", line["purpose"], line["wording"]) if line["wording"] else None
                first, *notes = [own, *statutory] if own else statutory
                yield Cell("purpose", first, tuple(note for note in notes if note != first))
                yield Cell("for", "; ".join(self.say(f"for.{each}") for each in line["for"]))
            case "pieces":
                held_in = tuple(f"{self.say('handler.held_in')}: {each}" for each in line["held_in"])
                yield Cell("element", self.element(line["element"]), held_in)
                yield Cell("in_copy", self.shown(line))
            case "collected":
                yield Cell("elements", "; ".join(map(self.element, line["elements"])))
            case _:
                whom = self.name("recipients", line["recipient_category"], line["recipient_wording"])
                yield Cell("recipient", whom)
                yield Cell(
                    "kinds", self.kinds(line), (self.say("cells.unreviewed"),) if line["unreviewed"] else ()
                )
        if "first" in line:
            for end in ("first", "last"):
                yield self.day(end, line[end])
            yield Cell("times", f"{line['occurrences']:,}", plain=str(line["occurrences"]))
        if "held" in line:
            yield Cell("held", self.say(f"held.{line['held']}"))

    def day(self, column: str, instant: str) -> Cell:
        day = datetime.fromisoformat(instant).astimezone(ZoneInfo(self.document["window"]["time_zone"]))
        month = _MONTHS[self.language][day.month - 1]
        told = (
            f"{month} {day.day}, {day.year}" if self.language == ENGLISH else f"{day.day} {month} {day.year}"
        )
        return Cell(column, told, plain=f"{day:%F}")

    def shown(self, piece: Document) -> str:
        if piece["show"]:
            return self.say("cells.shown")
        statement = self.name("withhold", piece["withheld"], piece["statement"])
        return self.say("cells.named_only", statement=statement)

    def kinds(self, line: Document) -> str:
        return "; ".join(self.say(f"kinds.{kind}") for kind in line["kinds"])

    def element(self, id: str) -> str:
        known = statute().elements.get(id)
        return self.name("elements", id, known.wording if known and known.wording else id.replace("_", " "))

    def told(self) -> Iterator[tuple[str, list[list[Cell]], list[str]]]:
        """The parts that have an answer: heading, lines, and what is said below."""
        for part in PARTS:
            rows = [list(self.cells(part, line)) for line in self.lines(part)]
            if rows or self.document["block_status"][part] == "answered":
                yield self.heading(part), rows, list(self.said(part))

    def said(self, part: str) -> Iterator[str]:
        yield from (self.denial(each) for each in self.document["denials"] if each["block"] == part)
        for each in self.document["statements"]:
            if each["block"] == part:
                if each["code"] == "COVERAGE_INCOMPLETE" and not self.lines(part):
                    yield self.say("cells.no_line")
                yield self.statement(each)
        if part == "pieces" and self.document["pieces"]["attachment"]:
            yield self.say("cells.attachment", digest=self.document["pieces"]["attachment"]["digest"])


def _inward(document: Document) -> Iterator[str]:
    """What only the handler may read."""
    yield document["subject"]["token"]
    yield from document["subject"]["linked"]
    yield from (each["event_id"] for each in document["for_review"])
    for gap in document["coverage"]["gaps"]:
        yield from (gap[whose] for whose in ("system", "producer") if gap[whose])
    for each in document["pieces"]["items"]:
        yield from each["held_in"]
