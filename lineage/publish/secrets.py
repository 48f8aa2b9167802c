"""By which secret are the tokens of this installation made? The one that the settings name."""

from lineage.settings import Settings
from lineage.tokens import Pseudonymiser, Secret, load_secret


def pseudonymiser_of(settings: Settings) -> Pseudonymiser:
    """The pseudonyms of this installation, by the secret that the settings name. Raises Refused."""
    return Pseudonymiser(secret_of(settings))


def secret_of(settings: Settings) -> Secret:
    """The secret that the settings name. Raises Refused."""
    if settings.secret_file is not None:
        return Secret.from_file(settings.secret_file)
    given = None if settings.secret is None else settings.secret.get_secret_value()
    return load_secret(given, settings.home)


def retired_secret_of(settings: Settings) -> Secret | None:
    """The secret in use before, while it is kept. Raises Refused."""
    kept = settings.secret_retired
    return None if kept is None else Secret.from_hex(kept.get_secret_value())
