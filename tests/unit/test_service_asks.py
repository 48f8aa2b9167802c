"""Before a web service sells or shares: does it ask by what its own middleware was told a moment ago?"""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from choosing import POLICY
from click.testing import CliRunner
from installations import begin
from serving import POISON

from lineage.choices import Reason
from lineage.cli import main
from lineage.events import Choice, ChoiceMade, Via
from lineage.policy import parse
from lineage.service import Service, WsgiMiddleware
from lineage.settings import load_settings

PERSON = f"email:{POISON}"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An installation that has exported the choices of everybody."""
    begin(tmp_path, POLICY)
    done = CliRunner().invoke(main, ["choices", "export"], env={"LINEAGE_HOME": str(tmp_path / "home")})
    assert done.exit_code == 0, done.output
    return tmp_path / "home"


@pytest.fixture
def service(home: Path) -> Iterator[Service]:
    made = Service("web", policy=parse(POLICY), settings=load_settings(home=home))
    yield made
    made.close()


def test_an_opt_out_that_the_service_was_told_forbids_the_next_sale(service: Service) -> None:
    assert service.may_share("sell_segment", subject=PERSON).reason is Reason.NO_OPT_OUT

    service.publish(ChoiceMade(subject=PERSON, choice=Choice.OPT_OUT, via=Via.GPC, system="web_shop"))

    assert service.may_share("sell_segment", subject=PERSON).reason is Reason.OPTED_OUT
    assert service.may_share("sell_segment", subject="account:somebody-else")


def test_the_signal_of_the_request_that_is_served_forbids_it_without_being_handed_on(
    service: Service,
) -> None:
    said = []

    def app(environ, start_response):
        said.append(service.may_share("sell_segment", subject=PERSON).reason)
        start_response("200 OK", [])
        return []

    for signal in ({}, {"HTTP_SEC_GPC": "1"}):
        WsgiMiddleware(app, service)({"REQUEST_METHOD": "GET", **signal}, lambda *said: lambda body: None)
    assert said == [Reason.NO_OPT_OUT, Reason.SIGNAL]


def test_without_a_publisher_the_answer_is_no(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "log.sqlite").mkdir()
    service = Service("web", policy=parse(POLICY), settings=load_settings(home=tmp_path))

    with caplog.at_level(logging.DEBUG):
        told = service.may_share("sell_segment", subject=PERSON)
        service.close()

    assert (told.allowed, told.reason) == (False, Reason.NO_PUBLISHER)
    assert "without a publisher nothing may be shared" in caplog.text
    assert POISON not in caplog.text


def test_a_producer_that_the_policy_does_not_know_is_warned_of_at_the_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Service("shop", policy=parse(POLICY), settings=load_settings(home=tmp_path))

    assert "the policy knows no producer shop, and its answers will have a gap; it knows web" in caplog.text
