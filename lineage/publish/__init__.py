"""Everything that writes to the log: a service's publisher, lines of JSON, the adoption of a policy.

A service needs two names from here::

    from lineage.publish import open_publisher

    with open_publisher("shop", policy=Path("policy")) as publisher:
        publisher.record("checkout_payment", subject="account:42")
"""

from lineage.publish.opening import open_publisher
from lineage.publish.publisher import Publisher
from lineage.publish.secrets import pseudonymiser_of, retired_secret_of, secret_of

__all__ = ["Publisher", "open_publisher", "pseudonymiser_of", "retired_secret_of", "secret_of"]
