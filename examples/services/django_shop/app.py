"""A shop on Django that tells what it does with personal data. The README beside tells how to run it.

One file in place of a project: in yours, `service` has a module of its own, and the last lines stand in
wsgi.py.
"""

from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from lineage.service import Service, Visit, WsgiMiddleware, from_cookie, visit

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY=uuid4().hex)

service = Service("shop", policy=Path(__file__).parents[1] / "policy")
sessions: dict[str, str] = {}  # a real shop keeps them in a store, and asks for a password before it adds one


def logged_in(visit: Visit) -> str | None:
    """Who has logged in; never what a browser merely says."""
    account = sessions.get(visit.cookies.get("session", ""))
    return f"account:{account}" if account else None


def front_page(request: HttpRequest) -> HttpResponse:
    served = visit()
    # Whoever serves the page obeys the signal; the middleware records it.
    opted_out = served is not None and served.opted_out
    response = JsonResponse({"advertising": "none, as your browser asks" if opted_out else "of our own"})
    if served is None or served.device is None:
        response.set_cookie("visitor", uuid4().hex)
    return response


def login(request: HttpRequest) -> HttpResponse:
    session = uuid4().hex
    sessions[session] = request.GET["account"]
    response = JsonResponse({})
    response.set_cookie("session", session)
    return response


@service.records("order_placed")
def place_order(request: HttpRequest) -> HttpResponse:
    served = visit()
    if served is None or served.person is None:
        return HttpResponse(status=401)
    pay(served.person)
    return JsonResponse({"order": uuid4().hex})


@service.records("order_paid", subject="{person}")
def pay(person: str) -> None:
    """Give the card to the card company."""


@service.records("addresses_uploaded")
def upload_addresses() -> None:
    """Every night: all addresses to the mailing house. In the record before the first one leaves."""


urlpatterns = [path("", front_page), path("login", login), path("orders", place_order)]

app = WsgiMiddleware(
    get_wsgi_application(),
    service,
    device=from_cookie("visitor"),
    person=logged_in,
    activity=lambda visit: "page_viewed" if visit.method == "GET" else None,
)
