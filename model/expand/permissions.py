"""What the plans permit where: one row per kind of permission and site, each with its clause."""

from __future__ import annotations

import math
from dataclasses import dataclass

from model.expand.rows import Record, records
from model.tables import Tables

FREE = "none"  # technologies that need no permission of the plans


@dataclass(frozen=True)
class Verdict:
    """Whether something new may be built at a site, and the clause that says so."""

    allowed: bool
    clause: str


class Permissions:
    """The permissions table, ready to be asked; what no row mentions is not permitted."""

    def __init__(self, tables: Tables) -> None:
        self._rows: dict[tuple[str, str], Record] = {(row["permission"], row["site"]): row for row in records(tables, "permissions")}

    def verdict(self, permission: str, site: str) -> Verdict:
        """May new capacity of this kind stand at ``site``?"""
        if permission == FREE:
            return Verdict(True, "")
        row = self._rows.get((permission, site))
        return Verdict(row is not None and row["allowed"] == 1, row["clause"] if row else "")

    def project(self, permission: str, row: Record) -> Verdict:
        """The verdict on a project, whose own ``allowed`` and ``clause`` go before the general permission."""
        general = self.verdict(permission, row["site"])
        allowed = general.allowed if math.isnan(row["allowed"]) else row["allowed"] == 1
        return Verdict(allowed, row["clause"] or general.clause)

    def sites(self, permission: str) -> tuple[str, ...]:
        """Every site that a row of this permission names, allowed or not."""
        return tuple(site for kind, site in self._rows if kind == permission)
