"""The inputs of a calculation: the fields of each cover under its name, each with where its value comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from claimdesk.errors import InvalidInput
from claimdesk.language import _
from claimdesk.rules.adjustment import Part, Request
from claimdesk.rules.adjustment.inputs import Kind, Spec
from claimdesk.services.calculation_kept import Source, Sources
from claimdesk.ui import theme
from claimdesk.ui.pages.case.edit_form import EditForm, put
from claimdesk.ui.pages.case.figure_fields import field_for, problem_of, value_of
from claimdesk.ui.widgets import Button, ElidedLabel, SectionHeader

OpenDocument = Callable[[Source], object]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a field stands in the request."""

    part: int
    spec: Spec


class CoverForm(EditForm):
    """One form over all covers of a calculation; `show_request` builds it anew where the covers changed.

    A field is named by its cover and its own name, so that what was typed finds its place again. F4 opens the document
    that the field's value comes from.
    """

    def __init__(self, open_document: OpenDocument) -> None:
        super().__init__('inputs')
        self._open_document = open_document
        self._request: Request | None = None
        self._places: dict[str, _Place] = {}
        self._heads: list[QWidget] = []
        self._lines: dict[str, SourceLine] = {}
        self._sources: dict[str, Sequence[Source]] = {}
        self._more: list[Button] = []
        self._unfolded: set[int | None] = set()

    def show_request(self, request: Request, sources: Sequence[Sources], version: int) -> None:
        """Show a request and its sources; what was typed and not saved stays."""
        if self._request is None or _shape(self._request) != _shape(request):
            typed = self.touched()
            self._build(request)
            self.show_saved(self._values(request), version)
            self._request = request
            self.put_back(typed)
        else:
            self._request = request
            self.show_saved(self._values(request), version)
        for place, found in enumerate(sources):
            for spec in request.parts[place].formula.fields(request.clause):
                self._show_source(_key(request.parts[place], spec), found.get(spec.name, ()))
        self._fold()

    def request(self) -> Request | None:
        """The request as it is typed; None while a field cannot be read."""
        if self._request is None:
            return None
        values: dict[int, dict[str, Any]] = {}
        for name, place in self._places.items():
            field: Any = self.field(name)
            if problem_of(place.spec, field):
                return None
            values.setdefault(place.part, {})[place.spec.name] = value_of(place.spec, field)
        parts = tuple(
            replace(part, inputs=replace(part.inputs, **values.get(number, {})))
            for number, part in enumerate(self._request.parts)
        )
        return replace(self._request, parts=parts)

    def put_request(self, request: Request) -> None:
        """Type the values of `request`, which has the covers that are shown, into the fields."""
        for name, value in self._values(request).items():
            put(self.field(name), value)
        self.state_changed.emit()

    def part_field(self, kind: str, name: str) -> Any:
        """The field `name` of the first cover that is computed by the formula `kind`."""
        for key, place in self._places.items():
            if self._request is not None and self._request.parts[place.part].kind == kind and place.spec.name == name:
                return self.field(key)
        raise KeyError((kind, name))

    def show_refusal(self, error: InvalidInput) -> list[str]:
        """Say at the fields what the service says by path; the sentences that no field takes."""
        self.clear_errors()
        left = []
        for path, sentence in error.fields.items():
            key = self._key_of_path(path)
            if key is None:
                left.append(sentence)
            else:
                self.set_error(key, sentence)
                if self._places[key].spec.rare:
                    self._unfolded.add(self._part_id(self._places[key].part))
        self._fold()
        return left

    def _key_of_path(self, path: str) -> str | None:
        head, _dot, rest = path.partition('.')
        name = rest.partition('[')[0].partition('.')[0]
        for key, place in self._places.items():
            if head == f'parts[{place.part}]' and place.spec.name == name:
                return key
        return None

    # Building

    def _build(self, request: Request) -> None:
        self.reset()
        self._places, self._lines, self._more = {}, {}, []
        for head in self._heads:
            self.take_heading(head)
        self._heads = []
        for number, part in enumerate(request.parts):
            self._head(number, part, request)
            for spec in part.formula.fields(request.clause):
                self._add_field(number, part, spec)

    def _head(self, number: int, part: Part, request: Request) -> None:
        head = SectionHeader(part.title, line=True)
        if number:
            head.setContentsMargins(0, theme.SPACE_8, 0, 0)
        if any(spec.rare for spec in part.formula.fields(request.clause)):
            more = Button('', partial(self._turn, number), kind='link')
            head.add(more)
            self._more.append(more)
            more.setProperty('part', number)
        self._heads.append(head)
        self.add_heading(head)

    def _add_field(self, number: int, part: Part, spec: Spec) -> None:
        key = _key(part, spec)
        field = field_for(spec)
        wide = 2 if spec.kind is Kind.ROWS else 1
        self.add(key, _(spec.label), field, span=wide, hint=_(spec.hint), check=partial(problem_of, spec, field))
        self._places[key] = _Place(number, spec)
        line = SourceLine(self._open_document)
        self._lines[key] = line
        self.add_below(key, line)

    def _show_source(self, key: str, sources: Sequence[Source]) -> None:
        self._sources[key] = sources
        self._lines[key].show_sources(sources)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_F4:
            for key in self._places:
                if self.field(key) is watched and self._lines[key].open_first():
                    return True
        return super().eventFilter(watched, event)

    # Folding

    def _turn(self, number: int) -> None:
        self._unfolded ^= {self._part_id(number)}
        self._fold()

    def _part_id(self, number: int) -> int | None:
        return self._request.parts[number].coverage_id if self._request is not None else None

    def _fold(self) -> None:
        """Hide the rare fields of a folded cover, but never one that holds something or says what is wrong."""
        for key, place in self._places.items():
            if not place.spec.rare:
                continue
            shown = self._part_id(place.part) in self._unfolded or self._holds(key, place) or bool(self.error(key))
            self.set_shown(key, shown)
        for more in self._more:
            unfolded = self._part_id(more.property('part')) in self._unfolded
            more.set_text(_("Fewer fields") if unfolded else _("More fields"))
        self.pack()

    def _holds(self, key: str, place: _Place) -> bool:
        if self._request is None:
            return False
        part = self._request.parts[place.part]
        return bool(value_of(place.spec, self.field(key)) != getattr(part.formula.inputs(), place.spec.name))

    def _values(self, request: Request) -> dict[str, Any]:
        return {
            _key(part, spec): getattr(part.inputs, spec.name)
            for part in request.parts
            for spec in part.formula.fields(request.clause)
        }


class SourceLine(QWidget):
    """Where a value comes from, on one quiet line; a document opens with a click."""

    def __init__(self, open_document: OpenDocument) -> None:
        super().__init__()
        self._open_document = open_document
        self._source: Source | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_4)
        self.words = ElidedLabel('', 'caption')
        self.link = Button('', self.open_first, kind='link', icon='file-text', tip=_("Open the document (F4)"))
        self.link.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.link.setFixedHeight(18)
        row.addWidget(self.words, 1)
        row.addWidget(self.link)
        self.hide()

    def show_sources(self, sources: Sequence[Source]) -> None:
        """Say these sources; the first document among them can be opened."""
        self._source = next((one for one in sources if one.document_id is not None), None)
        words = '; '.join(one.said for one in sources)
        if len(sources) > 2:
            words = _("{count} sources: {words}").format(count=len(sources), words=words)
        self.words.setText(words)
        self.link.setVisible(self._source is not None)
        self.setVisible(bool(words))

    def open_first(self) -> bool:
        """Open the document; False where there is none."""
        if self._source is None:
            return False
        self._open_document(self._source)
        return True


def _key(part: Part, spec: Spec) -> str:
    return f'{part.coverage_id}.{spec.name}'


def _shape(request: Request) -> tuple[Any, ...]:
    return (request.clause, *((part.coverage_id, part.kind, part.title) for part in request.parts))


def titles(request: Request) -> list[str]:
    """The names of the covers, for the sheet."""
    return [part.title for part in request.parts]
