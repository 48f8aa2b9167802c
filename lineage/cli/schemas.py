"""`lineage schemas`: may the schemas change so, and what does a schema registry know of them?"""

from collections.abc import Mapping
from pathlib import Path

import click

from lineage.cli.exits import BAD_INPUT
from lineage.cli.output import format_option, show
from lineage.registry.client import RegistryClient
from lineage.settings import Settings, load_settings


@click.group("schemas")
def command() -> None:
    """The schemas of the events: whether a change may be released, and what a registry knows of them."""


@command.command("check")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@format_option
@click.pass_context
def check(ctx: click.Context, folder: Path | None, form: str) -> None:
    """Look whether every value that was ever written can still be read, and says the same.

    FOLDER holds the .avsc files, releases.txt and released/; without it, those of this installation. Each
    released version of each event is tried: its values are written, read by the schema of now, and compared.

    \b
    Example:
      lineage schemas check schemas

    Ends with 0, or 1 when something would be lost; it then names event, release, field and what to do.
    """
    from lineage.codec.evolution import faults
    from lineage.codec.kept import listed
    from lineage.resources import folder as shipped

    root = folder or shipped("schemas")
    found = faults(root)
    if found:
        rows = [(each.event, each.released, each.field, each.problem, each.remedy) for each in found]
        show(("event", "released", "field", "problem", "remedy"), rows, form)
        ctx.exit(BAD_INPUT)
    show(
        ("event", "released"),
        [(event, printed) for event, _, printed in map(_parts, sorted(listed(root)))],
        form,
    )


@command.command("push")
@format_option
def push(form: str) -> None:
    """Register every released schema in the schema registry, and remember what its ids mean.

    Subjects are the names of the records, such as personal_data.v1.Shared, of compatibility
    BACKWARD_TRANSITIVE. Doing it again changes nothing. Only this command and `learn` need the registry.

    \b
    Example:
      LINEAGE_SCHEMA_REGISTRY=http://localhost:8081 lineage schemas push

    Ends with 0, 1 when the registry refuses a schema, 4 when it does not answer.
    """
    from lineage.registry.push import push as pushed
    from lineage.resources import folder

    settings = load_settings()
    client = _client(settings)
    done = list(pushed(client, folder("schemas")))
    _learned(settings, client, {each.id: each.fingerprint for each in done})
    rows = [(each.subject, each.fingerprint, each.id, "new" if each.is_new else "") for each in done]
    show(("subject", "released", "id", "registered"), rows, form)


@command.command("learn")
@format_option
def learn(form: str) -> None:
    """Remember what the ids of the schema registry mean, without registering anything.

    For other machines than the one that pushed, and when a producer has registered a schema by its own
    tools. Values with an id that was not known are parked; 'lineage rebuild' reads them once it is.

    \b
    Example:
      LINEAGE_SCHEMA_REGISTRY=http://localhost:8081 lineage schemas learn

    Ends with 0, 3 when the registry is another one than before, 4 when it does not answer.
    """
    settings = load_settings()
    known = _learned(settings, _client(settings), {})
    show(("id", "released"), list(known.items()), form)


def _client(settings: Settings) -> RegistryClient:
    if settings.schema_registry is None:
        raise click.UsageError("name the schema registry: LINEAGE_SCHEMA_REGISTRY=http://host:8081")
    return RegistryClient(settings.schema_registry.get_secret_value())


def _learned(settings: Settings, client: RegistryClient, pushed: Mapping[int, str]) -> Mapping[int, str]:
    """What the ids mean, once all that the registry has is remembered."""
    from lineage.codec.schemas import shipped
    from lineage.framing import keep_ids
    from lineage.registry.push import learn as found

    known, added = keep_ids(settings.home, {**found(client, shipped(), settings.kafka_topic), **pushed})
    if added:
        click.echo(
            f"lineage: {added} id{'s'[: added != 1]} learned. A running projector knows them when it is "
            "started again; values that were parked for them are read by 'lineage rebuild'.",
            err=True,
        )
    return known.meant


def _parts(name: str) -> tuple[str, str, str]:
    return name.rpartition("-")
