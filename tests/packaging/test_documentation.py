"""Can what the pages say be wrong? Links, commands, words and citations are compared with the code."""

import json
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import click
import pytest
from business import Business
from click.testing import CliRunner

from lineage.cli import main
from lineage.cli.report_group import ReportGroup
from lineage.events import BY_NAME
from lineage.projection.parking import REASONS
from lineage.words import group

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
FENCED = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE_WORD = re.compile(r"`([^`\n]+)`")

Where = tuple[str, str]
"""The place of something said, and what is said."""


def pages() -> list[Path]:
    """Every page that a reader may open."""
    folders = (DOCS, ROOT / "schemas", ROOT / "examples", ROOT / "bench")
    return [
        *sorted(ROOT.glob("*.md")),
        *(page for folder in folders for page in sorted(folder.rglob("*.md"))),
    ]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# Links


def links() -> Iterator[tuple[Path, str]]:
    for page in pages():
        for target in re.findall(r"\]\(([^)\s]+)\)", FENCED.sub("", read(page))):
            if not re.match(r"[a-z]+:", target):
                yield page, target


def anchors(page: Path) -> set[str]:
    """The headings of a page as GitHub makes anchors of them."""
    heads = re.findall(r"^#+ (.+)$", FENCED.sub("", read(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_link_leads_somewhere() -> None:
    broken = []
    for page, target in links():
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            broken.append((named(page), target))

    assert broken == []


def test_every_page_in_docs_is_reached_from_the_readme() -> None:
    # Of the decisions the folder is.
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        for source, target in links():
            there = (source.parent / target.partition("#")[0]).resolve()
            if source == page and there.suffix == ".md" and there not in reached:
                waiting.append(there)

    assert {named(page) for page in DOCS.glob("*.md")} <= {named(page) for page in reached}


# Commands


def written_commands() -> Iterator[Where]:
    """Each line of a page's code that calls lineage, continued lines joined."""
    for page in pages():
        text = read(page)
        shown = [code for language, code in FENCED.findall(text) if language in ("", "console", "bash", "sh")]
        shown += re.findall(r"^(?: {4}.+\n)+", FENCED.sub("", text), re.MULTILINE)
        for code in shown:
            for line in code.replace("\\\n", " ").splitlines():
                command = re.sub(r"^(\$ |LINEAGE_\w+=\S+ )*", "", line.strip())
                if command.startswith("lineage "):
                    yield named(page), command


def followed(words: list[str]) -> click.Command:
    """The command that the words call; fails when there is none."""
    command: click.Command = main
    context = click.Context(main)
    for word in words:
        if not isinstance(command, click.Group):
            break
        if word in {option for each in command.params for option in each.opts} and command is not main:
            break  # of a group that is a command, too
        found = command.get_command(context, word)
        if found is None and isinstance(command, ReportGroup):
            return command.answer
        assert found is not None, f"lineage {' '.join(words)}"
        command = found
    return command


def test_every_command_and_option_on_a_page_exists() -> None:
    found = list(written_commands())
    for page, line in found:
        words = [word for word in shlex.split(line, comments=True)[1:] if word not in ("[", "]")]
        command = followed(words)
        known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
        for word in words:
            if re.match(r"--?[a-z]", word):
                assert word.partition("=")[0] in known | {"--help", "--version"}, (page, line, word)

    assert {page for page, _ in found} >= {"README.md", "docs/publishing.md", "docs/backfill.md"}


def leaves(command: click.Command = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        if isinstance(command, ReportGroup):
            yield " ".join(path), command.answer
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from leaves(below, (*path, name))
    else:
        yield " ".join(path), command


@pytest.mark.parametrize(("path", "command"), list(leaves()), ids=[path for path, _ in leaves()])
def test_every_command_tells_what_it_does_with_an_example_and_stands_on_a_page(
    path: str, command: click.Command
) -> None:
    assert command.help
    assert "Example:" in command.help
    assert f"lineage {path}" in command.help
    assert "Ends with 0" in command.help
    assert any(f"lineage {path}" in read(page) for page in pages())


def test_everything_that_the_readme_makes_can_be_made() -> None:
    targets = set(re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), re.MULTILINE))
    named_in_readme = set(re.findall(r"^    make (\w+)|`make (\w+)`", read(ROOT / "README.md"), re.MULTILINE))
    made = {one or other for one, other in named_in_readme}

    assert made >= {"demo", "test"}
    assert made <= targets


def test_a_reader_who_does_what_the_readme_says_gets_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LINEAGE_HOME", "LINEAGE_LOG", "LINEAGE_SECRET", "LINEAGE_SECRET_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    printed = ""
    for language, code in FENCED.findall(read(ROOT / "README.md")):
        if language == "python":
            exec(compile(code, "README.md", "exec"), {})  # noqa: S102 (the page's own code is what is tested)
        for line in code.splitlines() if language == "console" else ():
            if not line.startswith("$ lineage "):
                continue  # the environment is there already, and the demo is tested elsewhere
            now = datetime.now(UTC) + timedelta(seconds=1)  # a reader types more slowly than this
            typed = line.replace("$(date -u +%FT%TZ)", now.strftime("%Y-%m-%dT%H:%M:%SZ"))
            done = CliRunner().invoke(main, shlex.split(typed)[2:], catch_exceptions=False)
            assert done.exit_code == 0, done.output
            printed += done.output

    assert "BP_THIRD_PARTY" in printed
    assert "marketplace_sellers" in printed
    assert "Partners in joint offers" in printed
    answer = json.loads(read(tmp_path / "answer.json"))
    assert {pair["category"] for pair in answer["disclosed"]["pairs"]} >= {"PI_D_COMMERCIAL"}
    assert {gap["reason"] for gap in answer["coverage"]["gaps"]} >= {"SILENT"}


# Words


def explained() -> set[str]:
    return set(CODE_WORD.findall(read(DOCS / "glossary.md")))


def test_the_glossary_has_every_event() -> None:
    assert set(BY_NAME) <= explained()


def test_the_glossary_has_every_gap() -> None:
    assert set(group("gaps")) <= explained()
    # What the questions and the report say is what the terminal has words for.
    said = re.findall(r"asked\.ask,\s+'([A-Z_]+)'|select ask, '([A-Z_]+)'", sql("questions/log_gap.sql"))
    assert {one or other for one, other in said} <= set(group("gaps"))


def test_the_glossary_has_every_kind_of_disclosure() -> None:
    judged = sql("questions/verdict.sql").partition("stepped as (")[2]
    kinds = set(re.findall(r"'([A-Z_]+)'", judged)) - {"UNKNOWN"}  # a consideration

    assert {"INTERNAL", "SALE", "SHARE", "UNCLASSIFIED"} < kinds
    assert kinds <= explained()


def test_the_glossary_has_every_reason_for_parking() -> None:
    assert set(REASONS) <= explained()


def test_the_glossary_has_every_view() -> None:
    views = set(re.findall(r"^create (?:or replace )?view (\w+)", sql("store/views.sql"), re.MULTILINE))

    assert "events" in views
    assert views <= explained()


def test_every_code_word_of_the_glossary_stands_in_the_code() -> None:
    folders = (ROOT / "lineage", ROOT / "examples", ROOT / "schemas")
    code = "\n".join(
        read(path)
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in (".py", ".sql", ".yaml", ".avsc") and "released" not in path.parts
    )
    in_code = set(re.findall(r"\w+", code))
    words = {word for word in explained() if re.fullmatch(r"\w+", word)}

    assert len(words) > 100
    assert words - in_code == set()


def sql(name: str) -> str:
    return read(ROOT / "lineage" / name)


def test_the_page_about_the_answer_has_every_key_of_the_document(tmp_path: Path) -> None:
    business = Business(tmp_path)
    document = business.answer()
    business.close()
    said = set(CODE_WORD.findall(read(DOCS / "the-answer.md")))

    assert set(document) | set(document["block_status"]) <= said


# Citations


@cache
def sources() -> list[tuple[str, str]]:
    """Name and text of everything that may cite a page."""
    folders = ("lineage", "schemas", "consumers", "examples", "tests", "bench", "docs")
    return [
        (named(path), read(path))
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".py", ".sql", ".yaml", ".avsc", ".md") and "released" not in path.parts
    ]


def cited(pattern: str) -> Iterator[Where]:
    for name, text in sources():
        for found in re.findall(pattern, text):
            yield name, found


def test_every_section_of_the_law_that_is_cited_is_restated() -> None:
    text = read(DOCS / "law.md")
    sections = set(re.findall(r"^#+ ([A-G](?:\.\d+)*)\b", text, re.MULTILINE))
    defaults = set(re.findall(r"^\| (DD-\d\d) \|", text, re.MULTILINE))
    found = [
        *cited(r"law(?:\.md)? (?:part )?([A-G](?:\.\d+)*)\b"),
        *cited(r"\b(DD-\d\d)\b"),
    ]

    assert len(found) > 10
    assert [(name, section) for name, section in found if section not in sections | defaults] == []


def test_the_law_page_keeps_its_sections() -> None:
    text = read(DOCS / "law.md")

    assert [f"A.{number}" for number in range(23)] == re.findall(r"^## (A\.\d+)\b", text, re.MULTILINE)


def test_every_ruling_that_is_cited_exists() -> None:
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", read(DOCS / "rulings.md"), re.MULTILINE)]
    found = list(cited(r"rulings\.md (\d+(?:(?:, | to | and )\d+)*)"))

    assert numbers == list(range(1, 43))
    assert len(found) > 10
    assert [
        (name, said)
        for name, said in found
        if not {int(number) for number in re.findall(r"\d+", said)} <= set(numbers)
    ] == []


def test_every_acceptance_case_that_is_tested_is_described() -> None:
    text = "\n".join(read(path) for path in (ROOT / "tests" / "acceptance").glob("*.py"))
    tested = {f"{kind.upper()}-{number}" for kind, number in re.findall(r"def test_([a-z]+)(\d\d)_", text)}
    described = set(re.findall(r"^\| ([A-Z]+-\d\d) \|", read(DOCS / "law.md"), re.MULTILINE))

    assert "W-01" in tested
    assert tested <= described


def test_no_page_is_cited_that_does_not_exist() -> None:
    there = {page.name for page in pages()} | {"results.md"}  # which make bench writes

    assert [(name, page) for name, page in cited(r"\b([a-z][\w-]*\.md)\b") if page not in there] == []
