"""Where is the log, where is the database, whose secret? One frozen answer, read once at the entry point.

A setting comes from the call, else from the environment (``LINEAGE_`` and its name), else from `lineage.toml`
in the working directory or, where there is none, in the home folder, else from its default.
"""

import os
import re
import tomllib
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from lineage.errors import Refused

FILE = "lineage.toml"
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z_.]{0,63}")


class Settings(BaseSettings):
    """Everything that an operator may choose. `docs/settings.md` lists it."""

    model_config = SettingsConfigDict(
        env_prefix="LINEAGE_",
        frozen=True,
        env_ignore_empty=True,
        extra="forbid",
        hide_input_in_errors=True,
        validate_default=True,
    )

    home: Path = Field(
        Path(".lineage"),
        description="Folder of the embedded log, the database and the secret; made on first use.",
    )
    log: Literal["embedded", "kafka"] = Field(
        "embedded", description="Which log: a file in the home folder, or a Kafka topic."
    )
    kafka_bootstrap: str = Field(
        "localhost:9092", min_length=1, description="Brokers to ask first: `host:port`, several with commas."
    )
    kafka_topic: str = Field(
        "personal-data-events",
        pattern=r"^[A-Za-z0-9._-]{1,249}$",
        description="The topic of the events; also the embedded log's name.",
    )
    kafka_partitions: int = Field(
        6,
        ge=1,
        description="Partitions of a topic that is made; changing it later moves people between partitions.",
    )
    kafka_replication: int = Field(1, ge=1, description="Copies of each partition of a topic that is made.")
    kafka_retention_days: int = Field(
        30, ge=1, description="Days that Kafka keeps a record; the archive keeps it for longer."
    )
    kafka_client: dict[str, SecretStr] = Field(
        default_factory=dict,
        description="Further options of kafka-python's clients as a JSON object, such as "
        "`security_protocol`, `sasl_mechanism`, `sasl_plain_username`, `sasl_plain_password`, `ssl_cafile`.",
    )
    wire_format: Literal["single_object", "confluent"] = Field(
        "single_object",
        description="What stands before each value that is written: Avro's fingerprint, or the id of a "
        "schema registry. Both are always read.",
    )
    schema_registry: SecretStr | None = Field(
        None,
        min_length=1,
        description="The schema registry that `lineage schemas push` and `learn` ask: "
        "`https://user:password@host:8081`; Apicurio's ends in `/apis/ccompat/v7`. Nothing else asks it.",
    )
    secret: SecretStr | None = Field(
        None,
        min_length=32,
        description="The secret of the subject tokens, 32 characters or more; from the environment only, "
        "never from `lineage.toml`.",
    )
    secret_retired: SecretStr | None = Field(
        None,
        min_length=32,
        description="The secret in use before, while records of its time are asked for and for "
        "`lineage secret rotate`; from the environment only, never from `lineage.toml`.",
    )
    secret_file: Path | None = Field(
        None,
        description="A file that holds the secret. With neither, `secret` in the home folder, made at need.",
    )
    desk_url: SecretStr | None = Field(
        None,
        min_length=1,
        description="Where the desk store lies in PostgreSQL: "
        "`postgresql://user:password@host:5432/database`. Without it, `desk.sqlite` in the home folder.",
    )
    actor: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$",
        description="Who acts: one word that stands in decisions and in the access log. Without it, the name "
        "of the system's user.",
    )
    batch_records: int = Field(
        125_000,
        ge=1,
        le=1_000_000,
        description="Records that the projector writes in one transaction at most.",
    )
    batch_seconds: float = Field(
        1.0,
        gt=0,
        le=60,
        description="Seconds that a following projector waits for new records before it looks again.",
    )
    database_memory_mb: int = Field(
        512,
        ge=128,
        description="Memory in MiB that the database may take for itself while it is written or answers; "
        "what needs more is done in pieces on the disk, and takes longer.",
    )
    parked_limit: int = Field(
        1_000,
        ge=0,
        description="Refused records among 10,000 consecutive ones of a partition; one more stops the "
        "projector before it writes them.",
    )
    heartbeat_seconds: float = Field(
        300.0, gt=0, description="Seconds between a producer's reports of how far it has come."
    )
    metrics_port: int | None = Field(
        None,
        ge=1,
        le=65_535,
        description="The port at which a consumer answers `/healthz` and `/metrics`. Without it, none; each "
        "needs its own.",
    )
    metrics_host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="The address that `metrics_port` listens at; `0.0.0.0` lets other machines ask, too.",
    )
    health_seconds: float = Field(
        120.0, gt=0, description="Seconds without a step after which a consumer is not healthy any more."
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="How a consumer's lines on standard error look: for people, or JSON."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least grave of its own lines that a consumer writes."
    )

    spool: Path | None = Field(
        None,
        description="A file on the service's own disk that keeps its events until the log has them. Without "
        "it, a service has none, unless it asks for `spool.sqlite` in the home folder.",
    )
    spool_durability: Literal["process", "power"] = Field(
        "process",
        description="What an event in the spool outlives: the death of the process, or a loss of power, too, "
        "which costs a sync of the disk for each event.",
    )
    spool_max_mb: int = Field(
        1024,
        ge=1,
        description="MiB that the spool may take; beyond it, events are refused with `SpoolFull`.",
    )

    outbox_url: SecretStr | None = Field(
        None,
        min_length=1,
        description="Where the outbox lies that the relay empties, in the service's own database: "
        "`postgresql+psycopg://user:password@host:5432/database`, or `sqlite:////path/to/file`.",
    )

    archive: Path | None = Field(
        None,
        description="Folder of the archive, which keeps every record after Kafka has forgotten it. Without "
        "it, `archive` in the home folder.",
    )
    archive_records: int = Field(
        100_000,
        ge=1,
        le=1_000_000,
        description="Records after which the archiver closes a segment; smaller ones are merged up to it.",
    )
    archive_seconds: float = Field(
        60.0,
        gt=0,
        le=3600,
        description="Seconds after which it closes a segment that has fewer records: so long may a record "
        "stand in Kafka alone.",
    )

    checkpoints: Path | None = Field(
        None,
        description="A folder elsewhere that gets a copy of every checkpoint of the archive; best where "
        "nobody who can write the archive can write.",
    )
    checkpoint_minutes: float = Field(
        60.0,
        gt=0,
        description="Minutes after which the archiver signs what was archived since its last checkpoint.",
    )

    choices: Path | None = Field(
        None,
        description="The signed snapshot of choices that `may_share` relies on. Without it, `choices.signed` "
        "in the home folder.",
    )
    choices_keys: Path | None = Field(
        None,
        description="The public keys that may sign it. Without it, `checkpoint-key.pub` in the home folder.",
    )
    choices_max_age_minutes: float = Field(
        1_440.0,
        gt=0,
        description="How old it may be, in minutes; an older one permits nothing.",
    )

    @model_validator(mode="after")
    def _one_secret(self) -> Self:
        if self.secret is not None and self.secret_file is not None:
            raise ValueError("secret and secret_file are both given; give one")
        return self

    @property
    def spool_file(self) -> Path:
        """Where the spool of a service lies that wants one."""
        return self.spool or self.home / "spool.sqlite"

    @property
    def archive_folder(self) -> Path:
        """Where the archive of the log lies."""
        return self.archive or self.home / "archive"

    @property
    def choices_path(self) -> Path:
        """Where the snapshot of choices lies."""
        return self.choices or self.home / "choices.signed"

    @property
    def choices_keys_path(self) -> Path:
        """Where the public keys lie that may sign it."""
        return self.choices_keys or self.home / "checkpoint-key.pub"

    def kafka_client_options(self) -> dict[str, str]:
        """The further client options in the clear, for the client alone."""
        return {option: value.get_secret_value() for option, value in self.kafka_client.items()}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        given = init_settings.init_kwargs if isinstance(init_settings, InitSettingsSource) else {}
        home = given.get("home") or os.environ.get("LINEAGE_HOME") or cls.model_fields["home"].default
        path = next((p for p in (Path(FILE), Path(home) / FILE) if p.is_file()), None)
        from_file = TomlConfigSettingsSource(settings_cls, path)
        if from_file.toml_data.keys() & {"secret", "secret_retired"}:
            raise Refused(f"{path}: a secret does not belong into a shared file; set LINEAGE_SECRET instead")
        return init_settings, env_settings, from_file


def _shown(part: int | str) -> str:
    """A part of a setting's name, if it looks like one; anything else may be personal and is not shown."""
    text = str(part)
    return text if _NAME.fullmatch(text) else "(a name that is no setting's)"


def load_settings(**given: Any) -> Settings:
    """The settings of this process; what is given here goes before environment and file.

    Raises Refused naming each wrong setting, never its value.
    """
    try:
        settings = Settings(**given)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(_shown, fault['loc'])) or 'settings'}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise Refused(f"settings: {faults}. docs/settings.md lists them.") from None
    except SettingsError:
        raise Refused(
            "settings: one of the environment is to be JSON, and is not: LINEAGE_KAFKA_CLIENT. "
            "docs/settings.md tells how it is written."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{FILE} is not TOML: {error}") from None
    except (ValueError, RecursionError):
        raise Refused(
            f"{FILE} is not TOML: write it in UTF-8, with numbers and nesting of a usual size"
        ) from None
    return settings
