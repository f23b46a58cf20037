"""Every row of a store is read through a scope. A query without one raises, so that a forgotten filter is an error and never a leak.

A scope is taken by `visible_to(staff)` in pages, `of_store(store_id)` in domain functions and jobs, or
`across_stores("reason")` in the few sweeps that serve all stores at once. Rows reached through an object already
fetched (`customer.contact_points`) carry its scope.

Beneath it lies a second layer that no query can forget: the database shows the stores that are seen here (`dealership.sight`).
Where none is, these querysets raise, since an empty answer would pass for the truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol, Self, TypeVar

from django.db import models

from dealership import sight

Row = TypeVar("Row", bound=models.Model, covariant=True)


class ScopeError(RuntimeError):
    """A store's rows were asked for without saying whose."""


class SeesStore(Protocol):
    """Whoever may look into one store: a StaffMember."""

    @property
    def store_id(self) -> int: ...


class ScopedQuerySet(models.QuerySet[Row]):
    """A queryset that refuses to touch the database until it is scoped."""

    _scoped = False

    def of_store(self, store_id: int) -> Self:
        """The rows of one store."""
        return self.filter(store_id=store_id)._take_scope()

    def visible_to(self, staff: SeesStore) -> Self:
        """The rows that this person may see. Departments narrow it where a role sees less than its store."""
        return self.of_store(staff.store_id)

    def across_stores(self, reason: str) -> Self:
        """The rows of all stores, for work that serves all of them. The reason is for whoever reads the call."""
        if not reason:
            raise ScopeError("Say why this query may cross stores.")
        only = sight.now().stores
        rows = self.filter(store_id__in=only) if only else self.all()
        return rows._take_scope()

    def _take_scope(self) -> Self:
        self._scoped = True
        return self

    def _require_scope(self) -> None:
        if not self._scoped:
            raise ScopeError(
                f"{self.model.__name__} was asked for without a scope: use visible_to(staff), of_store(store_id) or across_stores(reason)."
            )
        if not sight.now():
            raise ScopeError(
                f"{self.model.__name__} was asked for where no store is seen: enter sight.one_store(store_id) or sight.all_stores(reason)."
            )

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._scoped = self._scoped
        return clone

    def _add_hints(self, **hints: Any) -> None:
        # Related managers hint the object they hang on; that object was fetched within a scope.
        if "instance" in hints:
            self._scoped = True
        super()._add_hints(**hints)  # type: ignore[misc]

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._require_scope()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[Row]:
        self._require_scope()
        return super().iterator(chunk_size)

    def count(self) -> int:
        self._require_scope()
        return super().count()

    def exists(self) -> bool:
        self._require_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._require_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._require_scope()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._require_scope()
        return super().delete()

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        # The rows were fetched within a scope; bulk_update filters by their keys.
        if not self._scoped:
            return self.across_stores("rows already fetched").bulk_update(objs, fields, batch_size)
        return super().bulk_update(objs, fields, batch_size)

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        self._require_scope()
        return super().resolve_expression(*args, **kwargs)


class StoreOwned(models.Model):
    """A row that belongs to a store."""

    store = models.ForeignKey("stores.Store", on_delete=models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
