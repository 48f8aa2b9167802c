"""Where is the log, where is the database, whose secret? One frozen answer, read once at the entry point.

A setting comes from the call, else from the environment (``LINEAGE_`` and its name), else from `lineage.toml`
in the working directory or, where there is none, in the home folder, else from its default.
"""

import os
import tomllib
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from lineage.errors import Refused

FILE = "lineage.toml"


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
    heartbeat_seconds: float = Field(
        300.0, gt=0, description="Seconds between a producer's reports of how far it has come."
    )

    @model_validator(mode="after")
    def _one_secret(self) -> Self:
        if self.secret is not None and self.secret_file is not None:
            raise ValueError("secret and secret_file are both given; give one")
        return self

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


def load_settings(**given: Any) -> Settings:
    """The settings of this process; what is given here goes before environment and file.

    Raises Refused naming each wrong setting, never its value.
    """
    try:
        settings = Settings(**given)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'settings'}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise Refused(f"settings: {faults}. docs/settings.md lists them.") from None
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{FILE} is not TOML: {error}") from None
    return settings
