"""The tree of a menu's entries while it is being rearranged. What cannot be done changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete

from webapp.database import db
from webapp.models import MenuItem

LEVELS = 3


class Tree:
    """The entries of a menu by the one above them. Putting them in order again numbers all."""

    def __init__(self, items: Sequence[MenuItem]) -> None:
        known = {item.id for item in items}
        self.below: dict[int | None, list[MenuItem]] = {}
        for item in items:
            if item.parent_id not in known:
                item.parent_id = None
            self.below.setdefault(item.parent_id, []).append(item)

    def siblings(self, item: MenuItem) -> list[MenuItem]:
        return self.below[item.parent_id]

    def level(self, item: MenuItem) -> int:
        parents = {one.id: one.parent_id for some in self.below.values() for one in some}
        level, above = 1, item.parent_id
        while above is not None:
            level, above = level + 1, parents[above]
        return level

    def height(self, item: MenuItem) -> int:
        return 1 + max(map(self.height, self.below.get(item.id, [])), default=0)

    def number(self) -> None:
        place = 0

        def walk(above: int | None) -> None:
            nonlocal place
            for item in self.below.get(above, []):
                item.parent_id, item.position = above, place
                place += 1
                walk(item.id)

        walk(None)


def _swap(tree: Tree, item: MenuItem, step: int) -> None:
    some = tree.siblings(item)
    place = some.index(item)
    other = place + step
    if 0 <= other < len(some):
        some[place], some[other] = some[other], some[place]
        tree.number()


def _in(tree: Tree, item: MenuItem) -> None:
    some = tree.siblings(item)
    place = some.index(item)
    if place and tree.level(item) + tree.height(item) <= LEVELS:
        some.remove(item)
        tree.below.setdefault(some[place - 1].id, []).append(item)
        tree.number()


def _out(tree: Tree, item: MenuItem) -> None:
    above = next((one for some in tree.below.values() for one in some if one.id == item.parent_id), None)
    if above is not None:
        tree.siblings(item).remove(item)
        some = tree.siblings(above)
        some.insert(some.index(above) + 1, item)
        tree.number()


def _remove(tree: Tree, item: MenuItem) -> None:
    some = tree.siblings(item)
    place = some.index(item)
    some[place : place + 1] = tree.below.pop(item.id, [])
    tree.number()
    db.session.flush()
    db.session.execute(delete(MenuItem).where(MenuItem.id == item.id))


MOVES = {
    "up": lambda tree, item: _swap(tree, item, -1),
    "down": lambda tree, item: _swap(tree, item, 1),
    "in": _in,
    "out": _out,
    "remove": _remove,
}
DEEDS = frozenset(MOVES)
