"""How does a service tell an event in the transaction in which it happens? By its own database.

::

    outbox = SqlOutbox("shop", Path("policy"))
    outbox.metadata.create_all(engine)          # or add it to your migrations

    with Session(engine) as session, session.begin():
        session.add(order)
        outbox.record(session, "checkout_payment", subject="account:42")

What is rolled back was never told. A relay takes what was committed to the log
(``lineage consume relay_outbox``).
"""

from lineage.outbox.recording import SqlOutbox
from lineage.outbox.relaying import Relay
from lineage.outbox.tables import metadata

__all__ = ["Relay", "SqlOutbox", "metadata"]
