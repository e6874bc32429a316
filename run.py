"""Command line of the siting model: parse, call, print. Everything else lives in model/ and maps/."""

from __future__ import annotations

import argparse
import importlib.util
import io
import locale
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from model.problems import Problem

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent
INSTALL = 'python -m pip install -e "."'
# what pyproject.toml asks for, under the names by which it is imported
PACKAGES = (
    "pyomo", "highspy", "numpy", "pandas", "geopandas", "xarray", "folium", "scipy", "h5netcdf", "h5py", "networkx",
    "jinja2", "xlsxwriter", "openpyxl", "xstatic.pkg.leaflet", "xstatic.pkg.jquery",
)
USAGE, STOPPED, INTERNAL, INTERRUPTED, CUT_SHORT = 2, 5, 7, 130, 141


def language_of(arguments: argparse.Namespace) -> str:
    """The chosen language, else the one of the locale, else Chinese."""
    if arguments.lang:
        return str(arguments.lang)
    # the name as the system gives it: getlocale() calls the neutral locale "C.UTF-8" American
    return "en" if locale.setlocale(locale.LC_CTYPE).lower().startswith("en") else "zh"


def missing_packages() -> list[str]:
    """The packages of ``PACKAGES`` that are not installed; nothing is imported to find out."""

    def absent(name: str) -> bool:
        try:
            return importlib.util.find_spec(name) is None
        except ImportError:
            return True

    return [name for name in PACKAGES if absent(name)]


def forgiving_console() -> None:
    """Characters that the console cannot show are replaced, never a crash."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def say(*lines: str, error: bool = False) -> None:
    """Print one line after the other."""
    for line in lines:
        print(line, file=sys.stderr if error else sys.stdout, flush=True)


def _teller(language: str, topic: str = "progress") -> Callable[..., None]:
    """Says the steps of ``topic`` as they begin; facts in two languages in the chosen one."""
    from model import words

    position = words.LANGUAGES.index(language)

    def tell(step: str, **facts: object) -> None:
        told = {name: fact[position] if isinstance(fact, tuple) else fact for name, fact in facts.items()}
        say(words.text(f"{topic}.{step}", language, **told))

    return tell


def say_problems(problems: tuple[Problem, ...], language: str) -> None:
    """Print problems, one line each."""
    for problem in problems:
        say(problem.text(language), error=not problem.note)


def command_solve(arguments: argparse.Namespace, language: str) -> int:
    """Solve, verify, write the run folder and say what came out."""
    from dataclasses import replace

    from maps import publish
    from maps.inspection import inspect
    from maps.office import extra
    from model import pipeline, words
    from model.explore import sections
    from model.explore.answers import answered
    from model.explore.numbers_said import said_objective
    from model.opening import open_scenario
    from model.output import check_place, write_run
    from model.words.lookup import known

    progress = _teller(language)
    scenario, data = open_scenario(arguments.scenario, arguments.data, ROOT, _solver_options(arguments))
    wanted = sections.asked(scenario, arguments.sections, ROOT)
    folder = (arguments.out or ROOT / "results" / scenario.name).resolve()
    check_place(folder)  # before the minutes of a long solve, not after
    if arguments.office:
        extra.check()
    run = answered(pipeline.run(scenario, data, progress, inspect), progress)
    desk = sections.Desk(run, scenario, data, arguments.data, ROOT, progress, _teller(language, "studies_common"))
    run = replace(run, sections=sections.make(wanted, desk))
    progress("write")
    sentences: list[tuple[str, str]] = []
    summary = write_run(run, folder, lambda run, draft: sentences.extend(publish.write(run, draft, office=arguments.office, language=arguments.lang)))
    position = words.LANGUAGES.index(language)
    titled = [scenario.title[language]] if arguments.data and arguments.scenario else []  # it names the dataset
    say(*titled, *(pair[position] for pair in sentences))
    status = known(f"progress.status_{summary['status']}", str(summary["status"]))[position]
    objective = said_objective(summary["objective"], summary["unit"], summary["years"], language)
    say(words.text("progress.solved", language, status=status, objective=objective))
    if summary["integers"]:
        claims = {name: "–" if summary[name] is None else f"{summary[name]:,.6g}" for name in ("bound", "gap", "proved_bound")}
        say(words.text("progress.proof", language, integers=summary["integers"], **claims))
    if "expected" in summary:
        say(words.text("progress.expected", language, **summary["expected"]))
    say(words.text("progress.written", language, folder=folder, report=folder / "report.html"))
    say_problems(run.prepared.notes, language)  # last, where they are not overlooked
    return STOPPED if summary["status"] == "feasible" else 0


def _solver_options(arguments: argparse.Namespace) -> dict[str, str | float]:
    stated = {"mip_gap": arguments.mip_gap, "time_limit": arguments.time_limit}
    return {name: value for name, value in stated.items() if value is not None}


def command_check(arguments: argparse.Namespace, language: str) -> int:
    """Report every problem of the data and the scenario in one pass; silent when there is none."""
    from maps.inspection import inspect
    from model import pipeline
    from model.opening import open_scenario

    scenario, data = open_scenario(arguments.scenario, arguments.data, ROOT, {})
    clock = pipeline.Clock(lambda step: None)
    prepared = pipeline.prepare(scenario, data, clock, inspect)
    say_problems(prepared.notes, language)
    case, _ = pipeline.make(prepared, clock)
    say_problems(tuple(note for note in case.notes if note not in prepared.notes), language)
    return 0


def command_verify(arguments: argparse.Namespace, language: str) -> int:
    """Check a finished run again from its own folder and say what was checked."""
    from model import words
    from model.explore.recheck import recheck

    checks = recheck(arguments.result)
    for check in checks:
        verdict = words.text(f"progress.{'passed' if check.passed else 'failed'}", language)
        name = words.text(f"progress.check_{check.name}", language)
        said = words.text("progress.check", language, name=name, residual=f"{check.residual:.1e}", verdict=verdict)
        say(said if check.passed or not check.place else words.text("progress.check_place", language, said=said, place=check.place))
    return 0 if all(check.passed for check in checks) else 5


def command_clauses(arguments: argparse.Namespace, language: str) -> int:
    """Say of every policy clause whether a finished run meets it, and what carries it."""
    from model.explore.written_clauses import lines, read_scoreboard

    say(*lines(read_scoreboard(arguments.result), language, arguments.status or ()))
    return 0


def command_prices(arguments: argparse.Namespace, language: str) -> int:
    """Say what one more unit of power, quota, alumina, capacity and of every limit is worth in a finished run."""
    from model.explore.written_prices import lines, read_prices

    say(*lines(read_prices(arguments.result), language))
    return 0


def command_history(arguments: argparse.Namespace, language: str) -> int:
    """List past runs: scenario, hash of the inputs, date, status and headline."""
    from model import words
    from model.explore.history import history, lines
    from model.explore.text_table import write_table

    table = history(arguments.folder or ROOT / "results", absent_is_empty=arguments.folder is None)
    say(*lines(table, language))
    if arguments.out:
        write_table(table, arguments.out)
        say(words.text("history.written", language, file=arguments.out))
    return 0


def command_hedge(arguments: argparse.Namespace, language: str) -> int:
    """Say what uncertainty over the branches costs, and what is built for all, for each and for their average."""
    from model.explore import hedging

    return _study(arguments, language, hedging.hedge, hedging.lines, hedging.facts)


def command_pacts(arguments: argparse.Namespace, language: str) -> int:
    """Say what each leg of the supply pacts is worth, and who gains how much from the joint plan."""
    from model.explore import pacts

    return _study(arguments, language, pacts.study, pacts.lines, pacts.facts)


def command_switches(arguments: argparse.Namespace, language: str) -> int:
    """Say at which value of which input every siting choice flips, the fragile first."""
    from model import words
    from model.explore.siting import find, lines
    from model.explore.text_table import write_table
    from model.opening import open_scenario

    table = find(*open_scenario(arguments.scenario, arguments.data, ROOT, {}), _teller(language))
    say(*lines(table, language))
    if arguments.out:
        write_table(table, arguments.out)
        say(words.text("history.written", language, file=arguments.out))
    return 0


def command_targets(arguments: argparse.Namespace, language: str) -> int:
    """Say how far every target is, what closing the gap costs and what would move."""
    from model.explore import targets_study

    return _study(arguments, language, targets_study.study, targets_study.lines, targets_study.facts)


def _study(
    arguments: argparse.Namespace, language: str, find: Callable[..., T], lines: Callable[[T, str], list[str]], facts: Callable[[T], dict[str, Any]]
) -> int:
    """Run a study of several plans, say what it found line by line and write it as JSON where asked."""
    from model import words
    from model.opening import open_scenario
    from model.output import write_json

    scenario, data = open_scenario(arguments.scenario, arguments.data, ROOT, _solver_options(arguments))
    found = find(scenario, data, _teller(language))
    say(*lines(found, language))
    if arguments.out:
        write_json(arguments.out, facts(found))
        say(words.text("hedge.written", language, file=arguments.out))
    return 0


def command_compare(arguments: argparse.Namespace, language: str) -> int:
    """Set plans side by side with the first: what differs in their inputs, what that moves, and who gains or loses."""
    from model import words
    from model.explore import compare, comparison_key, comparison_lines, option_lines
    from model.explore.comparison_facts import MARK, facts, tables
    from model.explore.options import options
    from model.explore.reloading import candidate
    from model.output import check_place, write_study

    def progress(step: str, **facts: object) -> None:
        """The steps of each single solve are not announced: there are several."""

    compare.check_count(arguments.plans)
    if arguments.out:
        check_place(arguments.out.resolve(), MARK)
    plans = []
    for name in arguments.plans:
        say(words.text("compare.reading", language, name=name))
        plans.append(candidate(name, arguments.data, ROOT, _solver_options(arguments), progress))
    found = compare.compare(plans)
    swaps = options(found)
    table = option_lines.table(found, swaps, language) if swaps else comparison_key.lines(found, language)
    say(*comparison_lines.lines(found, language, table), *(option_lines.lines(found, swaps, language) if swaps else ()))
    if arguments.out:
        from maps import comparison

        opens = arguments.lang
        write_study(arguments.out, MARK, facts(found, swaps), tables(found, swaps), lambda draft: comparison.write(found, swaps, draft, opens))
        say(words.text("compare.written", language, folder=arguments.out))
    return 0


def command_explain(arguments: argparse.Namespace, language: str) -> int:
    """Say why a park has a technology or not, what forcing it in would cost, and what would change it."""
    from functools import partial

    from model import words
    from model.explore import explain_lines, explain_study
    from model.output import write_csv

    if (arguments.park is None) != arguments.all:
        say(words.text("explain.park_or_all", language), error=True)
        return USAGE
    table = arguments.out if arguments.out and arguments.out.suffix.lower() == ".csv" else None
    arguments.out = None if table else arguments.out
    find = partial(explain_study.study, park=arguments.park, technology=arguments.technology)

    def told(found: explain_study.Explained, language: str) -> list[str]:
        if table:
            write_csv(table, found.table)
        written = [words.text("hedge.written", language, file=table)] if table else []
        return [*explain_lines.lines(found, language), *written]

    return _study(arguments, language, find, told, explain_study.facts)


def command_study(arguments: argparse.Namespace, language: str) -> int:
    """Carry out a study file: many cases, kept one by one, so that a study that was stopped goes on where it stood."""
    from model import words
    from model.explore import studying
    from model.output import check_place, write_study

    position = words.LANGUAGES.index(language)

    study = studying.opened(arguments.file, arguments.data, ROOT, _solver_options(arguments))
    folder = (arguments.out or ROOT / "results" / "studies" / study.name).resolve()
    check_place(folder, studying.MARK)
    journal = studying.journal_of(study, folder)
    try:
        found = studying.carry_out(study, journal, _teller(language, "studies_common"), studying.crew(arguments.workers, arguments.cluster))
    except KeyboardInterrupt:
        say(words.text("studies_common.interrupted", language), error=True)
        return INTERRUPTED
    for sentence in found.sentences:
        say(sentence[position])
    write_study(folder, studying.MARK, found.facts, found.tables, dataset=found.dataset)
    journal.forget()
    say(words.text("studies_common.written", language, folder=folder))
    return 0


def command_template(arguments: argparse.Namespace, language: str) -> int:
    """Write the dataset as a workbook that ``--data`` reads back."""
    from model import words
    from model.reading.template import write_template

    write_template(arguments.data or ROOT / "data" / "chuanyu", arguments.out)
    say(words.text("progress.template", language, file=arguments.out))
    return 0


def command_manual(arguments: argparse.Namespace, language: str) -> int:
    """Write the pages that are generated from the constraint cards and the table specifications."""
    from model import words
    from model.manual import write_manual

    for file in write_manual(arguments.folder or ROOT / "docs"):
        say(words.text("manual.written", language, file=file))
    return 0


COMMANDS = {
    "solve": command_solve, "check": command_check, "verify": command_verify, "clauses": command_clauses, "prices": command_prices,
    "history": command_history, "switches": command_switches, "hedge": command_hedge, "pacts": command_pacts, "targets": command_targets,
    "compare": command_compare, "explain": command_explain, "study": command_study, "template": command_template, "manual": command_manual,
}


def spelled_out(given: list[str]) -> list[str]:
    """The arguments with the command that is meant where none is named: options alone belong to ``solve``."""
    named = any(word in COMMANDS or word in ("-h", "--help") for word in given)
    return given if named or (given and not given[0].startswith("-")) else ["solve", *given]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code (0 solved, 2 usage, 3 data, 4 infeasible, 5 solver, 6 files)."""
    forgiving_console()
    if missing := missing_packages():
        names = ", ".join(missing)
        say(f"缺少软件包 {names};请先运行 | missing packages {names}; first run: {INSTALL}", error=True)
        return USAGE
    from model.arguments import parser

    parsed = parser().parse_args(spelled_out(sys.argv[1:] if arguments is None else arguments))
    from model import words
    from model.problems import ExitCode, Refusal, unusable

    language = language_of(parsed)
    try:
        return COMMANDS[parsed.command](parsed, language)
    except Refusal as refusal:
        say_problems(refusal.problems, language)
        return int(refusal.code)
    except BrokenPipeError:  # the reader of the output has seen enough, as in `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CUT_SHORT
    except OSError as error:  # a name that is too long, a disk that is full, a drive that is gone
        say_problems(unusable(error).problems, language)
        return int(ExitCode.FILES)
    except KeyboardInterrupt:
        say(words.text("progress.interrupted", language), error=True)
        return INTERRUPTED


def report_fault(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """End with the exit code of a fault of the program itself, after its traceback."""
    sys.__excepthook__(kind, fault, trace)
    say("程序内部错误,结果未写入 | a fault of the program itself; no result was written", error=True)
    sys.stdout.flush()
    os._exit(INTERNAL)


if __name__ == "__main__":
    sys.excepthook = report_fault
    sys.exit(main())
