"""Why does a broker not let this client in? The client tries until its time is up, and then says only that.

What each try failed with it tells its own log alone, so that is where it is heard. Passed on is the kind of
fault, in our words: never a text of the client, nor an option's value.
"""

import logging
import time
from ssl import SSLError

from kafka.errors import (
    KafkaTimeoutError,
    RequestTimedOutError,
    SaslAuthenticationFailedError,
    UnsupportedSaslMechanismError,
)


class _Listening(logging.Filter):
    """Keeps the last error that a connection failed with, and lets every line pass.

    The last try of all is cut short by the clock: that tells nothing.
    """

    error: BaseException | None = None
    at = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        arguments = record.args if isinstance(record.args, tuple) else ()
        found = next((each for each in arguments if isinstance(each, BaseException)), None)
        if found is not None and not isinstance(found, KafkaTimeoutError | RequestTimedOutError):
            self.error, self.at = found, time.monotonic()
        return True


_HEARD = _Listening()
logging.getLogger("kafka.net.manager").addFilter(_HEARD)


def last_refusal(since: float) -> str | None:
    """What the tries to connect since an instant of ``time.monotonic`` failed with; None when none did."""
    if _HEARD.error is None or _HEARD.at < since:
        return None
    return _said(_HEARD.error)


def _said(error: BaseException) -> str:
    text = str(error)
    match error:
        case SaslAuthenticationFailedError():
            return "it does not let this user in (sasl_plain_username, sasl_plain_password)"
        case UnsupportedSaslMechanismError():
            return "it does not know this sasl_mechanism"
        case FileNotFoundError() | PermissionError():
            return "a file that kafka_client names cannot be read (ssl_cafile, ssl_certfile, ssl_keyfile)"
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return "its certificate is not one that ssl_cafile vouches for"
    if isinstance(error, SSLError) or "Handshake failed" in text:
        return "no encrypted connection came about (security_protocol)"
    if "disconnected" in text:
        return (
            "it hangs up on us, as it does on a wrong user or password (security_protocol, sasl_mechanism, "
            "sasl_plain_username, sasl_plain_password)"
        )
    return type(error).__name__
