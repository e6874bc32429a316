"""HiGHS by arrays: one loaded model, status as a type, and a second solve that chooses among equal optima."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray

from model.compile import Floats, LinearProgram, countable
from model.problems import ExitCode, refuse

Places = NDArray[np.int32]
Option = bool | int | float | str
Watch = Callable[[float, float, float], None]
OPTION_DEFAULTS: Mapping[str, Option] = MappingProxyType({"output_flag": False, "threads": 1, "random_seed": 0, "solver": "simplex"})
# HiGHS ignores the integers where a solver of linear programs is named; an absolute gap would end small models too early
INTEGER_DEFAULTS: Mapping[str, Option] = MappingProxyType({"solver": "choose", "mip_rel_gap": 1e-6, "mip_abs_gap": 1e-9})
LINEAR_ONLY = frozenset({"solver"})
# measured on the region's own programs (seconds of HiGHS on one core, 126 k / 384 k / 1.15 M nonzeros): simplex without scaling
# 0.7 / 3.9 / 39, with HiGHS's scaling 1.0 / 9.3 / no answer in 200 s, ipx with crossover 1.6 / 9.8 / not tried
LARGE = 200_000  # nonzeros; smaller programs take about a second either way
COLUMNWISE, MINIMISE = int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize)
EVEN = (1e-5, 1e5)  # coefficients within these magnitudes need no scaling
FACE_TOLERANCE = 1e-7  # reduced costs and duals below this leave the column or row free to move on the optimal face
COST_TOLERANCE = 1e-9  # share of the objective that the second solve may not exceed


class Status(StrEnum):
    """What the solver proved."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    LIMIT = "limit"
    FAILED = "failed"


_STATUS = {
    highspy.HighsModelStatus.kOptimal: Status.OPTIMAL,
    highspy.HighsModelStatus.kModelEmpty: Status.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Status.INFEASIBLE,
    highspy.HighsModelStatus.kUnbounded: Status.UNBOUNDED,
    highspy.HighsModelStatus.kTimeLimit: Status.LIMIT,
    highspy.HighsModelStatus.kIterationLimit: Status.LIMIT,
    highspy.HighsModelStatus.kSolutionLimit: Status.LIMIT,
}


@dataclass(frozen=True)
class Solution:
    """A solved plan: column values, row duals and reduced costs in the order of the linear program, and the objective."""

    values: Floats
    duals: Floats
    reduced_costs: Floats
    objective: float


class Outcome(NamedTuple):
    """A solution as HiGHS holds it, to be read as arrays when there is time, and its objective."""

    held: Any
    objective: float

    def solution(self, *, reduced_costs: bool = True) -> Solution:
        """The solution as arrays; without ``reduced_costs`` those are left empty, which saves the time to read them."""
        reduced = _numbers(self.held.col_dual) if reduced_costs else np.empty(0)
        return Solution(_numbers(self.held.col_value), _numbers(self.held.row_dual), reduced, self.objective)


class Patch(NamedTuple):
    """Places of some columns and rows and the ``numbers`` that go there: costs, bounds of columns (two), bounds of rows (two)."""

    costs: Places
    columns: Places
    rows: Places
    numbers: tuple[Floats, Floats, Floats, Floats, Floats]


@dataclass(frozen=True)
class Basis:
    """Where a simplex run starts: the status of every column and row as HiGHS numbers them."""

    columns: tuple[int, ...]
    rows: tuple[int, ...]

    def opened(self) -> Any:
        """As HiGHS holds it, for ``use_basis``."""
        found = highspy.HighsBasis()
        found.col_status, found.row_status = ([highspy.HighsBasisStatus(status) for status in part] for part in (self.columns, self.rows))
        found.valid, found.alien = True, False  # it was HiGHS's own: it need not be factorised to be believed
        return found


def by_size(program: LinearProgram) -> dict[str, Option]:
    """Options for large linear programs: simplex without scaling where the units keep all coefficients within ``EVEN``."""
    if program.integer.any() or program.nonzeros < LARGE:
        return {}
    sizes = np.abs(program.matrix.data)
    return {"simplex_scale_strategy": 0} if EVEN[0] <= sizes.min() and sizes.max() <= EVEN[1] else {}


class LoadedProgram:
    """A linear program inside HiGHS; costs and bounds may change, the next run starts from the last basis.

    With ``log`` the solver's own lines are appended to it, none goes to the console.
    """

    def __init__(self, program: LinearProgram, options: Mapping[str, Option] | None = None, log: list[str] | None = None) -> None:
        self.highs = highspy.Highs()
        stated = {name: value for name, value in (options or {}).items() if not (program.integer.any() and name in LINEAR_ONLY)}
        for name, value in {**OPTION_DEFAULTS, **by_size(program), **(INTEGER_DEFAULTS if program.integer.any() else {}), **stated}.items():
            if self.highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
                raise refuse(ExitCode.DATA, "solver_option", column=name, value=value)
        if log is not None:
            self.highs.setOptionValue("log_to_console", False)
            self.highs.setOptionValue("output_flag", True)
            self.highs.cbLogging.subscribe(lambda event: log.append(event.message.rstrip()))
        self.load(program)

    def load(self, program: LinearProgram) -> None:
        """Hand the arrays of ``program`` to HiGHS, replacing what was loaded."""
        matrix, whole = program.matrix, program.integer.astype(np.int32)
        rows, columns = matrix.shape
        status = self.highs.passModel(
            columns, rows, countable(matrix.nnz), COLUMNWISE, MINIMISE, 0.0, program.cost, program.lower, program.upper, program.row_lower,
            program.row_upper, matrix.indptr.astype(np.int32, copy=False),
            matrix.indices.astype(np.int32, copy=False), matrix.data, whole,
        )  # fmt: skip
        if status == highspy.HighsStatus.kError:
            raise refuse(ExitCode.SOLVER, "solver_refused")
        # what the solver holds: only entries that differ are handed over, most of them never change
        self._now = [each.copy() for each in (program.cost, program.lower, program.upper, program.row_lower, program.row_upper)]
        self._patched: Patch | None = None

    def set_costs(self, cost: Floats) -> None:
        """Replace all column costs."""
        moved = self._differing((0, cost))
        self.highs.changeColsCost(len(moved), moved, cost[moved])

    def set_column_bounds(self, lower: Floats, upper: Floats) -> None:
        """Replace all column bounds."""
        moved = self._differing((1, lower), (2, upper))
        self.highs.changeColsBounds(len(moved), moved, lower[moved], upper[moved])

    def set_row_bounds(self, lower: Floats, upper: Floats) -> None:
        """Replace all row bounds."""
        moved = self._differing((3, lower), (4, upper))
        self.highs.changeRowsBounds(len(moved), moved, lower[moved], upper[moved])

    def replace(self, patch: Patch) -> None:
        """Replace the costs and bounds of the patch; all others stay as they were handed over last."""
        if self._patched is not patch:
            self._forget_patch()
            self._patched = patch
        cost, lower, upper, row_lower, row_upper = patch.numbers
        self.highs.changeColsCost(len(patch.costs), patch.costs, cost)
        self.highs.changeColsBounds(len(patch.columns), patch.columns, lower, upper)
        self.highs.changeRowsBounds(len(patch.rows), patch.rows, row_lower, row_upper)

    def _forget_patch(self) -> None:
        """What stands where a patch was written is not known any more: no number equals it."""
        if self._patched:
            costs, columns, rows, _ = self._patched
            for known, where in zip(self._now, (costs, columns, columns, rows, rows), strict=True):
                known[where] = np.nan
        self._patched = None

    def _differing(self, *arrays: tuple[int, Floats]) -> Places:
        """Positions wherever a numbered array differs from what the solver holds, which is kept."""
        self._forget_patch()
        among = np.flatnonzero(np.logical_or.reduce([new != self._now[number] for number, new in arrays]))
        for number, new in arrays:
            self._now[number][among] = new[among]
        return among.astype(np.int32)

    def limit_time(self, seconds: float) -> None:
        """End the next run after ``seconds``; HiGHS counts the time of all runs of a loaded program together."""
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + max(0.0, seconds))

    def run(self) -> Status:
        """Solve; an "infeasible or unbounded" answer is decided by solving again without presolve."""
        self.highs.run()
        status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            _, chosen = self.highs.getOptionValue("presolve")
            self.highs.setOptionValue("presolve", "off")
            self.highs.run()
            self.highs.setOptionValue("presolve", chosen)
            status = self.highs.getModelStatus()
        found = _STATUS.get(status, Status.FAILED)
        return Status.FEASIBLE if found is Status.LIMIT and self._has_incumbent() else found

    def _has_incumbent(self) -> bool:
        """Whether a stopped integer search holds a plan; a linear program that was stopped holds none worth keeping."""
        info = self.highs.getInfo()
        return bool(info.mip_node_count >= 0 and info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible)

    @property
    def bound(self) -> float:
        """The lower bound of the cost that the last integer search claims."""
        return float(self.highs.getInfo().mip_dual_bound)

    @property
    def timed_out(self) -> bool:
        """Whether the last run ended at its time limit: what it found then depends on the machine."""
        return bool(self.highs.getModelStatus() == highspy.HighsModelStatus.kTimeLimit)

    @property
    def nodes(self) -> int:
        """Nodes of the last integer search."""
        return int(self.highs.getInfo().mip_node_count)

    def watch(self, report: Watch) -> None:
        """Call ``report`` with the best cost, the bound (both may be infinite) and the seconds whenever the search writes a line."""
        self.highs.cbMipLogging.subscribe(
            lambda event: report(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound, event.data_out.running_time)
        )

    def keep_basis(self) -> Any:
        """Remember the basis of the last run for ``restart``, and return it for ``use_basis``."""
        self._basis = self.highs.getBasis()
        return self._basis

    def use_basis(self, basis: Any) -> None:
        """Remember for ``restart`` a basis that was kept earlier, maybe by another process."""
        self._basis = basis

    def settle(self, basis: Any) -> None:
        """As ``use_basis``, and run from there: the scaling of the first run stays, and may depend on the costs it finds."""
        self.use_basis(basis)
        self.restart()
        self.run()

    @property
    def basis(self) -> Basis:
        """The basis of the last run in a form that other processes can be given."""
        found = self.highs.getBasis()
        return Basis(tuple(int(status) for status in found.col_status), tuple(int(status) for status in found.row_status))

    def restart(self) -> None:
        """Start the next run from the kept basis alone, so that its result does not depend on runs in between."""
        self.highs.clearSolver()  # edge weights and the like outlive setBasis and move the last bits, or the vertex of a tie
        self.highs.setBasis(self._basis)

    def outcome(self) -> Outcome:
        """The last solution as it is held: later runs do not change it."""
        return Outcome(self.highs.getSolution(), float(self.highs.getInfo().objective_function_value))

    def solution(self, *, reduced_costs: bool = True) -> Solution:
        """As of ``Outcome.solution``."""
        return self.outcome().solution(reduced_costs=reduced_costs)


def _numbers(values: list[float]) -> Floats:
    """Numbers that HiGHS hands over as a list; packing takes 7 ns each, ``np.fromiter`` 18, ``np.array`` 23."""
    found = np.empty(len(values))
    struct.pack_into(f"{len(values)}d", found.data, 0, *values)
    return found


def choose_among_ties(loaded: LoadedProgram, program: LinearProgram, first: Solution, preference: Floats) -> Solution:
    """The plan of least ``preference`` among all plans of the same cost, by a second solve on the optimal face.

    Columns with a reduced cost stay at their bound and rows with a dual stay active, so every plan found costs the
    same; the duals of ``first`` hold for it. Returns ``first`` if the second solve fails or the cost would move.
    """
    fixed = np.abs(first.reduced_costs) > FACE_TOLERANCE
    active = np.abs(first.duals) > FACE_TOLERANCE
    bound = np.where(first.duals < 0, program.row_upper, program.row_lower)
    held = np.where(np.isfinite(bound), bound, program.matrix @ first.values)
    loaded.set_column_bounds(np.where(fixed, first.values, program.lower), np.where(fixed, first.values, program.upper))
    loaded.set_row_bounds(np.where(active, held, program.row_lower), np.where(active, held, program.row_upper))
    loaded.set_costs(preference)
    status = loaded.run()
    values = loaded.solution(reduced_costs=False).values if status is Status.OPTIMAL else first.values
    loaded.set_costs(program.cost)
    loaded.set_column_bounds(program.lower, program.upper)
    loaded.set_row_bounds(program.row_lower, program.row_upper)
    objective = float((program.cost * values).sum())  # not a dot product, whose rounding depends on the number of threads
    if abs(objective - first.objective) > COST_TOLERANCE * max(1.0, abs(first.objective)):
        return first
    return Solution(values, first.duals, first.reduced_costs, objective)
