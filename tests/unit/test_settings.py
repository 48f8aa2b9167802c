"""Where does a setting come from, and does the documentation list every one?"""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from lineage.errors import Refused
from lineage.settings import Settings, load_settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LINEAGE_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def documented_row(name: str) -> str:
    """The line that docs/settings.md has to hold for a setting."""
    field = Settings.model_fields[name]
    value = field.get_default(call_default_factory=True)
    default = "" if value is None or value == {} else f"`{value}`"
    return f"| `{name}` | `LINEAGE_{name.upper()}` | {default} | {field.description} |"


def test_the_page_lists_every_setting_with_its_default_and_meaning() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    assert rows == [documented_row(name) for name in Settings.model_fields]


def test_the_example_of_the_page_is_a_valid_file(tmp_path: Path) -> None:
    [example] = re.findall(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert tomllib.loads(example)["kafka_replication"] == 3
    (tmp_path / "lineage.toml").write_text(example)
    assert load_settings().kafka_client_options()["security_protocol"] == "SASL_SSL"


def test_without_anything_the_embedded_log_lies_in_the_working_directory() -> None:
    settings = load_settings()
    assert (settings.log, settings.home) == ("embedded", Path(".lineage"))


def test_what_is_given_goes_before_the_environment_and_that_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "lineage.toml").write_text("batch_records = 1\nkafka_partitions = 1\nkafka_replication = 3\n")
    monkeypatch.setenv("LINEAGE_BATCH_RECORDS", "2")
    monkeypatch.setenv("LINEAGE_KAFKA_PARTITIONS", "2")
    settings = load_settings(batch_records=7)
    assert (settings.batch_records, settings.kafka_partitions, settings.kafka_replication) == (7, 2, 3)


@pytest.mark.parametrize("given", [True, False])
def test_the_file_of_the_home_folder_is_read_where_the_working_directory_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: bool
) -> None:
    home = tmp_path / "elsewhere"
    home.mkdir()
    (home / "lineage.toml").write_text("batch_records = 11\n")
    if not given:
        monkeypatch.setenv("LINEAGE_HOME", str(home))
    assert load_settings(**({"home": home} if given else {})).batch_records == 11
    (tmp_path / "lineage.toml").write_text("batch_records = 12\n")
    assert load_settings(**({"home": home} if given else {})).batch_records == 12


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINEAGE_SECRET", "")
    assert load_settings().secret is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("batch_record = 5", "batch_record"),
        ("batch_records = 0", "batch_records"),
        ('log = "rabbit"', "log"),
        ('kafka_topic = "with space"', "kafka_topic"),
        ("batch_records = ", "TOML"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "lineage.toml").write_text(text)
    with pytest.raises(Refused, match=named):
        load_settings()


def test_a_secret_in_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lineage.toml").write_text(f'secret = "{"s" * 40}"\n')
    with pytest.raises(Refused, match="LINEAGE_SECRET") as caught:
        load_settings()
    assert "ssss" not in str(caught.value)


def test_two_secrets_are_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINEAGE_SECRET", "s" * 40)
    monkeypatch.setenv("LINEAGE_SECRET_FILE", "somewhere")
    with pytest.raises(Refused, match="secret_file"):
        load_settings()


def test_no_secret_shows_in_a_representation_or_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINEAGE_SECRET", "hush" * 10)
    monkeypatch.setenv("LINEAGE_KAFKA_CLIENT", '{"sasl_plain_password": "hush"}')
    settings = load_settings()
    assert "hush" not in f"{settings!r} {settings} {settings.model_dump()}"
    assert settings.kafka_client_options() == {"sasl_plain_password": "hush"}
    monkeypatch.setenv("LINEAGE_SECRET", "hush")  # too short
    with pytest.raises(Refused, match="secret") as caught:
        load_settings()
    assert "hush" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_the_client_options_of_file_and_environment_are_joined(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "lineage.toml").write_text('[kafka_client]\nsasl_plain_username = "lineage"\n')
    monkeypatch.setenv("LINEAGE_KAFKA_CLIENT", '{"sasl_plain_password": "p"}')
    assert load_settings().kafka_client_options() == {
        "sasl_plain_username": "lineage",
        "sasl_plain_password": "p",
    }


def test_settings_do_not_change(tmp_path: Path) -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.batch_records = 5  # type: ignore[misc] # that is the question
