"""Scenarios: short TOML files that say what differs from a base – changed cells, locks, objective, solver options."""

from __future__ import annotations

from model.scenario.changing import apply
from model.scenario.loading import load
from model.scenario.locking import apply_locks, check_lock_names
from model.scenario.records import Change, Changes, Lock, Scenario, ValueChange
from model.scenario.writing import resolved_toml

__all__ = ["Change", "Changes", "Lock", "Scenario", "ValueChange", "apply", "apply_locks", "check_lock_names", "load", "resolved_toml"]
