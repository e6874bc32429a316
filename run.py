"""Command line of the siting model: parse, call, print. Everything else lives in model/ and maps/."""

from __future__ import annotations

import argparse
import importlib.util
import io
import locale
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.problems import Problem

ROOT = Path(__file__).resolve().parent
INSTALL = 'python -m pip install -e "."'
# what pyproject.toml asks for, under the names by which it is imported
PACKAGES = (
    "pyomo", "highspy", "numpy", "pandas", "geopandas", "xarray", "folium", "scipy", "h5netcdf", "h5py", "networkx",
    "jinja2", "xlsxwriter", "openpyxl", "xstatic.pkg.leaflet", "xstatic.pkg.jquery",
)
USAGE, STOPPED, INTERNAL, INTERRUPTED = 2, 5, 7, 130


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


def say(text: str, *, error: bool = False) -> None:
    """Print one line."""
    print(text, file=sys.stderr if error else sys.stdout, flush=True)


def say_problems(problems: tuple[Problem, ...], language: str) -> None:
    """Print problems, one line each."""
    for problem in problems:
        say(problem.text(language), error=not problem.note)


def parser() -> argparse.ArgumentParser:
    """All commands and options."""
    top = argparse.ArgumentParser(prog="run.py", description="川渝铝业布局优化模型 · siting model for the Sichuan–Chongqing aluminium industry")
    common = argparse.ArgumentParser(add_help=False)
    # suppressed, so that a --lang before the command is not overwritten by its absence after it
    common.add_argument("--lang", choices=("zh", "en"), default=argparse.SUPPRESS, help="语言 language")
    top.add_argument("--lang", choices=("zh", "en"), help="语言 language")
    commands = top.add_subparsers(dest="command", metavar="command")
    solve = commands.add_parser("solve", parents=[common], help="求解一个情景 solve one scenario")
    check = commands.add_parser("check", parents=[common], help="检查数据 check the data, all problems in one pass")
    hedge = commands.add_parser("hedge", parents=[common], help="不确定性的代价 what uncertainty over the branches costs (EVPI, VSS)")
    hedge.add_argument("--out", type=Path, help="结果文件 result file (.json)")
    for command in (solve, check, hedge):
        command.add_argument("scenario", nargs="?", help="情景文件 scenario file (.toml)")
        command.add_argument("--data", type=Path, help="数据文件夹或工作簿 dataset folder or workbook")
    solve.add_argument("--out", type=Path, help="结果文件夹 result folder")
    for command in (solve, hedge):
        command.add_argument("--mip-gap", type=float, help="整数解差距 relative gap of integer solutions")
        command.add_argument("--time-limit", type=float, help="求解时限(秒) solver time limit in seconds")
    verify = commands.add_parser("verify", parents=[common], help="重新校核一次运行 check a finished run again")
    verify.add_argument("result", type=Path, help="结果文件夹 result folder")
    template = commands.add_parser("template", parents=[common], help="导出工作簿 write the dataset as a workbook")
    template.add_argument("out", type=Path, help="工作簿 workbook (.xlsx)")
    template.add_argument("--data", type=Path, help="数据文件夹 dataset folder")
    return top


def command_solve(arguments: argparse.Namespace, language: str) -> int:
    """Solve, verify, write the run folder and say what came out."""
    from maps import publish
    from model import pipeline, words
    from model.explore.switch_points import with_switch_points
    from model.opening import open_scenario
    from model.output import check_place, write_run
    from model.words.lookup import known

    def progress(step: str, **facts: object) -> None:
        say(words.text(f"progress.{step}", language, **facts))

    scenario, data = open_scenario(arguments.scenario, arguments.data, ROOT, _solver_options(arguments))
    folder = (arguments.out or ROOT / "results" / scenario.name).resolve()
    check_place(folder)  # before the minutes of a long solve, not after
    run = with_switch_points(pipeline.run(scenario, data, progress), progress)
    say_problems(run.prepared.notes, language)
    progress("write")
    sentences: list[tuple[str, str]] = []
    summary = write_run(run, folder, lambda run, draft: sentences.extend(publish.write(run, draft)))
    for zh, en in sentences:
        say(zh if language == "zh" else en)
    position = words.LANGUAGES.index(language)
    status = known(f"progress.status_{summary['status']}", str(summary["status"]))[position]
    unit = known(f"progress.unit_{str(summary['unit']).replace(' ', '_')}", str(summary["unit"]))[position]
    say(words.text("progress.solved", language, status=status, objective=f"{summary['objective']:,.6g} {unit}".rstrip()))
    if summary["integers"]:
        claims = {name: "–" if summary[name] is None else f"{summary[name]:,.6g}" for name in ("bound", "gap")}
        say(words.text("progress.proof", language, integers=summary["integers"], **claims))
    if "expected" in summary:
        say(words.text("progress.expected", language, **summary["expected"]))
    say(words.text("progress.written", language, folder=folder, report=folder / "report.html"))
    return STOPPED if summary["status"] == "feasible" else 0


def _solver_options(arguments: argparse.Namespace) -> dict[str, str | float]:
    stated = {"mip_gap": arguments.mip_gap, "time_limit": arguments.time_limit}
    return {name: value for name, value in stated.items() if value is not None}


def command_check(arguments: argparse.Namespace, language: str) -> int:
    """Report every problem of the data and the scenario in one pass; silent when there is none."""
    from model import pipeline
    from model.opening import open_scenario

    scenario, data = open_scenario(arguments.scenario, arguments.data, ROOT, {})
    clock = pipeline.Clock(lambda step: None)
    prepared = pipeline.prepare(scenario, data, clock)
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
        say(words.text("progress.check", language, name=name, residual=f"{check.residual:.1e}", verdict=verdict))
    return 0 if all(check.passed for check in checks) else 5


def command_hedge(arguments: argparse.Namespace, language: str) -> int:
    """Say what uncertainty over the branches costs, and what is built for all, for each and for their average."""
    from model import words
    from model.explore import hedging
    from model.opening import open_scenario
    from model.output import write_json

    def progress(step: str, **facts: object) -> None:
        say(words.text(f"progress.{step}", language, **facts))

    scenario, data = open_scenario(arguments.scenario, arguments.data, ROOT, _solver_options(arguments))
    found = hedging.hedge(scenario, data, progress)
    for line in hedging.lines(found, language):
        say(line)
    if arguments.out:
        write_json(arguments.out, hedging.facts(found))
        say(words.text("hedge.written", language, file=arguments.out))
    return 0


def command_template(arguments: argparse.Namespace, language: str) -> int:
    """Write the dataset as a workbook that ``--data`` reads back."""
    from model import words
    from model.reading.template import write_template

    write_template(arguments.data or ROOT / "data" / "chuanyu", arguments.out)
    say(words.text("progress.template", language, file=arguments.out))
    return 0


COMMANDS = {"solve": command_solve, "check": command_check, "verify": command_verify, "hedge": command_hedge, "template": command_template}


def spelled_out(given: list[str]) -> list[str]:
    """The arguments with the command that is meant where none is named: options alone belong to ``solve``."""
    named = any(word in COMMANDS or word in ("-h", "--help") for word in given)
    return given if named or (given and not given[0].startswith("-")) else ["solve", *given]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code (0 solved, 2 usage, 3 data, 4 infeasible, 5 solver, 6 files)."""
    forgiving_console()
    parsed = parser().parse_args(spelled_out(sys.argv[1:] if arguments is None else arguments))
    if missing := missing_packages():
        names = ", ".join(missing)
        say(f"缺少软件包 {names};请先运行 | missing packages {names}; first run: {INSTALL}", error=True)
        return USAGE
    from model import words
    from model.problems import Refusal

    language = language_of(parsed)
    try:
        return COMMANDS[parsed.command](parsed, language)
    except Refusal as refusal:
        say_problems(refusal.problems, language)
        return int(refusal.code)
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
