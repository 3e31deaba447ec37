"""Saved views: a person's named filters over the case list, and the views that every office begins with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claimdesk.services.case_list import CaseQuery
from claimdesk.services.context import Actor, OfficeContext


@dataclass(frozen=True, slots=True)
class ViewItem:
    """A view: `id` is None for one that the program brings along; `key` tells those apart (mine, today, overdue…)."""

    id: int | None
    key: str
    name: str
    query: CaseQuery
    columns: tuple[str, ...] = ()


class SavedViews:
    """A person's own views."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def views(self, actor: Actor) -> list[ViewItem]:
        """The views of the person: first those of the program, then the person's own in their order."""

    def save(self, actor: Actor, name: str, query: CaseQuery, columns: Sequence[str] = ()) -> ViewItem:
        """Keep a view under `name`; the same name again replaces it. Raises `InvalidInput`."""

    def rename(self, actor: Actor, view_id: int, name: str) -> ViewItem:
        """Give a view another name. Raises `InvalidInput`, `NotFound`."""

    def remove(self, actor: Actor, view_id: int) -> ViewItem:
        """Remove a view and return what it held, so that it can be saved again."""

    def reorder(self, actor: Actor, view_ids: Sequence[int]) -> None:
        """Put the person's own views into this order."""

    def counts(self, actor: Actor, views: Sequence[ViewItem]) -> list[int]:
        """How many cases each view holds now (in the background: it takes a while on a million cases)."""
