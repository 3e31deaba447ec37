"""A sketch of what happened: a template of the place, marks put on it, and lines drawn by hand.

Coordinates run from 0 to `WIDTH` and 0 to `HEIGHT`, from the upper left corner, whatever it is shown on. Screen and
paper draw the same shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import cos, radians, sin
from typing import Any

from claimdesk.language import N_
from claimdesk.vocabulary import Word

WIDTH, HEIGHT = 1000.0, 625.0
MOST_STROKES, MOST_POINTS, MOST_MARKS = 400, 2000, 60
Point = tuple[float, float]
Line = tuple[Point, ...]


class Template(Word):
    """The place that a sketch begins with."""

    EMPTY = 'empty', N_("Empty sheet")
    CROSSROAD = 'crossroad', N_("Crossroad")
    T_JUNCTION = 't_junction', N_("T-junction")
    ROAD = 'road', N_("Straight road")
    ROUNDABOUT = 'roundabout', N_("Roundabout")
    CAR_PARK = 'car_park', N_("Car park")
    BUILDING = 'building', N_("Ground plan")


class Mark(Word):
    """Something that is put on the sketch."""

    OWN_CAR = 'own_car', N_("Our vehicle")
    OTHER_CAR = 'other_car', N_("Other vehicle")
    LORRY = 'lorry', N_("Lorry")
    BICYCLE = 'bicycle', N_("Bicycle or motorcycle")
    PERSON = 'person', N_("Pedestrian")
    IMPACT = 'impact', N_("Point of impact")
    DIRECTION = 'direction', N_("Direction of travel")
    OBSTACLE = 'obstacle', N_("Obstacle")
    SEAT_OF_FIRE = 'fire', N_("Seat of the fire or leak")


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark with its middle at (x, y), turned by `angle` degrees clockwise."""

    mark: Mark
    x: float
    y: float
    angle: float = 0.0


@dataclass(frozen=True, slots=True)
class Sketch:
    """A template, marks and lines, and a note below."""

    template: Template = Template.EMPTY
    marks: tuple[PlacedMark, ...] = ()
    strokes: tuple[Line, ...] = ()
    note: str = ''

    def __bool__(self) -> bool:
        return bool(self.marks or self.strokes or self.note or self.template is not Template.EMPTY)

    def with_mark(self, mark: PlacedMark) -> Sketch:
        """The sketch with one more mark."""
        return replace(self, marks=(*self.marks, mark)) if len(self.marks) < MOST_MARKS else self

    def with_stroke(self, stroke: Line) -> Sketch:
        """The sketch with one more line; a line of fewer than two points is none."""
        if len(stroke) < 2 or len(self.strokes) >= MOST_STROKES:
            return self
        return replace(self, strokes=(*self.strokes, stroke[:MOST_POINTS]))


@dataclass(frozen=True, slots=True)
class Shape:
    """A figure to draw: a line through points, closed and filled where it says so; `thick` in sketch units."""

    points: Line
    closed: bool = False
    filled: bool = False
    thick: float = 3.0
    dashed: bool = False
    faint: bool = False


def shapes(sketch: Sketch) -> tuple[Shape, ...]:
    """Everything of the sketch in the order of drawing: the place, the lines by hand, the marks."""
    drawn = tuple(Shape(stroke, thick=4.0) for stroke in sketch.strokes)
    return (*TEMPLATES[sketch.template], *drawn, *(shape for mark in sketch.marks for shape in mark_shapes(mark)))


def mark_shapes(placed: PlacedMark) -> tuple[Shape, ...]:
    """The figures of a mark where it was put."""
    return tuple(
        replace(shape, points=tuple(_turned(point, placed) for point in shape.points)) for shape in _MARKS[placed.mark]
    )


def to_json(sketch: Sketch) -> dict[str, Any]:
    """The sketch as plain JSON; {} for an empty one."""
    if not sketch:
        return {}
    return {
        'template': sketch.template.value,
        'marks': [[one.mark.value, round(one.x, 1), round(one.y, 1), round(one.angle, 1)] for one in sketch.marks],
        'strokes': [[[round(x, 1), round(y, 1)] for x, y in stroke] for stroke in sketch.strokes],
        'note': sketch.note,
    }


def from_json(value: Any) -> Sketch:
    """The sketch that `to_json` wrote. Raises `ValueError` for anything else."""
    if not value:
        return Sketch()
    try:
        marks = tuple(
            PlacedMark(Mark(name), _within(x, WIDTH), _within(y, HEIGHT), float(angle) % 360)
            for name, x, y, angle in value['marks'][:MOST_MARKS]
        )
        strokes = tuple(
            tuple((_within(x, WIDTH), _within(y, HEIGHT)) for x, y in stroke[:MOST_POINTS])
            for stroke in value['strokes'][:MOST_STROKES]
        )
        return Sketch(Template(value['template']), marks, strokes, str(value.get('note', ''))[:400])
    except (KeyError, TypeError) as error:
        raise ValueError('not a sketch') from error


def _within(value: float, most: float) -> float:
    return min(most, max(0.0, float(value)))


def _turned(point: Point, placed: PlacedMark) -> Point:
    turn = radians(placed.angle)
    x, y = point
    return placed.x + x * cos(turn) - y * sin(turn), placed.y + x * sin(turn) + y * cos(turn)


def _edge(*points: Point) -> Shape:
    return Shape(points, thick=4.0, faint=True)


def _lane(*points: Point) -> Shape:
    return Shape(points, thick=2.0, dashed=True, faint=True)


def _circle(radius: float, x: float = 0.0, y: float = 0.0, steps: int = 36) -> Line:
    return tuple(
        (x + radius * cos(radians(360 * step / steps)), y + radius * sin(radians(360 * step / steps)))
        for step in range(steps + 1)
    )


_MIDDLE, _DOWN, _HALF = WIDTH / 2, HEIGHT / 2, 90.0
_LEFT, _RIGHT, _UP, _LOW = _MIDDLE - _HALF, _MIDDLE + _HALF, _DOWN - _HALF, _DOWN + _HALF
TEMPLATES: Mapping[Template, tuple[Shape, ...]] = {
    Template.EMPTY: (),
    Template.CROSSROAD: (
        _edge((0, _UP), (_LEFT, _UP), (_LEFT, 0)),
        _edge((WIDTH, _UP), (_RIGHT, _UP), (_RIGHT, 0)),
        _edge((0, _LOW), (_LEFT, _LOW), (_LEFT, HEIGHT)),
        _edge((WIDTH, _LOW), (_RIGHT, _LOW), (_RIGHT, HEIGHT)),
        _lane((0, _DOWN), (_LEFT, _DOWN)),
        _lane((_RIGHT, _DOWN), (WIDTH, _DOWN)),
        _lane((_MIDDLE, 0), (_MIDDLE, _UP)),
        _lane((_MIDDLE, _LOW), (_MIDDLE, HEIGHT)),
    ),
    Template.T_JUNCTION: (
        _edge((0, _UP), (WIDTH, _UP)),
        _edge((0, _LOW), (_LEFT, _LOW), (_LEFT, HEIGHT)),
        _edge((WIDTH, _LOW), (_RIGHT, _LOW), (_RIGHT, HEIGHT)),
        _lane((0, _DOWN), (WIDTH, _DOWN)),
        _lane((_MIDDLE, _LOW), (_MIDDLE, HEIGHT)),
    ),
    Template.ROAD: (
        _edge((0, _UP - 30), (WIDTH, _UP - 30)),
        _edge((0, _LOW + 30), (WIDTH, _LOW + 30)),
        Shape(((0, _DOWN), (WIDTH, _DOWN)), thick=3.0, faint=True),
        _lane((0, _DOWN - 60), (WIDTH, _DOWN - 60)),
        _lane((0, _DOWN + 60), (WIDTH, _DOWN + 60)),
    ),
    Template.ROUNDABOUT: (
        Shape(_circle(90, _MIDDLE, _DOWN), thick=4.0, faint=True),
        Shape(_circle(230, _MIDDLE, _DOWN), thick=2.0, dashed=True, faint=True),
        _edge((0, _UP + 20), (_MIDDLE - 225, _UP + 20)),
        _edge((0, _LOW - 20), (_MIDDLE - 225, _LOW - 20)),
        _edge((WIDTH, _UP + 20), (_MIDDLE + 225, _UP + 20)),
        _edge((WIDTH, _LOW - 20), (_MIDDLE + 225, _LOW - 20)),
    ),
    Template.CAR_PARK: (
        _edge((60, 60), (940, 60)),
        _edge((60, 565), (940, 565)),
        *(_edge((60 + 110 * place, 60), (60 + 110 * place, 210)) for place in range(9)),
        *(_edge((60 + 110 * place, 415), (60 + 110 * place, 565)) for place in range(9)),
    ),
    Template.BUILDING: (
        _edge((90, 70), (910, 70), (910, 555), (560, 555)),
        _edge((440, 555), (90, 555), (90, 70)),
        _edge((500, 70), (500, 240)),
        _edge((500, 350), (500, 380)),
        _edge((90, 380), (360, 380)),
        _edge((470, 380), (910, 380)),
    ),
}

_CAR: Line = ((-48, -24), (40, -24), (52, -12), (52, 12), (40, 24), (-48, 24))
_MARKS: Mapping[Mark, tuple[Shape, ...]] = {
    Mark.OWN_CAR: (Shape(_CAR, closed=True, filled=True), Shape(((22, -18), (22, 18)))),
    Mark.OTHER_CAR: (Shape(_CAR, closed=True), Shape(((22, -18), (22, 18)))),
    Mark.LORRY: (
        Shape(((-80, -28), (34, -28), (34, 28), (-80, 28)), closed=True),
        Shape(((40, -24), (70, -24), (70, 24), (40, 24)), closed=True),
    ),
    Mark.BICYCLE: (Shape(_circle(16, -24)), Shape(_circle(16, 24)), Shape(((-24, 0), (0, -16), (24, 0), (-24, 0)))),
    Mark.PERSON: (
        Shape(_circle(10, 0, -22)),
        Shape(((0, -12), (0, 12), (-12, 32))),
        Shape(((0, 12), (12, 32))),
        Shape(((-16, 0), (16, 0))),
    ),
    Mark.IMPACT: tuple(Shape(((-x, -y), (x, y)), thick=5.0) for x, y in ((30, 0), (21, 21), (0, 30), (-21, 21))),
    Mark.DIRECTION: (Shape(((-60, 0), (60, 0))), Shape(((38, -16), (60, 0), (38, 16)))),
    Mark.OBSTACLE: (Shape(((0, -28), (28, 22), (-28, 22)), closed=True, filled=True),),
    Mark.SEAT_OF_FIRE: (Shape(_circle(26), thick=5.0), Shape(_circle(10), closed=True, filled=True)),
}  # fmt: skip
