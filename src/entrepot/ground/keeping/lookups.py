"""Lookups of our own: `lineage__under="AP/AS/"`, and `email__octets` for constraints."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, IntegerField, Lookup, Transform


@CharField.register_lookup
class Under(Lookup):
    """Starts with. `startswith` cannot use an index on SQLite (LIKE with ESCAPE), a range cannot on every PostgreSQL collation."""

    lookup_name = "under"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Two comparisons, for SQLite, whose text order is that of the bytes."""
        column, params = self.process_lhs(compiler, connection)
        return f"({column} >= %s AND {column} < %s)", (*params, self.rhs, *params, self.rhs + "\U0010ffff")

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """LIKE, which the `varchar_pattern_ops` index that Django makes answers under any collation."""
        column, params = self.process_lhs(compiler, connection)
        escaped = self.rhs.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        return f"{column} LIKE %s", [*params, escaped + "%"]


@CharField.register_lookup
class Octets(Transform):
    """How many bytes a text takes: as many as it has characters where each of them is ASCII, which a constraint can ask for."""

    lookup_name = "octets"
    function = "OCTET_LENGTH"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:
        """The same on SQLite, of which not every version has the function."""
        return super().as_sql(compiler, connection, template="LENGTH(CAST(%(expressions)s AS BLOB))", **more)
