"""What is refused in a policy, and does the message lead to the place?"""

import re
from pathlib import Path

import pytest

from lineage.errors import Refused
from lineage.policy import PolicyError, load, parse

BUSINESS = "name: A Business\nsystems:\n  web: {publishes: true}\n"


def problems_of(**files: str) -> list[str]:
    """The lines of the error that these files raise; ``business`` stands for ``business.yaml``."""
    texts = {"business.yaml": BUSINESS} | {f"{name}.yaml": text for name, text in files.items()}
    with pytest.raises(PolicyError) as caught:
        parse(texts)
    return str(caught.value).splitlines()


REFUSED = {
    "words that command a terminal": (
        "purposes",
        'purposes:\n  sell:\n    wording: "to sell\\e[2J"\n',
        3,
        "purposes.sell.wording",
        "control character",
    ),
    "a key that commands a terminal": (
        "business",
        'name: X\n"\\x9b2J": 1\n',
        2,
        "(top)",
        "control character",
    ),
    "half of a character": ("business", 'name: "\\ud800"\n', 1, "name", "control character"),
    "an unknown top-level key": ("business", "name: X\nnames: Y\n", 2, "names", "did you mean 'name'"),
    "an unknown key in a row": (
        "business",
        "name: X\nsystems:\n  web:\n    publish: true\n",
        4,
        "systems.web.publish",
        "did you mean 'publishes'",
    ),
    "a missing name": ("business", "time_zone: America/Los_Angeles\n", 1, "name", "missing"),
    "an unknown time zone": ("business", "name: X\ntime_zone: Mars/Base\n", 2, "time_zone", "IANA"),
    "a flag that is no flag": ("business", "name: X\ncalifornia_only: maybe\n", 2, "california_only", "true"),
    "an attestation of nobody": (
        "business",
        "name: X\nsystems:\n  old:\n    attested_free: true\n",
        4,
        "systems.old.attested_free",
        "who attests",
    ),
    "an attestation without a day": (
        "business",
        "name: X\nsystems:\n  old:\n    attested_free: {who: us}\n",
        4,
        "systems.old.attested_free.when",
        "missing",
    ),
    "an unsearched system of nameless records": (
        "business",
        "name: X\nsystems:\n  old: {no_search: true}\n",
        3,
        "systems.old.no_search",
        "types of records",
    ),
    "an unsearched system that fails a test": (
        "business",
        "name: X\nsystems:\n  old:\n    no_search:\n      record_types: tapes\n      not_sold: false\n",
        6,
        "systems.old.no_search.not_sold",
        "all four tests",
    ),
    "a producer of an unknown system": (
        "business",
        "name: X\nproducers:\n  p:\n    systems: [nowhere]\n",
        4,
        "producers.p.systems",
        "'nowhere'",
    ),
    "a dead incarnation without its id": (
        "business",
        "name: X\nproducers:\n  p:\n    closed:\n      - {incarnation: x, last_sequence: 3, who: us}\n",
        5,
        "producers.p.closed[0].incarnation",
        "UUID",
    ),
    "an unnamed attestation of time": (
        "business",
        "name: X\nproducers:\n  p:\n    attested:\n      - {from: 2025-01-01}\n",
        5,
        "producers.p.attested[0].who",
        "missing",
    ),
    "an unknown category": (
        "vocabulary",
        "elements:\n  shoe_size:\n    categories: [PI_Z_SHOES]\n",
        3,
        "elements.shoe_size.categories",
        "PI_A_IDENTIFIERS",
    ),
    "the derived category": (
        "vocabulary",
        "elements:\n  shoe_size: {categories: [PI_L_SENSITIVE]}\n",
        2,
        "elements.shoe_size.categories",
        "derived",
    ),
    "an unknown sensitive category": (
        "vocabulary",
        "elements:\n  faith: {sensitive: [SPI_RELIGION]}\n",
        2,
        "elements.faith.sensitive",
        "SPI_RELIGION_PHILOSOPHY",
    ),
    "an unknown code of withholding": (
        "vocabulary",
        "elements:\n  ssn: {withhold: SHOW}\n",
        2,
        "elements.ssn.withhold",
        "WH_SSN",
    ),
    "a companion element that nobody declares": (
        "vocabulary",
        "elements:\n  pin:\n    sensitive_when: {SPI_ACCOUNT_ACCESS: {with: [pinn]}}\n",
        3,
        "elements.pin.sensitive_when",
        "'pinn'",
    ),
    "an alias that is an element": (
        "vocabulary",
        "elements:\n  mail:\n    aliases: [email_address]\n",
        3,
        "elements.mail.aliases",
        "already names",
    ),
    "an unknown category of source": (
        "parties",
        "sources:\n  S: {category: SRC_MOON}\n",
        2,
        "sources.S.category",
        "SRC_",
    ),
    "an unknown category of recipient": (
        "parties",
        "recipients:\n  R: {category: RCP_PAYMENTS}\n",
        2,
        "recipients.R.category",
        "did you mean 'RCP_PAYMENT'",
    ),
    "an unknown kind of contract": (
        "parties",
        "recipients:\n  R:\n    contracts:\n      - {kind: R9999}\n",
        4,
        "recipients.R.contracts[0].kind",
        "R7051, R7053",
    ),
    "a contract for an unknown purpose": (
        "parties",
        "recipients:\n  R:\n    contracts:\n      - {kind: R7051, purposes: [\n          PT_NOTHING]}\n",
        5,
        "recipients.R.contracts[0].purposes[0]",
        "'PT_NOTHING'",
    ),
    "a contract that ends before it begins": (
        "parties",
        "recipients:\n  R:\n    contracts:\n      - {kind: R7051, from: 2025-01-02, until: 2025-01-02}\n",
        4,
        "recipients.R.contracts[0].until",
        "first instant outside",
    ),
    "an instant without zone": (
        "parties",
        "recipients:\n  R:\n    contracts:\n      - {kind: R7051, from: 2025-01-02T10:00:00}\n",
        4,
        "recipients.R.contracts[0].from",
        "zone",
    ),
    "a day that no calendar has": (
        "notices",
        "notices:\n  - {version: '1', effective: 2025-02-30}\n",
        2,
        "notices[0].effective",
        "no day",
    ),
    "two values at one time": (
        "parties",
        "recipients:\n  R:\n    control:\n      - {until: 2025-02-01, value: true}\n"
        "      - {from: 2025-01-31, value: false}\n",
        3,
        "recipients.R.control",
        "two values",
    ),
    "a dated row without value": (
        "purposes",
        "purposes:\n  P:\n    statutory:\n      - {from: 2025-01-01}\n",
        4,
        "purposes.P.statutory[0].value",
        "missing",
    ),
    "an unknown statutory purpose": (
        "purposes",
        "purposes:\n  P: {statutory: [BP9_ANYTHING]}\n",
        2,
        "purposes.P.statutory",
        "'BP9_ANYTHING'",
    ),
    "cross-context advertising under a milder meaning": (
        "purposes",
        "purposes:\n  PUR_CROSS_CONTEXT_ADS: {statutory: [BP5_SERVICES]}\n",
        2,
        "purposes.PUR_CROSS_CONTEXT_ADS.statutory",
        "mapped to itself",
    ),
    "an unknown event": (
        "activities",
        "activities:\n  a: {event: Sold}\n",
        2,
        "activities.a.event",
        "Shared",
    ),
    "a field that the event does not have": (
        "activities",
        "activities:\n  a:\n    event: Collected\n    recipient: R\n",
        4,
        "activities.a.recipient",
        "is not a key here",
    ),
    "an activity with an unknown element": (
        "activities",
        "activities:\n  a:\n    event: Used\n    elements: [email]\n",
        4,
        "activities.a.elements[0]",
        "'email'",
    ),
    "an activity with an unknown recipient": (
        "activities",
        "activities:\n  a: {event: Shared, recipient: R_NOBODY}\n",
        2,
        "activities.a.recipient",
        "'R_NOBODY'",
    ),
    "an activity by the name of the change of secrets": (
        "activities",
        "activities:\n  subject_secret_rotation: {event: SubjectsLinked}\n",
        2,
        "activities.subject_secret_rotation",
        "another name",
    ),
    "an activity in an unknown system": (
        "activities",
        "activities:\n  a: {event: Used, system: nowhere}\n",
        2,
        "activities.a.system",
        "'nowhere'",
    ),
    "an activity for an unknown purpose": (
        "activities",
        "activities:\n  a: {event: Used, purposes: [P_NONE]}\n",
        2,
        "activities.a.purposes[0]",
        "'P_NONE'",
    ),
    "an unknown rollup": (
        "activities",
        "activities:\n  a: {event: Used, rollup: hour}\n",
        2,
        "activities.a.rollup",
        "none, day",
    ),
    "a retention without days": (
        "retention",
        "rules:\n  r: {elements: [ssn]}\n",
        2,
        "rules.r.days",
        "missing",
    ),
    "an archive without days": ("retention", "archive: {}\n", 1, "archive.days", "missing"),
    "an archive that forgets what an answer stood on": (
        "retention",
        "archive:\n  days: 730\n",
        2,
        "archive.days",
        "needs 731 days or more: how a request was answered is kept for 24 months",
    ),
    "an archive that forgets an accounting": (
        "retention",
        "archive:\n  days: 731\n  regimes:\n    HIPAA: 2191\n",
        4,
        "archive.regimes.HIPAA",
        "needs 2192 days or more: an accounting of disclosures covers six years",
    ),
    "an archive that forgets education records": (
        "retention",
        "archive: {days: 731, regimes: {FERPA: 99999}}\n",
        1,
        "archive.regimes.FERPA",
        "for good",
    ),
    "a regime that looks personal": (
        "retention",
        "archive: {days: 731, regimes: {ana@example.com: 9}}\n",
        1,
        "archive.regimes",
        "characters that ids do not have",
    ),
    "an archive that counts in months": (
        "retention",
        "archive: {months: 36}\n",
        1,
        "archive.months",
        "is not a key here",
    ),
    "a list where a mapping belongs": ("purposes", "purposes:\n  - P\n", 1, "purposes", "mapping of ids"),
    "a mapping where a list belongs": ("promises", "promises:\n  p: {}\n", 1, "promises", "list of rows"),
    "a file that is a list": ("promises", "- id: x\n", 1, "(top)", "mapping"),
    "a key given twice": (
        "purposes",
        "purposes:\n  P: {wording: a}\n  P: {wording: b}\n",
        3,
        "purposes.P",
        "given twice (first in line 2)",
    ),
    "text that is no YAML": ("purposes", "purposes:\n  P: {wording: [\n", 3, "(yaml)", ""),
    "two documents": ("purposes", "purposes: {}\n---\npurposes: {}\n", 2, "(yaml)", ""),
    "a control character": ("purposes", "purposes:\n  P: {wording: '\x00'}\n", 1, "(yaml)", "UTF-8"),
    "a tag": (
        "promises",
        "promises:\n  - {id: !!python/object/apply:os.system [ls]}\n",
        2,
        "promises[0].id",
        "has a tag",
    ),
    "an anchor that contains itself": ("business", "name: X\ncontacts: &a [*a]\n", 2, "(yaml)", "itself"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_told_with_file_line_and_key(name: str) -> None:
    file, text, line, key, hint = REFUSED[name]
    told = problems_of(**{file: text})
    place = f"{file}.yaml:{line}: {key}: "
    assert any(each.startswith(place) and hint in each for each in told), told


def test_problems_of_several_files_are_told_together_in_order() -> None:
    told = problems_of(
        purposes="purposes:\n  P: {statutory: [X]}\n  Q: {limit: [LM9]}\n",
        activities="activities:\n  a: {event: Used, purposes: [R]}\n",
    )
    assert [each.split(": ")[0] for each in told] == [
        "activities.yaml:2",
        "purposes.yaml:2",
        "purposes.yaml:3",
    ]


def test_a_missing_business_file_is_refused() -> None:
    with pytest.raises(PolicyError, match=r"business\.yaml:1: \(file\): is missing"):
        parse({"purposes.yaml": ""})


def test_a_misspelt_file_is_refused_rather_than_taken_for_empty() -> None:
    assert any(each.startswith("party.yaml:1: (file)") for each in problems_of(party="sources: {}\n"))


def test_a_message_never_shows_a_value_that_may_be_personal() -> None:
    told = "\n".join(
        problems_of(
            business="name: X\ncalifornia_only: ana@example.com\n",
            activities="activities:\n  a: {event: Used, system: Ana Example, elements: ['4155550100']}\n",
        )
    )
    assert not re.search("ana|4155550100", told, re.IGNORECASE)


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    lines = ["name: X", "contacts:", "  a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for depth in range(1, 9):
        lines.append(f"  a{depth}: &a{depth} [{', '.join([f'*a{depth - 1}'] * 10)}]")
    assert "too large" in problems_of(business="\n".join(lines))[0]


def test_policy_errors_are_refusals() -> None:
    assert issubclass(PolicyError, Refused)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="no such folder"):
        load(tmp_path / "nowhere")


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "business.yaml").write_bytes(b"name: \xff\xfe\n")
    with pytest.raises(PolicyError, match=r"business\.yaml:1: \(file\): is not UTF-8"):
        load(tmp_path)


def test_a_folder_and_its_texts_are_the_same_policy(tmp_path: Path) -> None:
    (tmp_path / "business.yaml").write_bytes(b"\xef\xbb\xbfname: X\r\ntime_zone: UTC\r\n")
    (tmp_path / "README.md").write_text("not a part of it")
    (tmp_path / ".draft.yaml").write_text("not: one")
    loaded = load(tmp_path)
    again = parse(loaded.files)
    assert list(loaded.files) == ["business.yaml"]
    assert loaded == again
    assert loaded.digest == again.digest


def test_a_sparse_policy_is_a_policy() -> None:
    policy = parse(
        {
            "business.yaml": "name: 42\nsystems:\n  web:\nproducers:\n  p:\ncalendars:\n",
            "vocabulary.yaml": "# nothing yet\n",
            "parties.yaml": "sources:\n  S:\nrecipients:\n  R: {contracts: [{kind: R7051}]}\n",
            "purposes.yaml": "purposes:\n  P:\n",
            "activities.yaml": "activities:\n  a: {event: Used}\n",
            "notices.yaml": "notices: []\n",
            "promises.yaml": "",
        }
    )
    assert policy.business.name == "42"
    assert policy.parties.recipients["R"].name == "R"
    assert policy.purposes["P"].wording == "P"
    assert any("recipients.R" in each for each in policy.warnings)


def test_norway_is_a_country_and_one_word_is_a_list() -> None:
    policy = parse(
        {
            "business.yaml": "name: X\nsystems:\n  web: {country: NO}\n",
            "purposes.yaml": "purposes:\n  P: {statutory: BP5_SERVICES}\n",
        }
    )
    assert policy.business.systems["web"].country == "NO"
    assert policy.purposes["P"].statutory.values() == (("BP5_SERVICES",),)


def test_shared_rows_and_merged_rows_are_understood() -> None:
    policy = parse(
        {
            "business.yaml": "name: X\n",
            "parties.yaml": "recipients:\n  R: &r {country: US, name: A}\n  Q: {<<: *r, name: B}\n  T: *r\n",
        }
    )
    read = policy.parties.recipients
    assert [(read[id].name, read[id].country) for id in "RQT"] == [
        ("A", "US"),
        ("B", "US"),
        ("A", "US"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"business.yaml": "name: X\n"}, {"business.yaml": "name: X\n", "promises.yaml": ""}),
        ({"business.yaml": "name: X\n"}, {"business.yaml": "name: X\n\n"}),
        (
            {"business.yaml": "name: X\n", "notices.yaml": "#\n", "promises.yaml": ""},
            {"business.yaml": "name: X\n", "notices.yaml": "", "promises.yaml": "#\n"},
        ),
    ],
)
def test_no_two_folders_share_a_digest(one: dict[str, str], other: dict[str, str]) -> None:
    assert parse(one).digest != parse(other).digest
    assert parse(one) != parse(other)


def test_the_archive_keeps_a_regimes_facts_as_long_as_its_law_asks_unless_the_policy_says_longer() -> None:
    said = parse(
        {
            "business.yaml": "name: X\n",
            "retention.yaml": "archive: {days: 731, regimes: {GLBA: 9, CJIS: 900}}",
        }
    )
    assert said.archive is not None
    assert said.archive.days == 731
    assert said.archive.regimes == {
        "CCPA": 731,
        "HIPAA": 2192,
        "FERPA": None,
        "CJIS": 900,
        "GDPR": 0,
        "GLBA": 9,
    }
    assert parse({"business.yaml": "name: X\n"}).archive is None
