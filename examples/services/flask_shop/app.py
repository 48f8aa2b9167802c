"""A shop on Flask that tells what it does with personal data. The README beside tells how to run it."""

from pathlib import Path
from uuid import uuid4

from flask import Flask, Response, abort, jsonify, request

from lineage.service import Service, Visit, WsgiMiddleware, from_cookie, visit

service = Service("shop", policy=Path(__file__).parents[1] / "policy")
sessions: dict[str, str] = {}  # a real shop keeps them in a store, and asks for a password before it adds one


def logged_in(visit: Visit) -> str | None:
    """Who has logged in; never what a browser merely says."""
    account = sessions.get(visit.cookies.get("session", ""))
    return f"account:{account}" if account else None


app = Flask(__name__)
app.wsgi_app = WsgiMiddleware(  # type: ignore[method-assign]  # as Flask's own documentation has it
    app.wsgi_app,
    service,
    device=from_cookie("visitor"),
    person=logged_in,
    activity=lambda visit: "page_viewed" if visit.method == "GET" else None,
)


@app.get("/")
def front_page() -> Response:
    served = visit()
    # Whoever serves the page obeys the signal; the middleware records it.
    opted_out = served is not None and served.opted_out
    response = jsonify(advertising="none, as your browser asks" if opted_out else "of our own")
    if served is None or served.device is None:
        response.set_cookie("visitor", uuid4().hex)
    return response


@app.post("/login")
def login() -> Response:
    session = uuid4().hex
    sessions[session] = request.args["account"]
    response = jsonify(None)
    response.set_cookie("session", session)
    return response


@app.post("/orders")
@service.records("order_placed")
def place_order() -> Response:
    served = visit()
    if served is None or served.person is None:
        abort(401)
    pay(served.person)
    return jsonify(order=uuid4().hex)


@service.records("order_paid", subject="{person}")
def pay(person: str) -> None:
    """Give the card to the card company."""


@service.records("addresses_uploaded")
def upload_addresses() -> None:
    """Every night: all addresses to the mailing house. In the record before the first one leaves."""
