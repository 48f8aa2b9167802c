"""What is a world of the gallery? A story, the request that comes after it, and the copies that go out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from inspect import cleandoc
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from gallery.begun import Declares, named
from gallery.shop import PACIFIC, Shop
from lineage.pieces.attachment import attached
from lineage.pieces.gather import Gathered, Missing
from lineage.report import Audience, Reporter, Request, Verification
from lineage.report.check import in_order
from lineage.report.gate import released
from lineage.report.refusal import Refusal
from lineage.report.request import BLOCKS

RECEIVED: Final = datetime(2026, 6, 15, 10, tzinfo=PACIFIC)

Document = dict[str, Any]
Explained = Mapping[str, list[dict[str, Any]]]
Story = Callable[[Shop], None]


@dataclass(frozen=True, slots=True)
class Answered:
    """The copies of one answer, and what ``lineage explain`` says of the handler's lines, by their names."""

    documents: Mapping[Audience, Document]
    explained: Explained


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One person, and one request of theirs. ``about``: a sentence for whoever looks at the answer.

    ``verification``: what the case reached. ``is_attached``: the values lie sealed beside the answer, but for
    those ``missing``. ``is_translated``: shown in every language. ``declares``: what its policy says
    otherwise.
    """

    name: str
    about: str
    story: Story
    verification: Verification = Verification.V2_HIGH
    blocks: tuple[str, ...] = BLOCKS
    everything: bool = False
    refusal: Refusal | None = None
    is_attached: bool = False
    missing: tuple[Missing, ...] = ()
    is_translated: bool = False
    declares: Declares = ()

    def answered(self, *, is_explained: bool = False) -> Answered:
        """Tell the story and answer the request: the same documents, byte for byte, each time.

        Raises:
            NotInOrder: a copy came out as none may be.
        """
        with (
            TemporaryDirectory(prefix="lineage-gallery-") as folder,
            Shop(Path(folder), self.declares) as shop,
        ):
            self.story(shop)
            request = self._request(shop)
            with shop.closes_the_books() as store:
                reporter = Reporter(store.cursor())
                [whole] = reporter.report([request])
                copies = dict(self._copies(whole))
                behind = reporter.explain_lines(request, whole) if is_explained else {}
                return Answered(copies, behind)

    def _request(self, shop: Shop) -> Request:
        request = Request(
            subject=shop.subject,
            received=RECEIVED,
            blocks=self.blocks,
            everything=self.everything,
            verification=self.verification,
        )
        return request if self.refusal is None else request.refusing(self.refusal)

    def _copies(self, whole: Document) -> Iterator[tuple[Audience, Document]]:
        case = str(named(self.name))
        if self.is_attached:
            sealed = sha256(self.name.encode()).hexdigest()
            whole = attached(whole, sealed, Gathered((), (), self.missing))
        for audience in Audience:
            copy = released(whole, self.verification, self.blocks, audience, case)
            yield audience, in_order(copy, audience)


def world(**how: Any) -> Callable[[Story], World]:
    """A story as a world of its name, whose docstring says what it is about."""

    def made(story: Story) -> World:
        return World(name=story.__name__, about=cleandoc(story.__doc__ or ""), story=story, **how)

    return made
