"""The owners as lines of a tree, with what is decisive, and as boxes of a picture. Pure: owners in, lines out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from organizations import ownership
from organizations.models import OwnershipFinding, Stake
from organizations.selectors import Owners, node_of, node_of_party
from organizations.states import FindingKind

LONGEST = 200
"""Lines. Each owner is opened once, so that many ways to it do not multiply."""

WIDTH, STEP, TALL, INDENT, LETTER = 320, 34, 27, 14, 8.8
"""Of the picture, in its own units: about a pixel on a phone. LETTER is what a letter takes, at most."""

DEEPEST = 8
"""Steps of indentation; what is further out stands below each other."""


@dataclass(frozen=True, slots=True)
class Line:
    """A stake, a settled part or an unknown part of what the line above it, one step further out, is about.

    `counted` is what would count of the whole organization as blocked if this holder alone were listed.
    """

    kind: str  # ROOT, STAKE, SETTLED, UNKNOWN
    depth: int
    name: str
    owned: str
    share: Decimal | None
    node: Any = None
    counted: Decimal | None = None
    is_decisive: bool = False
    is_again: bool = False
    is_listed: bool = False
    stake: Stake | None = None
    finding: OwnershipFinding | None = None


@dataclass(frozen=True, slots=True)
class Box:
    line: Line
    x: int
    y: int
    width: int
    filled: int
    label: str
    share: str
    parent_y: int | None

    @property
    def middle(self) -> int:
        return self.y + TALL // 2


@dataclass(frozen=True)
class View:
    """What a page shows of the owners. `threshold` is the rule's line, None where no rule is loaded; `upper` is the most
    that unknown owners may have. `is_cut` where there were more lines."""

    owners: Owners
    lines: list[Line]
    boxes: list[Box]
    height: int
    threshold: Decimal | None
    upper: Decimal
    is_cut: bool

    @property
    def is_told(self) -> bool:
        """Whether unknown owners cannot reach the rule's line."""
        return self.threshold is not None and self.upper < self.threshold

    @property
    def decisive(self) -> list[Line]:
        return list({(line.node, line.kind): line for line in self.lines if line.is_decisive}.values())


def view(owners: Owners, threshold: Decimal | None, *, listed: Iterable[Any] = ()) -> View:
    """`listed` are nodes to be marked, on officers' pages only."""
    tree = _Tree(owners, threshold, set(listed))
    found = list(islice(tree.lines(), LONGEST + 1))
    lines = found[:LONGEST]
    boxes = boxes_of(lines)
    return View(owners, lines, boxes, len(boxes) * STEP, threshold, tree.upper, len(found) > LONGEST)


class _Tree:
    """Walks the owners from the organization outwards; each is opened where it first stands."""

    def __init__(self, owners: Owners, threshold: Decimal | None, listed: set[Any]) -> None:
        self.owners, self.listed, self.threshold = owners, listed, threshold
        self.line = ownership.WHOLE if threshold is None else threshold
        self.into = owners.chart.into()
        self.rows = {(one.owner, one.owned): row for one, row in zip(owners.chart.stakes, owners.stakes, strict=True)}
        self.opened: set[Any] = set()
        chart, node = owners.chart, owners.node
        self.upper = ownership.bounds_of(chart, node, blocked=(), threshold=self.line).upper
        is_open = threshold is not None and self.upper >= threshold
        missing = ownership.gaps(chart, node, blocked=(), threshold=self.line) if is_open else []
        self.missing = {gap.node for gap in missing}

    def lines(self) -> Iterator[Line]:
        yield Line("ROOT", 0, self.owners.name(self.owners.node), "", None, node=self.owners.node)
        yield from self._into(self.owners.node, 1)

    def _into(self, node: Any, depth: int) -> Iterator[Line]:
        self.opened.add(node)
        stakes = self.into.get(node, [])
        for stake in sorted(stakes, key=lambda one: (one.share is None, -(one.share or 0))):
            yield self._stake(stake, depth)
            if stake.owner not in self.opened:
                yield from self._into(stake.owner, depth + 1)
        yield from self._settled(node, depth)
        yield from self._unknown(node, stakes, depth)

    def _stake(self, stake: ownership.Stake, depth: int) -> Line:
        counted = ownership.counted_share(self.owners.chart, self.owners.node, stake.owner, threshold=self.line)
        return Line(
            "STAKE",
            depth,
            self.owners.name(stake.owner),
            self.owners.name(stake.owned),
            stake.share,
            node=stake.owner,
            counted=counted if counted or stake.share is not None else None,
            is_decisive=self.threshold is not None and counted >= self.threshold,
            is_again=stake.owner in self.opened and stake.owner not in self.owners.chart.closed,
            is_listed=stake.owner in self.listed,
            stake=self.rows[stake.owner, stake.owned],
        )

    def _settled(self, node: Any, depth: int) -> Iterator[Line]:
        for finding in self.owners.findings:
            about = node_of_party(finding.party) if finding.party else node_of(finding.organization_id)
            if about == node and finding.kind in FindingKind.settling():
                name = _("Settled by an officer's finding")
                yield Line("SETTLED", depth, name, self.owners.name(node), finding.share_percent, finding=finding)

    def _unknown(self, node: Any, stakes: list[ownership.Stake], depth: int) -> Iterator[Line]:
        chart = self.owners.chart
        if node in chart.closed or (node in chart.settled and chart.settled[node] is None):
            return
        if share := ownership.unknown_share(stakes, chart.settled, node):
            owned, is_decisive = self.owners.name(node), node in self.missing
            yield Line("UNKNOWN", depth, _("Not known"), owned, share, node=node, is_decisive=is_decisive)


def boxes_of(lines: list[Line]) -> list[Box]:
    """One below the other, each with a line to the one that it has a part of."""
    last: dict[int, int] = {}
    found = []
    for position, line in enumerate(lines):
        parent = last.get(line.depth - 1) if line.depth <= DEEPEST else None
        last[line.depth] = position
        found.append(_box(line, position * STEP + 2, None if parent is None else parent * STEP + 2 + TALL))
    return found


def _box(line: Line, y: int, parent_y: int | None) -> Box:
    x = min(line.depth, DEEPEST) * INDENT + 2
    width = WIDTH - x - 2
    share = "" if line.kind == "ROOT" else "?" if line.share is None else f"{line.share.normalize():f} %"
    filled = 0 if line.kind == "ROOT" or line.share is None else int(width * line.share / 100)
    room = int((width - 20 - LETTER * len(share)) / LETTER)
    label = line.name if len(line.name) <= room else line.name[: room - 1].rstrip() + "…"
    return Box(line, x, y, width, filled, label, share, parent_y)
