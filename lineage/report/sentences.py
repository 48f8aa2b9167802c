"""The fixed sentences of an answer: the same words for everybody, so that their presence tells nothing."""

FORBIDDEN_TO_DESCRIBE = (
    "Some laws forbid us to describe certain disclosures, or even to say whether there were any; "
    "this answer does not speak of those."
)

NEGATIVE = {
    "sold_or_shared": "Our records show no sale and no sharing of your personal information in this period.",
    "disclosed": (
        "Our records show no disclosure of your personal information for a business purpose in this period."
    ),
    "third_parties": (
        "Our records show no third party to whom your personal information was disclosed in this period."
    ),
    "collected": "Our records show no personal information collected about you in this period.",
    "sources": "Our records show no source of personal information about you in this period.",
    "purposes": "Our records show no purpose of collecting, using, selling or sharing in this period.",
    "pieces": "Our records show no personal information that was collected in this period and is still held.",
}

INCOMPLETE = "Our records may not be complete for this period, so this list may lack something."

RECORDS_START = "Our records start on {day}."

OLDER_DATA = (
    "We hold personal information that was collected before this period. "
    "You may ask for it too, back to 1 January 2022."
)

NOT_A_BUSINESS = (
    "We are not a business in the meaning of the California Consumer Privacy Act; "
    "this answer is given of our own accord."
)

NO_CASE = "Made without a verified request: not for release."

UNVERIFIED = (
    "The identity of the requester has not been verified; what we do in general is in our privacy policy."
)


NOT_SEARCHED = (
    "We did not search these records: {record_types}. They are not kept in a searchable form, are kept for "
    "legal or compliance purposes alone, and are neither sold nor used for commercial purposes."
)


def negative(block: str) -> str:
    """What a complete record says of an empty list."""
    return f"{NEGATIVE[block]} {FORBIDDEN_TO_DESCRIBE}"
