"""A shop on FastAPI that tells what it does with personal data. The README beside tells how to run it."""

from pathlib import Path
from uuid import uuid4

from fastapi import FastAPI, HTTPException, Response

from lineage.service import AsgiMiddleware, Service, Visit, from_cookie, visit

service = Service("shop", policy=Path(__file__).parents[1] / "policy")
sessions: dict[str, str] = {}  # a real shop keeps them in a store, and asks for a password before it adds one


def logged_in(visit: Visit) -> str | None:
    """Who has logged in; never what a browser merely says."""
    account = sessions.get(visit.cookies.get("session", ""))
    return f"account:{account}" if account else None


app = FastAPI()
app.add_middleware(
    AsgiMiddleware,
    service=service,
    device=from_cookie("visitor"),
    person=logged_in,
    activity=lambda visit: "page_viewed" if visit.method == "GET" else None,
)


@app.get("/")
async def front_page(response: Response) -> dict[str, str]:
    served = visit()
    if served is None or served.device is None:
        response.set_cookie("visitor", uuid4().hex)
    # Whoever serves the page obeys the signal; the middleware records it.
    return {"advertising": "none, as your browser asks" if served and served.opted_out else "of our own"}


@app.post("/login")
async def login(account: str, response: Response) -> None:
    session = uuid4().hex
    sessions[session] = account
    response.set_cookie("session", session)


@app.post("/orders")
@service.records("order_placed")
async def place_order() -> dict[str, str]:
    served = visit()
    if served is None or served.person is None:
        raise HTTPException(401)
    pay(served.person)
    return {"order": uuid4().hex}


@service.records("order_paid", subject="{person}")
def pay(person: str) -> None:
    """Give the card to the card company."""


@service.records("addresses_uploaded")
def upload_addresses() -> None:
    """Every night: all addresses to the mailing house. In the record before the first one leaves."""
