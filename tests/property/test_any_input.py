"""Whatever a person hands in, is it taken, or refused in a line? Never a trace, never somebody's identifier.

Few examples are looked at in each run; ``LINEAGE_EXAMPLES=2000`` looks longer.
"""

import csv
import io
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
import pytest
from any_values import DEEP_JSON, POISON, changed, files, flat_files, json_values, plain, texts, written
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from installations import begin
from looking import worlds_looked_at
from resealed import again

from lineage.archive import manifest
from lineage.cli import COMMANDS, main
from lineage.errors import LineageError
from lineage.framing import known_ids
from lineage.policy import load
from lineage.proof.keys import trusted
from lineage.report.batch import read_batch
from lineage.report.refusal import Reason, Refusal
from lineage.settings import load_settings
from lineage.tokens import Pseudonymiser, Secret

POLICY: Final = {
    "business.yaml": (
        "name: Corner Shop\nproducers: {cli: {systems: [shop], from: 2020-01-01}}\n"
        "systems: {shop: {publishes: true}}\ncontacts: {privacy: privacy@shop.example}\n"
    ),
    "parties.yaml": (
        "sources: {customer: {name: The customer, category: SRC_CONSUMER_DIRECT}}\n"
        "recipients: {broker: {name: A broker, category: RCP_DATA_BROKER}}\n"
    ),
    "purposes.yaml": "purposes: {sell_goods: {statutory: [BP5_SERVICES], wording: to sell}}\n",
}
PERSON: Final = "account:42"
COLLECTED: Final = {
    "event": "Collected",
    "subject": PERSON,
    "occurred_at": "2026-06-01T09:30:00Z",
    "elements": ["email_address", "ssn"],
    "source": "customer",
    "purposes": ["sell_goods"],
    "system": "shop",
    "held_in": "shop:a1",
}
SHARED: Final = {
    **{key: COLLECTED[key] for key in ("subject", "occurred_at", "elements", "purposes", "system")},
    **{"event": "Shared", "recipient": "broker", "consideration": "UNKNOWN"},
}
SILENCED: Final = {
    **SHARED,
    "recipient": "police",
    "undisclosed_until": "2030-01-01T00:00:00Z",
    "legal_document": "vault://order",
}
TOLD: Final = "".join(f"{json.dumps(each)}\n" for each in (COLLECTED, SHARED))
EXAMPLES: Final = Path(__file__).parents[2] / "schemas" / "examples"

ORDERS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What commands a terminal, in place of being read there."""


@dataclass(frozen=True)
class Place:
    """A folder with an installation in it, in which commands are given, and an answer from before them."""

    folder: Path

    @property
    def answer(self) -> Path:
        return self.folder / "answer.json"

    def runs(self, *words: str, given: bytes = b"", shows: bool = False) -> str:
        """What a command prints. ``shows``: it was asked to show what it was given."""
        result = CliRunner().invoke(main, list(words), input=given)

        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code in (0, 1, 2, 3, 4)
        assert result.exit_code == 0 or result.output.strip(), "it failed without a word"
        assert not ORDERS.search(result.stderr)
        assert shows or "POISON" not in result.output
        return result.output

    def file(self, name: str, content: bytes) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return str(path)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """An installation of which one person is known."""
    folder = tmp_path_factory.mktemp("place")
    begin(folder, POLICY, TOLD)
    before = Path.cwd()
    with pytest.MonkeyPatch.context() as patched:
        for name in [each for each in os.environ if each.startswith("LINEAGE_")]:
            patched.delenv(name)
        patched.setenv("LINEAGE_HOME", str(folder / "home"))
        patched.setenv("LINEAGE_ACTOR", "clerk-7")
        patched.setenv("COLUMNS", "100")
        patched.chdir(folder)
        made = Place(folder)
        made.runs("report", PERSON, "--received", "2026-06-15", "-o", str(made.answer))
        yield made
    assert Path.cwd() == before


def refused_in_words(read: Callable[[], object]) -> None:
    """It is read, or refused as people are told."""
    said = "read"
    try:
        read()
    except LineageError as error:
        said = str(error)
    assert said
    assert "POISON" not in said


def true_lines() -> st.SearchStrategy[dict[str, Any]]:
    shipped = [json.loads(path.read_text()) for path in sorted(EXAMPLES.glob("*.json"))]
    return st.sampled_from([COLLECTED, SHARED, *shipped])


lines: Final = st.one_of(
    true_lines().flatmap(changed).map(written),
    st.builds(lambda line, key, value: written({**line, key: value}), true_lines(), texts, plain),
    files,
    st.just(b'{"event": "Collected", "event": "Shared"}'),
)


@given(
    told=st.lists(lines, max_size=8),
    end=st.sampled_from([b"\n", b"\r\n", b"\r", b"\n\n"]),
    flag=st.booleans(),
)
@worlds_looked_at(usually=25)
def test_any_lines_can_be_published(place: Place, told: list[bytes], end: bytes, flag: bool) -> None:
    place.runs("publish", "-", *(["--unchecked"] if flag else []), given=end.join(told))


def yaml_texts() -> st.SearchStrategy[str]:
    parts = st.sampled_from(
        [
            *("name: X\n", "systems:\n  shop: {publishes: true}\n", "? [a, b]\n: c\n", "2026-01-01: 1\n"),
            *("a: &x {b: *x}\n", "<<: *nowhere\n", "<<: [1, {a: 2}]\n", "!!python/object:os.system x\n"),
            *("name: !!binary eA==\n", '"\\e[2J": x\n', 'name: "a\\x9bb"\n', 'name: "\\ud800"\n'),
            *("---\na: 1\n---\nb: 2\n", "%YAML 9.9\n---\n", "\t- x\n", "a: " + "9" * 5000 + "\n", "- " * 500),
            *(f"{POISON}: 1\n", f'"{POISON}@x": *{POISON}\n', f"systems: {{{POISON}: {{a: 1}}}}\n"),
            *(
                "time_zone: ../../etc/passwd\n",
                'time_zone: "a\\0b"\n',
                "name: X\nname: Y\n",
                "\ufeffname: X\n",
            ),
            *("sources: {s: {category: 2}}\n", "purposes: {p: {statutory: {a: b}}}\n", "elements: [1]\n"),
            *("notices: [{version: 1, effective: 0001-01-01}]\n", "rules: {r: {days: 999999999999999}}\n"),
            *("activities: {a: {event: Shared, elements: [x], recipient: 3}}\n", "activities: {a: 1}\n"),
            *("promises: [{query: drop table x}]\n", "coverage: {x: y}\n", "~: ~\n", "..: .\n"),
        ]
    )
    return st.lists(parts | texts | json_values.map(json.dumps), max_size=4).map("".join)


@pytest.mark.parametrize("text", [DEEP_JSON[0], "- " * 5_000, "a: &a {<<: *a}\n"], ids=lambda text: text[:9])
def test_a_policy_beyond_measure_is_refused_soon(place: Place, text: str) -> None:
    path = Path(place.file("deep/business.yaml", text.encode()))

    assert "business.yaml:1" in place.runs("policy", "check", str(path.parent))


NAMES: Final = (
    "business",
    "vocabulary",
    "parties",
    "purposes",
    "activities",
    "notices",
    "retention",
    "promises",
)


@given(
    words=st.dictionaries(st.sampled_from(NAMES), yaml_texts() | flat_files, max_size=3),
    of_shop=st.booleans(),
)
@worlds_looked_at(usually=60)
def test_any_folder_can_be_checked_as_a_policy(
    place: Place, words: dict[str, str | bytes], of_shop: bool
) -> None:
    folder = place.folder / "any-policy"
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    if of_shop:
        for name, text in POLICY.items():
            (folder / name).write_text(text)
    for name, content in words.items():
        raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        (folder / f"{name}.yaml").write_bytes(raw)

    place.runs("policy", "check", str(folder))
    refused_in_words(lambda: load(folder))


rows: Final = st.lists(
    st.lists(
        texts
        | st.sampled_from(["id", "subject", "received", "from", "everything", "blocks", "facts", "refuse"])
        | st.sampled_from(["2026-06-15", "true", "collected", PERSON, "IMPOSSIBLE", "person", "a" * 140_000]),
        max_size=9,
    ),
    max_size=4,
)


def as_csv(found: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, escapechar="\\").writerows(found)
    return out.getvalue().encode("utf-8", "surrogatepass")


@given(
    content=files
    | rows.map(as_csv)
    | rows.map(lambda found: b"id,subject,received,from,everything,refuse,facts\n" + as_csv(found))
)
@worlds_looked_at(usually=60)
def test_any_file_can_be_a_batch(place: Place, content: bytes) -> None:
    path = Path(place.file("requests.csv", content))
    pseudonymiser = Pseudonymiser(Secret(b"0" * 64))

    refused_in_words(lambda: read_batch(path, lambda subject: pseudonymiser.token(subject)[0]))


@given(facts=texts | st.lists(texts, max_size=9).map(" ".join), reason=st.sampled_from(Reason))
@worlds_looked_at(usually=30)
def test_any_facts_can_be_those_of_a_refusal(facts: str, reason: Reason) -> None:
    refused_in_words(lambda: Refusal(reason, facts))


SELECTS: Final = (
    "-- Told.\n-- event: Collected\nselect 'a' as row_key",
    "-- Told.\nselect * from read_csv('data.csv')",
    "-- Told.\n-- event: Shared\n"
    "select 'account:1' as subject, 1 as row_key, now() as occurred_at, 'x' as recipient",
    f"-- Told.\n-- event: {POISON}\nselect 1",
    f"-- Told.\nselect '{POISON}'::int as row_key, 'Collected' as event",
    f"-- Told.\nselect 1 as row_key, '{POISON}' as event, [1] as \"{POISON}\"",
    "-- Told.\n-- event: Used\n"
    "select 'nan'::double as row_key, {'a': [1, null]} as elements, 'infinity'::date as occurred_at",
    "-- Told.\n-- event: Used\n"
    "select 1 as row_key, '290000-01-01'::date as occurred_at, 'x'::blob as purposes, 1e30 as count",
    "-- Told.\n-- event: Used\nselect null as row_key, interval 1 year as occurred_at",
    "-- Told.\n-- event: Used\nattach 'x.db'",
)


@given(mapping=st.sampled_from(SELECTS).map(str.encode) | files, data=files)
@worlds_looked_at(usually=25)
def test_any_file_can_be_a_mapping(place: Place, mapping: bytes, data: bytes) -> None:
    path = place.file("any.sql", mapping)
    place.file("data/data.csv", data)

    place.runs("backfill", path, "--data", str(place.folder / "data"), "--producer", "cli", "--dry-run")


@pytest.fixture(scope="module")
def answer(place: Place) -> Any:
    """The handler's copy, with a line in each list that it may have."""
    found = json.loads(place.answer.read_bytes())
    pair = found["sold_or_shared"]["pairs"][0]
    reviews = [{"event_id": pair["evidence"]["first"][0], "reason": "UNREVIEWED_DISCLOSURE"}]
    return {**found, "under_order": [pair], "for_review": reviews}


@given(data=st.data(), form=st.sampled_from(["text", "csv", "html"]), language=st.sampled_from(["en", "es"]))
@worlds_looked_at(usually=25)
def test_any_json_can_be_rendered_or_is_refused(
    place: Place, answer: Any, data: st.DataObject, form: str, language: str
) -> None:
    sealed = resealed(data.draw(changed(answer)))
    path = place.file("changed.json", data.draw(st.just(written(sealed)) | files))

    place.runs("report", "render", path, "--format", form, "--language", language, shows=True)
    place.runs("report", "check", path)
    place.runs("explain", path, "sold_or_shared/0")


def resealed(document: Any) -> Any:
    """With digests that fit, where it can have any: then it is looked at as a whole."""
    try:
        return again(document)
    except Exception:  # it has no bytes, and is refused for that
        return document


@given(
    content=files | st.sampled_from([b"a+b+c\n", b"a+00000000+AQ==", POISON.encode(), b"x+1+" + b"A" * 44])
)
@worlds_looked_at(usually=30)
def test_any_file_can_be_a_public_key(place: Place, content: bytes) -> None:
    refused_in_words(lambda: trusted([Path(place.file("any.pub", content))]))


MANIFEST: Final = {"format": 1, "log": "personal-data-events", "topics": [{"topic": "t", "starts": {"0": 0}}]}
IDS: Final = {"ids": {"1": "0123456789abcdef"}}


@given(content=files | changed(MANIFEST).map(written))
@worlds_looked_at(usually=60)
def test_any_file_can_stand_in_place_of_an_archives_manifest(place: Place, content: bytes) -> None:
    folder = Path(place.file("any-archive/archive.json", content)).parent

    refused_in_words(lambda: manifest.read(folder))


@given(content=files | changed(IDS).map(written))
@worlds_looked_at(usually=60)
def test_any_file_can_stand_in_place_of_the_schema_ids(place: Place, content: bytes) -> None:
    folder = Path(place.file("ids/schema-ids.json", content)).parent

    refused_in_words(lambda: known_ids(folder))


SETTINGS: Final = (
    b'home = "a\\u0000b"',
    b"home = 3",
    b"batch_seconds = nan",
    b"checkpoint_minutes = inf",
    b"archive_records = " + b"9" * 5000,
    b'"' + POISON.encode() + b'" = 1',
    b'log = "' + POISON.encode() + b'"',
    b"[kafka_client]\na = 2026-01-01",
    b"a = " + b"[" * 5000,
    b"secret = 'x'",
    b'"\\u001b[2J" = 1',
    b'actor = "\\ud800"',
)


@given(content=files | texts.map(lambda text: f"home = {json.dumps(text)}".encode()))
@worlds_looked_at(usually=20)
def test_any_file_can_stand_in_place_of_the_settings(place: Place, content: bytes) -> None:
    settings_from(place, content)


@pytest.mark.parametrize("content", SETTINGS, ids=map(str, range(len(SETTINGS))))
def test_each_of_these_files_can_stand_in_place_of_the_settings(place: Place, content: bytes) -> None:
    settings_from(place, content)


def settings_from(place: Place, content: bytes) -> None:
    """The settings are read from such a file, or refused as people are told."""
    path = Path(place.file("lineage.toml", content))
    try:
        refused_in_words(load_settings)
        with pytest.MonkeyPatch.context() as patched:
            patched.delenv("LINEAGE_HOME")
            refused_in_words(load_settings)
    finally:
        path.unlink()


ENDLESS: Final = {"consume", "demo"}
"""They follow the log, or make a whole business."""


def leaves(command: click.Command, *names: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that does something, with the words that call it."""
    if not isinstance(command, click.Group):
        yield names, command
        return
    with click.Context(command) as ctx:
        for name in command.list_commands(ctx):
            found = command.get_command(ctx, name)
            if found is not None and name not in ENDLESS:
                yield from leaves(found, *(names if name == "of" else (*names, name)))


LEAVES: Final = dict(leaves(main))


def values_of(param: click.Parameter, folder: str) -> st.SearchStrategy[str]:
    """What may stand there: mostly what is meant, now and then what is not."""
    match param.type:
        case click.Choice():
            meant = st.sampled_from([str(each) for each in param.type.choices])
        case click.IntRange() | click.types.IntParamType():
            meant = whole = st.integers(-2, 10**20).map(str)
            return st.one_of(meant, whole, texts)
        case click.Path() | click.File():
            # A path is shown to who named it.
            return st.sampled_from(
                [f"{folder}/any.json", f"{folder}/new-{os.getpid()}", folder, "-", "/dev/null", "/nowhere/x"]
            ) | texts.filter(lambda text: "POISON" not in text and "\0" not in text and "/" not in text)
        case _:
            meant = st.sampled_from(
                [
                    *("account:42", "2026-06-15", "2026-06-15T10:00-07:00", "collected,pieces", "CODE"),
                    *("0/0", "sold_or_shared/0", "select 1", "9f9d3c1e-7a64-4b0e-9a3c-2f6a1de0c7b5"),
                ]
            )
    return meant | texts


@st.composite
def calls(draw: st.DrawFn, folder: str) -> list[str]:
    names, command = draw(st.sampled_from(sorted(LEAVES.items())))
    words = list(names)
    for param in command.params:
        if isinstance(param, click.Option):
            if param.name in ("once", "help") or not (param.required or draw(st.integers(0, 3)) == 0):
                continue
            name = max(param.opts, key=len)
            words += [name] if param.is_flag else [name, draw(values_of(param, folder))]
        elif draw(st.integers(0, 9)):
            words.append(draw(values_of(param, folder)))
    if draw(st.integers(0, 9)) == 0:
        words.append(draw(texts))
    if any(param.name == "once" for param in command.params):
        words.append("--once")
    return words


@given(data=st.data(), stdin=files)
@worlds_looked_at(usually=60)
def test_any_command_can_be_given_with_any_words(place: Place, data: st.DataObject, stdin: bytes) -> None:
    place.file("any.json", data.draw(files))
    words = data.draw(calls(str(place.folder)))

    place.runs(*map(as_argument, words), given=stdin, shows=words[0] == "sql")


ODD_FILES: Final = (
    b"",
    b"\xff\xfe",
    b"\xe0\xa4\x8e\xc5",
    b"\0",
    b"[]",
    b"{}",
    b"3",
    *map(str.encode, DEEP_JSON),
)
KEPT_IN_FOLDERS: Final = ("archive.json", "backup.json", "batch.json", "business.yaml", "schemas/Used.avsc")
TAKES_FILES: Final = [
    (names, param)
    for names, command in sorted(LEAVES.items())
    for param in command.params
    if isinstance(param.type, click.Path | click.File)
]


@pytest.mark.parametrize(
    ("names", "param"), TAKES_FILES, ids=[" ".join((*names, str(param.name))) for names, param in TAKES_FILES]
)
def test_each_of_these_files_can_be_given_to_each_command_that_takes_one(
    place: Place, names: tuple[str, ...], param: click.Parameter
) -> None:
    for number, content in enumerate(ODD_FILES):
        path = place.file(f"odd/{number}", content)
        if isinstance(param.type, click.Path) and not param.type.file_okay:
            path = str(place.folder / f"odd-{number}")
            for name in KEPT_IN_FOLDERS:
                place.file(f"odd-{number}/{name}", content)
        words = list(names)
        for each in LEAVES[names].params:
            if each is not param and not each.required:
                continue
            meant = path if each is param else meant_for(each, place)
            words += [max(each.opts, key=len), meant] if isinstance(each, click.Option) else [meant]

        place.runs(*words, given=b"y\n")


def meant_for(param: click.Parameter, place: Place) -> str:
    """A value with which a command comes as far as to read what else it was given."""
    match param.type:
        case click.Choice():
            return str(param.type.choices[0])
        case click.Path() | click.File():
            return str(place.answer) if param.name == "report" else str(place.folder / "odd" / "new")
    return {"line": "sold_or_shared/0", "producer": "cli", "system": "shop"}.get(str(param.name), "0" * 64)


def as_argument(word: str) -> str:
    """As the operating system hands it over: bytes without a zero, whatever they mean."""
    return os.fsdecode(word.replace("\0", "").encode("utf-8", "surrogatepass"))


def test_every_command_is_among_them() -> None:
    assert {names[0] for names in LEAVES} == COMMANDS.keys() - ENDLESS
