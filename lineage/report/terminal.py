"""How does a person read an answer in a terminal? The same document, in words and tables."""

from io import StringIO
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lineage.report.denials import ground
from lineage.report.refusal import Reason
from lineage.report.release import why_not

WIDTH = 110  # columns: what fits beside an editor, and pipes get the same page as terminals

_GAPS = {
    "NO_MATCH": "nothing is known under this name",
    "ERASED": "earlier records were erased",
    "PARKED": "a record that may be this person's could not be read",
    "LAG": "the log is not read up to the day of receipt",
    "SEQUENCE": "numbered events are missing",
    "SILENT": "the producer did not report for all of the period",
    "UNPUBLISHED_SYSTEM": "this system does not tell what it does",
    "UNKNOWN_WORD": "an event uses a word that the policy does not know",
    "LINK_UNSURE": "another name may belong to this person",
    "HOLDING_UNKNOWN": "a sharing of whole groups may have included this person",
}

_KINDS = {
    "SALE": "sold",
    "SHARE": "shared for advertising",
    "BP_SERVICE_PROVIDER": "service provider",
    "BP_CONTRACTOR": "contractor",
    "BP_THIRD_PARTY": "third party, without sale",
    "LEGAL_OR_GOV": "legal process or government",
    "CONSUMER_DIRECTED": "at the person's direction",
    "MERGER": "merger or acquisition",
}


def page(document: dict[str, Any], *, colour: bool = False) -> str:
    """The whole answer as text of 110 columns, with colours only when asked."""
    out = StringIO()
    console = Console(file=out, width=WIDTH, force_terminal=colour, no_color=not colour, highlight=False)
    window = document["window"]
    console.print(Text("What we know of one person's data", style="bold"))
    if document["subject"]["token"] is not None:  # the person's copy has none
        console.print(f"Subject {document['subject']['token']}")
    console.print(
        f"Period  {_minute(window['from'])} to {_minute(window['to'])} UTC"
        f" ({window['basis'].replace('_', ' ')}, {window['time_zone']})"
    )
    for why in why_not(document):
        console.print(Text(f"Not for release: {why[0].lower()}{why[1:]}", style="yellow"))
    _refusal(console, window["refusal"])
    console.print()
    _coverage(console, document["coverage"])
    _table(
        console,
        "Collected",
        document,
        "collected",
        ["Category", "Kinds of data", "First", "Last", "Times", "Still held"],
        [
            [
                _category(line),
                ", ".join(line["elements"]),
                _day(line["first"]),
                _day(line["last"]),
                str(line["occurrences"]),
                line["held"].lower(),
            ]
            for line in document["collected"]
        ],
    )
    _table(
        console, "From", document, "sources", ["Source"], [[line["wording"]] for line in document["sources"]]
    )
    _table(
        console,
        "Why",
        document,
        "purposes",
        ["Purpose", "For"],
        [[line["wording"] or line["purpose"], ", ".join(line["for"])] for line in document["purposes"]],
    )
    for block, title in (
        ("sold_or_shared", "Sold or shared"),
        ("disclosed", "Disclosed for a business purpose"),
    ):
        _table(
            console,
            title,
            document,
            block,
            ["Category", "To", "As", "First", "Last", "Times", ""],
            [
                [
                    _category(pair),
                    pair["recipient_wording"],
                    ", ".join(_KINDS[kind] for kind in pair["kinds"]),
                    _day(pair["first"]),
                    _day(pair["last"]),
                    str(pair["occurrences"]),
                    "to review" if pair["unreviewed"] else "",
                ]
                for pair in document[block]["pairs"]
            ],
        )
    _table(
        console,
        "Third parties",
        document,
        "third_parties",
        ["Third party", "As"],
        [
            [line["wording"], ", ".join(_KINDS[kind] for kind in line["kinds"])]
            for line in document["third_parties"]
        ],
    )
    _table(
        console,
        "Pieces that would be shown, or only named",
        document,
        "pieces",
        ["Kind of data", "In a copy"],
        [
            [piece["element"], "shown" if piece["show"] else f"named only: {piece['statement']}"]
            for piece in document["pieces"]["items"]
        ],
    )
    console.print(f"Answer {document['answer_digest']}")
    console.print(f"Report {document['digest']}, as of {document['as_of']}")
    return out.getvalue()


def _refusal(console: Console, refusal: dict[str, Any] | None) -> None:
    if refusal is not None:
        code = Reason(refusal["reason"]).denial
        console.print(Text(f"{ground(code).statement} {refusal['facts']}"))


def _coverage(console: Console, coverage: dict[str, Any]) -> None:
    if coverage["complete"]:
        console.print(Text("Our records are complete for this period.", style="green"))
    else:
        console.print(Text("Our records may not be complete for this period:", style="red"))
        for gap in coverage["gaps"]:
            where = ", ".join(each for each in (gap["producer"], gap["system"]) if each)
            when = (
                f" from {_minute(gap['from'])} to {_minute(gap['to'])}" if gap["from"] and gap["to"] else ""
            )
            console.print(Text(f"  {_GAPS[gap['reason']]}{f' ({where})' if where else ''}{when}"))
    console.print()


def _table(
    console: Console, title: str, document: dict[str, Any], block: str, head: list[str], rows: list[list[str]]
) -> None:
    console.print(Text(title, style="bold"))
    if rows:
        table = Table(*head, box=None, pad_edge=False, header_style="dim")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        console.print(table)
    else:
        console.print(_nothing(document, block))
    console.print()


def _nothing(document: dict[str, Any], block: str) -> str:
    """What an empty list says: a negative only when the records are complete."""
    said = [each["statement"] for each in document["statements"] if each["block"] == block]
    return " ".join(said) if said else "No line."


def _category(line: dict[str, Any]) -> str:
    sensitive = f" ({len(line['sensitive'])} sensitive)" if line["sensitive"] else ""
    return f"{line['statutory_name']}{sensitive}"


def _day(instant: str) -> str:
    return instant[:10]


def _minute(instant: str) -> str:
    return instant[:16].replace("T", " ")
