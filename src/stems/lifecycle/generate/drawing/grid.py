"""Columns and rows with the room that arrows need between them."""

from __future__ import annotations

from dataclasses import dataclass

from stems.lifecycle.generate.drawing.arrows import Cell, Router

MARGIN, HEAD = 36.0, 100.0
_ROOM, _BESIDE, _SLOT = 40.0, 20.0, 9.0


@dataclass(frozen=True, slots=True)
class Grid:
    """The left ends of gutters and columns, and the upper ends of rows and of the lanes below them."""

    gutters: tuple[float, ...]
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    lanes: tuple[float, ...]
    width: float
    height: float

    @classmethod
    def of(cls, columns: int, rows: list[float], column_width: float, router: Router) -> Grid:
        gutters, starts, x = list[float](), list[float](), MARGIN
        for number in range(columns + 1):
            gutters.append(x)
            # Nothing stands beside the first and the last column, so without arrows they need no room there.
            x += _room(router.in_gutter(number)) if router.in_gutter(number) or 0 < number < columns else 0
            starts.append(x)
            x += column_width
        tops, lanes, y = list[float](), list[float](), HEAD
        for number, height in enumerate(rows):
            tops.append(y)
            lanes.append(y + height)
            y += height + _room(router.in_lane(number))
        return cls(tuple(gutters), tuple(starts), tuple(tops), tuple(lanes), starts[-1] + MARGIN, y)

    def corner(self, cell: Cell) -> tuple[float, float]:
        return self.columns[cell[0]], self.rows[cell[1]]

    def gutter_x(self, number: int, slot: int) -> float:
        return self.gutters[number] + _BESIDE + slot * _SLOT

    def lane_y(self, row: int, slot: int) -> float:
        return self.lanes[row] + _BESIDE + slot * _SLOT


def _room(slots: int) -> float:
    return _ROOM + max(slots - 1, 0) * _SLOT
