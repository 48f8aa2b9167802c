"""How does a whole service tell what it does, in one line for each place? By a decorator and a middleware.

::

    service = Service("shop", policy=Path("policy"))

    @service.records("order_placed", subject="account:{account}")
    def place(account: str) -> None: ...

    app.add_middleware(AsgiMiddleware, service=service, device=from_cookie("visitor"))

Nothing here stops a request: what could not be recorded is counted, logged and told to ``on_failure``. Only a
decorator that is told to be ``strict`` raises, and a service that is declared wrongly, at its start.
"""

from lineage.service.asgi import AsgiMiddleware
from lineage.service.failures import Failure
from lineage.service.service import Service
from lineage.service.visit import Visit, from_cookie, person_is, visit
from lineage.service.wsgi import WsgiMiddleware

__all__ = [
    "AsgiMiddleware",
    "Failure",
    "Service",
    "Visit",
    "WsgiMiddleware",
    "from_cookie",
    "person_is",
    "visit",
]
