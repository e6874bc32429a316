"""Templates → arrays: each rule's expression is worked out once for all rows of its card, its sums as gathers over tables."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import numeric_expr as expr
from pyomo.core.expr import relational_expr as relation
from pyomo.core.expr.template_expr import GetItemExpression, IndexTemplate, TemplateSumExpression
from scipy import sparse

from model.case import COLUMN_KEYS, ROW_KEYS, Case
from model.case.codes import Ints
from model.compile import LinearProgram, column_arrays, countable, offsets
from model.declare import Declarations, Members, Parameter, Rows, declare
from model.formulation import CARDS, Card
from model.templates.context import Context, Floats, Tables, reach, rows_of, start
from model.templates.skeleton import Template, Untemplated, shape_of, templates

Number = float | Floats
NO_VALUES = np.zeros(0)
TOLERANCE = 1e-8  # a row without columns holds if its bounds miss 0 by no more


def compile_case(case: Case, cards: Sequence[Card] = CARDS) -> LinearProgram:
    """The linear program of ``case``, the same as the plain road gives.

    Raises ``Untemplated`` where a rule cannot run once for all its rows, ``KeyError`` where a rule asks for a parameter
    or column that is not declared there.
    """
    declared = declare(case)
    objective, rows = templates(shape_of(declared), tuple(cards))
    column_start, row_start = offsets(case)
    gather = Gather(case, declared, column_start)
    cost = gather.objective(objective, column_start[""])
    lower, upper = np.full(row_start[""], -np.inf), np.full(row_start[""], np.inf)
    for template in (item for item in rows if len(case.rows[item.card])):
        here = slice(row_start[template.card], row_start[template.card] + len(case.rows[template.card]))
        lower[here], upper[here] = gather.rows(template, row_start[template.card])
    matrix = gather.matrix((row_start[""], column_start[""]))
    _free_empty_rows(matrix, lower, upper)
    return LinearProgram(cost, matrix, lower, upper, *column_arrays(case), column_start, row_start, "arrays")


def _free_empty_rows(matrix: sparse.csc_array, lower: Floats, upper: Floats) -> None:
    """Rows without a column that hold say nothing; one that cannot hold stays and makes the program infeasible."""
    empty = np.ones(len(lower), dtype=bool)
    empty[matrix.indices] = False
    holds = empty & (lower <= TOLERANCE) & (upper >= -TOLERANCE)
    lower[holds], upper[holds] = -np.inf, np.inf


class Gather:
    """Works out templates over one Case and collects their coefficients."""

    def __init__(self, case: Case, declared: Declarations, column_start: dict[str, int]) -> None:
        self._case, self._declared, self._start = case, declared, column_start
        self._tables = Tables(case.codes)
        self._places: list[tuple[Ints, Ints, Floats]] = []

    def objective(self, template: Template, columns: int) -> Floats:
        """Cost per column; raises ``Untemplated`` for a constant, which no plan could change."""
        linear = Linear(self, template.card, Context(1, None, (), {}))
        linear.add(template.expression, 1.0)
        if linear.constant.any():
            raise Untemplated(template.card, "a constant")
        cost = np.zeros(columns)
        for _, column, value in linear.terms:
            np.add.at(cost, column, value)
        return cost

    def rows(self, template: Template, first: int) -> tuple[Floats, Floats]:
        """Lower and upper bounds of the rows of a card; their coefficients are kept for ``matrix``."""
        table = self._case.rows[template.card]
        context = start(table, ROW_KEYS[template.card], template.index)
        linear = Linear(self, template.card, context)
        lower, body, upper = _sides(template)
        for part, sign in body:
            linear.add(part, sign)
        self._places += [(row + first, column, value) for row, column, value in linear.terms]
        low = -np.inf if lower is None else linear.number(lower, context)
        high = np.inf if upper is None else linear.number(upper, context)
        whole = np.zeros(context.size)
        return whole + low - linear.constant, whole + high - linear.constant

    def matrix(self, shape: tuple[int, int]) -> sparse.csc_array:
        """All coefficients; several terms of one column in one row are added up, zeros left out."""
        rows, columns, values = (np.concatenate([part[item] for part in self._places] or [np.zeros(0)]) for item in range(3))
        countable(len(values))
        result = sparse.csc_array((values, (rows.astype(np.int32, copy=False), columns.astype(np.int32, copy=False))), shape=shape)
        if not values.all() or result.nnz < len(values):
            result.eliminate_zeros()
        return result

    def members(self, name: str) -> Members:
        """The declared set ``name``, or all columns of a family."""
        if name in self._declared.members:
            return self._declared.members[name]
        family = name.removesuffix("_index")
        return Members(Rows(self._case.columns[family]), (), COLUMN_KEYS[family], ())

    def reach(self, context: Context, name: str, asked: Sequence[Any], members: Sequence[Any]) -> tuple[Context, Ints]:
        """The context inside a sum, see ``context.reach``."""
        return reach(self._tables, context, name, self.members(name), asked, members)

    def column(self, card: str, family: str, asked: Sequence[Any], context: Context) -> Ints:
        """Positions of the columns ``family[asked]``."""
        rows = self._found(card, family, Parameter(self._case.columns[family], COLUMN_KEYS[family], NO_VALUES), asked, context)
        return np.arange(self._start[family], self._start[family] + context.size, dtype=np.int32) if rows is None else self._start[family] + rows

    def parameter(self, card: str, name: str, asked: Sequence[Any], context: Context) -> Floats:
        """Values of the parameter ``name[asked]``."""
        item = self._declared.parameters[name]
        rows = self._found(card, name, item, asked, context)
        return item.values if rows is None else item.values[rows]

    def _found(self, card: str, name: str, item: Parameter, asked: Sequence[Any], context: Context) -> Ints | None:
        rows = rows_of(self._tables, context, item.table, item.key, asked, repeated=item.repeated)
        if rows is not None and len(rows) and rows.min() < 0:
            raise KeyError(f"{card}: {name} has no element for entry {int(rows.argmin())}")
        return rows


def _sides(template: Template) -> tuple[Any, list[tuple[Any, float]], Any]:
    """Lower bound, body as signed parts, upper bound, as Pyomo splits them; raises ``Untemplated`` for anything but a plain row."""
    rule = template.expression
    if isinstance(rule, relation.RangedExpression) and not any(rule._strict):
        lower, body, upper = rule.args
        return _fixed(template, lower), [(body, 1.0)], _fixed(template, upper)
    if isinstance(rule, relation.EqualityExpression) or (isinstance(rule, relation.InequalityExpression) and not rule._strict):
        left, right = rule.args
        both = isinstance(rule, relation.EqualityExpression)
        if not _varies(right):
            return (right if both else None), [(left, 1.0)], right
        if not _varies(left):
            return left, [(right, 1.0)], (left if both else None)
        return (0.0 if both else None), [(left, 1.0), (right, -1.0)], 0.0
    raise Untemplated(template.card, f"not a row: {rule}")


def _fixed(template: Template, bound: Any) -> Any:
    if _varies(bound):
        raise Untemplated(template.card, f"a bound that varies: {bound}")
    return bound


def _varies(part: Any) -> bool:
    return not isinstance(part, int | float | np.number) and bool(part.is_potentially_variable())


class Linear:
    """The linear expression of one card over its rows: ``terms`` as (row, column, value) and a ``constant`` per row."""

    def __init__(self, gather: Gather, card: str, context: Context) -> None:
        self._gather, self._card, self._context = gather, card, context
        self.terms: list[tuple[Ints, Ints, Floats]] = []
        self.constant = np.zeros(context.size)

    def add(self, part: Any, factor: Number, context: Context | None = None) -> None:
        """Add ``factor`` × ``part`` in ``context`` (the card's own rows where none is given)."""
        context = context or self._context
        match part:
            case TemplateSumExpression():
                self._add_sum(part, factor, context)
            case expr.SumExpression():
                for item in part.args:
                    self.add(item, factor, context)
            case expr.NegationExpression():
                self.add(part.arg(0), -factor, context)
            case _ if not _varies(part):
                self._add_constant(factor * self.number(part, context), context)
            case expr.ProductExpression():
                self._add_product(part, factor, context)
            case expr.DivisionExpression() if not _varies(part.arg(1)):
                self.add(part.arg(0), factor / self.number(part.arg(1), context), context)
            case GetItemExpression():
                self._add_column(part, factor, context)
            case _:
                raise Untemplated(self._card, f"not linear, or not run once for all rows: {part}")

    def _add_product(self, part: Any, factor: Number, context: Context) -> None:
        left, right = part.args
        if _varies(left) and _varies(right):
            raise Untemplated(self._card, f"not linear: {part}")
        fixed, varying = (right, left) if _varies(left) else (left, right)
        self.add(varying, factor * self.number(fixed, context), context)

    def _add_sum(self, part: Any, factor: Number, context: Context) -> None:
        for places in part.template_iters():
            context, entries = self._inside(places, context)
            factor = factor[entries] if isinstance(factor, np.ndarray) else factor
        self.add(part.template_args()[0], factor, context)

    def _inside(self, places: Sequence[Any], context: Context) -> tuple[Context, Ints]:
        members = places[0]._set
        if isinstance(members, GetItemExpression):
            return self._gather.reach(context, members.arg(0).local_name, members.args[1:], places)
        return self._gather.reach(context, members.local_name, (), places)

    def _add_column(self, part: Any, factor: Number, context: Context) -> None:
        component = self._component(part, pyo.Var)
        column = self._gather.column(self._card, component, part.args[1:], context)
        value = np.broadcast_to(np.asarray(factor, dtype=float), column.shape)
        self.terms.append((np.arange(context.size, dtype=np.int32) if context.row is None else context.row, column, value))

    def _add_constant(self, value: Number, context: Context) -> None:
        if context.row is None:
            self.constant = self.constant + value
        else:
            weights = np.broadcast_to(np.asarray(value, dtype=float), context.row.shape)
            self.constant = self.constant + np.bincount(context.row, weights, minlength=len(self.constant))

    def number(self, part: Any, context: Context) -> Number:
        """What an expression without columns is worth in every entry of ``context``."""
        worth = partial(self.number, context=context)
        match part:
            case int() | float() | np.number():
                return self._known(float(part))
            case GetItemExpression():
                return self._gather.parameter(self._card, self._component(part, pyo.Param), part.args[1:], context)
            case expr.NegationExpression():
                return -worth(part.arg(0))
            case expr.ProductExpression():
                return worth(part.arg(0)) * worth(part.arg(1))
            case expr.DivisionExpression():
                return worth(part.arg(0)) / worth(part.arg(1))
            case expr.SumExpression():
                return sum(map(worth, part.args), 0.0)
        raise Untemplated(self._card, f"not a number for all rows: {part}")

    def _known(self, number: float) -> float:
        """A number that stands in the rule; the values of the placeholder model are NaN and must not get here."""
        if number != number:
            raise Untemplated(self._card, "a parameter that was not run once for all rows")
        return number

    def _component(self, part: Any, kind: Any) -> str:
        """The name of the component of ``part``, whose index must be placeholders and labels only."""
        component = part.arg(0)
        if getattr(component, "ctype", None) is not kind:
            raise Untemplated(self._card, f"not a {kind.__name__}: {part}")
        for place in part.args[1:]:
            if not isinstance(place, IndexTemplate | str):
                raise Untemplated(self._card, f"arithmetic on an index: {part}")
        return str(component.local_name)

