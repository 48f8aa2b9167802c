"""Does a draft from fideslang say what the manifests say, and nothing that nobody has decided?"""

import json
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from fideslang import DEFAULT_TAXONOMY
from hypothesis import given
from hypothesis import strategies as st
from looking import worlds_looked_at

from lineage.cli import main
from lineage.fides.counterparts import counterparts
from lineage.fides.drafting import Draft, as_id, draft
from lineage.fides.manifests import read
from lineage.fides.tagged import tagged
from lineage.fides.written import texts
from lineage.policy import Policy, PolicyError, parse, statute
from lineage.policy.scalars import TO_CHOOSE

Json = dict[str, Any]
CATEGORIES = sorted(each.fides_key for each in DEFAULT_TAXONOMY.data_category)
USES = sorted(each.fides_key for each in DEFAULT_TAXONOMY.data_use)
UNDECIDED = "is a draft that nobody has decided"


def drafted(folder: Path, manifest: Json) -> Draft:
    path = folder / f"{uuid.uuid4().hex}.json"
    path.write_text(json.dumps(manifest))
    return draft(tagged(read([path])), counterparts())


def system(key: str = "shop", **said: Any) -> Json:
    return {"fides_key": key, "system_type": "Application", "privacy_declarations": [], **said}


def declared(categories: list[str], use: str = "essential", **said: Any) -> Json:
    return system(privacy_declarations=[{"data_categories": categories, "data_use": use, **said}])


def asked(made: Draft) -> set[tuple[str, str]]:
    return {(each.kind, each.key) for each in made.to_choose}


def problems(files: dict[str, str]) -> list[str]:
    try:
        parse(files)
    except PolicyError as error:
        return str(error).splitlines()
    return []


def decided(files: dict[str, str]) -> Policy:
    """The policy once somebody has chosen something everywhere."""
    words = {
        "categories": ["A"],
        "statutory": ["BP5_SERVICES"],
        "customer_data": True,
        "sources": "SRC_PUBLIC",
        "recipients": "RCP_OTHER_USERS",
    }

    def chosen(value: Any, key: str, top: str) -> Any:
        if isinstance(value, dict):
            return {name: chosen(each, name, top) for name, each in value.items()}
        return words.get(top if key == "category" else key, "something") if value == TO_CHOOSE else value

    trees = {name: yaml.safe_load(text) for name, text in files.items()}
    return parse(
        {
            name: yaml.safe_dump({top: chosen(value, top, top) for top, value in told.items()})
            for name, told in trees.items()
            if told
        }
    )


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["policy", "import-fideslang", *words])


# The table


def test_every_key_of_the_default_taxonomy_has_a_counterpart_or_a_reason_why_not() -> None:
    known = counterparts()

    assert sorted([*known.elements, *known.own, *known.undecided]) == CATEGORIES
    assert sorted([*known.uses, *known.undecided_uses]) == USES
    assert set(known.elements.values()) <= set(statute().elements)


def test_the_default_taxonomy_becomes_a_policy_in_which_each_key_has_its_meaning(tmp_path: Path) -> None:
    made = drafted(tmp_path, json.loads(DEFAULT_TAXONOMY.model_dump_json(exclude_none=True)))
    files = texts(made, statute())

    assert asked(made) == {
        *(("DATA_CATEGORY", key) for key in counterparts().undecided),
        *(("DATA_USE", key) for key in counterparts().undecided_uses),
        ("NAME", "name"),
    }
    assert {each.kind for each in made.leftovers} == {"DATA_SUBJECT"}
    assert all(UNDECIDED in line for line in problems(files))
    policy = decided(files)
    for key in CATEGORIES:
        element = policy.vocabulary.element(key)
        assert element is not None
        assert element.categories.values()
    for key in USES:
        assert policy.purposes[key].statutory.values()
        assert policy.purposes[key].wording != key


@pytest.mark.parametrize(
    ("key", "sensitive", "withheld"),
    [
        ("user.location", "SPI_PRECISE_GEO", None),
        ("user.government_id.national_identification_number", "SPI_GOV_ID", "WH_SSN"),
        ("user.government_id.immigration", "SPI_CITIZENSHIP_IMMIGRATION", "WH_GOV_ID"),
        ("user.authorization.password", "SPI_ACCOUNT_ACCESS", "WH_PASSWORD"),
        ("user.biometric.voice", "SPI_BIOMETRIC_ID", "WH_BIOMETRIC"),
        ("user.content.private", "SPI_COMM_CONTENT", None),
        ("user.demographic.race_ethnicity", "SPI_RACE_ETHNICITY", None),
    ],
)
def test_a_key_that_may_hold_several_things_is_read_as_the_worst(
    tmp_path: Path, key: str, sensitive: str, withheld: str | None
) -> None:
    made = drafted(tmp_path, {"system": [declared([key])]})
    element = decided(texts(made, statute())).vocabulary.element(key)

    assert element is not None
    assert sensitive in {word for words in element.sensitive.values() for word in words}
    assert element.withhold == withheld


@pytest.mark.parametrize("use", ["marketing", "marketing.advertising", "marketing.advertising.third_party"])
def test_a_use_that_may_be_cross_context_advertising_is(tmp_path: Path, use: str) -> None:
    made = drafted(tmp_path, {"system": [declared(["user.device.cookie_id"], use)]})
    [statutory] = decided(texts(made, statute())).purposes[use].statutory.values()

    assert "PUR_CROSS_CONTEXT_ADS" in statutory


def test_no_text_of_fideslang_is_copied(tmp_path: Path) -> None:
    made = drafted(tmp_path, json.loads(DEFAULT_TAXONOMY.model_dump_json(exclude_none=True)))
    ours = "\n".join(texts(made, statute()).values()).casefold()
    theirs = [
        each.description.casefold().rstrip(".")
        for each in (*DEFAULT_TAXONOMY.data_category, *DEFAULT_TAXONOMY.data_use)
        if each.description
    ]

    assert len(theirs) > 100
    assert [text for text in theirs if text in ours] == []


# What manifests say


def test_a_key_that_nobody_knows_has_to_be_chosen_and_its_parent_is_only_a_hint(tmp_path: Path) -> None:
    made = drafted(
        tmp_path, {"system": [declared(["user.contact.email.work", "loyalty.tier<int>"], "raffle")]}
    )
    files = texts(made, statute())

    assert asked(made) >= {
        ("DATA_CATEGORY", "user.contact.email.work"),
        ("DATA_CATEGORY", "loyalty.tier<int>"),
        ("DATA_USE", "raffle"),
    }
    told = yaml.safe_load(files["vocabulary.yaml"])["elements"]
    assert told == {
        "loyalty.tier_int_": {"categories": TO_CHOOSE},
        "user.contact.email.work": {"categories": TO_CHOOSE},
    }
    assert "user.contact.email, above it, is the element email_address" in files["vocabulary.yaml"]
    assert any("elements.user.contact.email.work.categories" in line for line in problems(files))


def test_keys_are_found_wherever_a_manifest_may_tag(tmp_path: Path) -> None:
    dataset = {
        "fides_key": "db",
        "data_categories": ["user.name"],
        "collections": [
            {
                "name": "orders",
                "data_categories": ["user.payment"],
                "fields": [
                    {
                        "name": "deep",
                        "fields": [{"name": "er", "data_categories": ["user.location.precise"]}],
                    },
                    {"name": "why", "data_uses": ["sales"], "data_subjects": ["customer"]},
                ],
            }
        ],
    }
    flows = system(
        egress=[{"fides_key": "db", "type": "dataset", "data_categories": ["user.device.ip_address"]}],
        privacy_declarations=[
            {"data_categories": [], "data_use": "finance", "shared_categories": ["user.unique_id"]}
        ],
    )
    policy = decided(texts(drafted(tmp_path, {"dataset": [dataset], "system": [flows]}), statute()))

    for key, element in {
        "user.name": "full_name",
        "user.payment": "user.payment",
        "user.location.precise": "gps_point",
        "user.device.ip_address": "ip_address",
        "user.unique_id": "user.unique_id",
    }.items():
        found = policy.vocabulary.element(key)
        assert found is not None
        assert found.id == element
    assert set(policy.purposes) == {"sales", "finance"}


def test_who_else_gets_or_gives_data_is_a_party_whose_group_has_to_be_chosen(tmp_path: Path) -> None:
    manifest = {
        "organization": [{"fides_key": "default_organization", "name": "Corner Shop"}],
        "system": [
            {
                **declared(
                    ["user.name"],
                    data_shared_with_third_parties=True,
                    third_parties="couriers,\nadvertisers",
                    retention_period="90 days",
                ),
                "egress": [
                    {"fides_key": "mailer", "type": "system"},
                    {"fides_key": "elsewhere", "type": "system"},
                    {"fides_key": "stock", "type": "system"},
                    {"fides_key": "user", "type": "user"},
                ],
                "ingress": [{"fides_key": "user", "type": "user"}, {"fides_key": "stock", "type": "system"}],
            },
            system(
                "mailer",
                system_type="Third Party",
                legal_name='Mailer "Inc": #1',
                responsibility=["Processor"],
            ),
            system("stock"),
            system("clinic", responsibility=["Processor"]),
            system("school", responsibility=["Processor", "Controller"]),
        ],
    }
    made = drafted(tmp_path, manifest)
    files = texts(made, statute())
    policy = decided(files)

    assert policy.business.name == "Corner Shop"
    assert set(policy.business.systems) == {"shop", "mailer", "stock", "clinic", "school"}
    assert {key for key, each in policy.business.systems.items() if each.customer_data} == {
        "clinic",
        "school",
    }
    assert policy.business.systems["mailer"].operated_by == 'Mailer "Inc": #1'
    assert set(policy.parties.sources) == {"user"}
    assert set(policy.parties.recipients) == {"mailer", "elsewhere", "shop.third_parties"}
    assert not any(each.contracts for each in policy.parties.recipients.values())
    assert "# couriers, advertisers\n" in files["parties.yaml"]
    assert asked(made) == {
        ("INGRESS", "user"),
        ("RECIPIENT", "mailer"),
        ("RECIPIENT", "elsewhere"),
        ("THIRD_PARTIES", "shop.third_parties"),
        ("SYSTEM", "school"),
    }
    assert {(each.kind, each.key) for each in made.leftovers} == {
        ("DECLARATION", "shop[0]"),
        ("EGRESS", "shop"),
    }
    assert all(each.hint in files["business.yaml"] for each in made.leftovers)


def test_a_teams_own_key_that_is_the_id_of_a_shipped_element_still_has_to_be_chosen(tmp_path: Path) -> None:
    made = drafted(tmp_path, {"system": [declared(["email_address", "user.contact.email"])]})
    told = yaml.safe_load(texts(made, statute())["vocabulary.yaml"])["elements"]

    assert told == {"email_address": {"categories": TO_CHOOSE, "aliases": ["user.contact.email"]}}


@pytest.mark.parametrize("blank", ["\n", " \t"])
def test_a_name_without_a_word_is_none(tmp_path: Path, blank: str) -> None:
    shop = system(name=blank, legal_name=blank, system_type="Third Party", privacy_declarations=[])
    made = drafted(tmp_path, {"organization": [{"fides_key": "us", "name": blank}], "system": [shop]})

    assert ("NAME", "name") in asked(made)
    assert all(UNDECIDED in line for line in problems(texts(made, statute())))


def test_a_key_with_a_new_line_in_it_stays_on_its_line(tmp_path: Path) -> None:
    said = declared([], shared_categories=["shoe\nsize: 42"])
    dataset = {"fides_key": "db\n", "collections": []}
    files = texts(drafted(tmp_path, {"system": [said], "dataset": [dataset]}), statute())

    assert yaml.safe_load(files["vocabulary.yaml"])["elements"] == {
        "shoe_size:_42": {"categories": TO_CHOOSE}
    }
    assert "# its key is shoe size: 42\n" in files["vocabulary.yaml"]
    assert all(UNDECIDED in line for line in problems(files))


def test_words_that_yaml_cannot_hold_are_marked(tmp_path: Path) -> None:
    said = declared([], third_parties="couriers\uffff \x1b[2J", data_shared_with_third_parties=True)
    files = texts(drafted(tmp_path, {"system": [said]}), statute())

    assert "# couriers\ufffd \ufffd[2J\n" in files["parties.yaml"]
    assert all(UNDECIDED in line for line in problems(files))


# The command


def test_the_command_lists_what_is_open_and_its_draft_is_refused_until_somebody_has_chosen(
    tmp_path: Path,
) -> None:
    manifest, out = tmp_path / "shop.yml", tmp_path / "draft"
    manifest.write_text(yaml.safe_dump({"system": [declared(["user.contact.email", "user"], "collect")]}))
    done = run(str(manifest), "-o", str(out), "--format", "json")
    rows = json.loads(done.stdout)
    check = CliRunner().invoke(main, ["policy", "check", str(out)])

    assert done.exit_code == 3
    assert {(row["becomes"], row["kind"], row["key"]) for row in rows} == {
        ("CHOOSE", "DATA_CATEGORY", "user"),
        ("CHOOSE", "DATA_USE", "collect"),
        ("CHOOSE", "NAME", "name"),
        ("NO_ROW", "DECLARATION", "shop[0]"),
    }
    assert check.exit_code == 1
    assert "vocabulary.yaml:9: elements.user.categories: is a draft" in check.stderr
    assert "business.yaml:4: name: is a draft" in check.stderr


def test_a_draft_in_which_nothing_is_open_is_in_order(tmp_path: Path) -> None:
    manifest, out = tmp_path / "shop.json", tmp_path / "draft"
    named = [{"fides_key": "us", "name": "Corner Shop"}]
    manifest.write_text(json.dumps({"organization": named, "system": [declared(["user.contact.email"])]}))

    assert run(str(manifest), "-o", str(out)).exit_code == 0
    assert CliRunner().invoke(main, ["policy", "check", str(out)]).exit_code == 0


def test_a_policy_is_never_overwritten(tmp_path: Path) -> None:
    manifest, kept = tmp_path / "shop.json", tmp_path / "policy" / "purposes.yaml"
    manifest.write_text(json.dumps({"system": [system()]}))
    kept.parent.mkdir()
    kept.write_text("purposes: {}\n")
    done = run(str(manifest), "-o", str(kept.parent))

    assert (done.exit_code, "there is a purposes.yaml" in done.stderr) == (1, True)
    assert [path.name for path in kept.parent.iterdir()] == ["purposes.yaml"]
    assert kept.read_text() == "purposes: {}\n"


def test_without_fideslang_the_command_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = tmp_path / "shop.json"
    manifest.write_text("{}")
    monkeypatch.setitem(sys.modules, "fideslang", None)
    done = run(str(manifest), "-o", str(tmp_path / "draft"))

    assert done.exit_code == 1
    assert "pip install 'personal-data-lineage[fideslang]'" in done.stderr


POISON = "ana.gomez@example.com"
BAD = {
    "no YAML": (f"system: [{POISON}", "shop.yml"),
    "no JSON": (f'{{"system": "{POISON}', "shop.json"),
    "a list": (f"- {POISON}", "shop.yml"),
    "a text in place of a list": (f"system: {POISON}", "shop.yml"),
    "a text in place of a resource": (f"system: [{POISON}]", "shop.yml"),
    "an unknown type": (f'"{POISON}": [a]', "shop.yml"),
    "a key that is none": (yaml.safe_dump({"system": [system(POISON)]}), "shop.yml"),
    "a category that is none": (yaml.safe_dump({"system": [declared([POISON])]}), "shop.yml"),
    "a field of another type": (yaml.safe_dump({"system": [system(egress=POISON)]}), "shop.yml"),
}


@pytest.mark.parametrize(("text", "name"), BAD.values(), ids=BAD)
def test_what_is_no_manifest_is_refused_without_repeating_it(tmp_path: Path, text: str, name: str) -> None:
    manifest = tmp_path / name
    manifest.write_text(text)
    done = run(str(manifest), "-o", str(tmp_path / "draft"))

    assert done.exit_code == 1, done.output
    assert name in done.stderr
    assert not any(part in done.output for part in (POISON, "ana", "gomez"))
    assert not (tmp_path / "draft").exists()


# Always

KEYS = st.one_of(st.sampled_from(CATEGORIES + USES), st.text("aZ0_.<>-", min_size=1, max_size=90))
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
FLOWS = st.lists(
    st.fixed_dictionaries({"fides_key": KEYS.filter(lambda key: key != "user"), "type": st.just("system")}),
    max_size=2,
)
DECLARATIONS = st.fixed_dictionaries(
    {"data_categories": st.lists(KEYS, max_size=4), "data_use": KEYS, "name": WORDS},
    optional={"third_parties": WORDS, "retention_period": WORDS, "data_subjects": st.lists(KEYS, max_size=1)},
)
SYSTEMS = st.fixed_dictionaries(
    {
        "fides_key": KEYS,
        "system_type": st.sampled_from(["Service", "Third Party"]),
        "privacy_declarations": st.lists(DECLARATIONS, max_size=2),
    },
    optional={
        "name": WORDS,
        "legal_name": WORDS,
        "egress": FLOWS,
        "ingress": FLOWS,
        "responsibility": st.lists(st.sampled_from(["Controller", "Processor"]), max_size=2),
    },
)
MANIFESTS = st.fixed_dictionaries(
    {},
    optional={
        "system": st.lists(SYSTEMS, max_size=3),
        "data_category": st.lists(st.sampled_from([{"fides_key": "tier"}, {"fides_key": "email_address"}])),
        "organization": st.lists(
            st.fixed_dictionaries({"fides_key": st.just("us"), "name": WORDS}), max_size=1
        ),
    },
)


@worlds_looked_at(20)
@given(manifest=MANIFESTS)
def test_whatever_manifests_say_every_key_is_in_the_draft_and_only_choices_are_open(
    tmp_path_factory: pytest.TempPathFactory, manifest: Json
) -> None:
    made = drafted(tmp_path_factory.getbasetemp(), manifest)
    files = texts(made, statute())
    found = problems(files)
    policy = decided(files)

    assert all(UNDECIDED in line for line in found)
    assert bool(found) == bool(made.to_choose)
    for each in manifest.get("system", []):
        assert as_id(each["fides_key"]) in policy.business.systems
        for said in each["privacy_declarations"]:
            assert as_id(said["data_use"]) in policy.purposes
            for key in said["data_categories"]:
                assert policy.vocabulary.element(key) or policy.vocabulary.element(as_id(key))
