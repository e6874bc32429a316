"""The command line: every command with its options and what the help says of it. Imports nothing that has to be installed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

Commands = Any  # what add_subparsers returns has no public type
STATUSES = ("met", "missed", "carried", "elsewhere", "not_modelled")  # of clauses, as model/explore/written_clauses.py tells them


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
    pacts = commands.add_parser("pacts", parents=[common], help="川渝供应协议的价值 what the supply pacts and the joint plan are worth")
    targets = commands.add_parser("targets", parents=[common], help="各项目标差多少、怎样补足 how far every target is, and what closes the gap")
    compare = commands.add_parser("compare", parents=[common], help="并排比较 2 至 6 个方案 compare 2 to 6 plans, the others with the first")
    compare.add_argument("plans", nargs="+", metavar="SCENARIO|RESULT", help="情景文件或结果文件夹 scenario files or result folders")
    compare.add_argument("--data", type=Path, help="数据文件夹或工作簿 dataset folder or workbook")
    compare.add_argument("--out", type=Path, help="比较结果文件夹 folder for the comparison (page, JSON and CSV)")
    explain = commands.add_parser("explain", parents=[common], help="为何在此、为何不在彼 why here, why not there, what would change it")
    explain.add_argument("scenario", help="情景文件 scenario file (.toml)")
    explain.add_argument("park", nargs="?", help="园区或项目(编号或名称) park or project, by id or name")
    explain.add_argument("--technology", help="工艺(编号或名称) technology, by id or name")
    explain.add_argument("--all", action="store_true", help="全部园区 every park")
    explain.add_argument("--out", type=Path, help="结果文件 result file (.json, .csv)")
    explain.add_argument("--data", type=Path, help="数据文件夹或工作簿 dataset folder or workbook")
    switches = commands.add_parser("switches", parents=[common], help="布局选择的拐点 which value of which input flips every siting choice")
    switches.add_argument("--out", type=Path, help="写成表 write the table (.csv or .json)")
    study = commands.add_parser("study", parents=[common], help="研究文件:多算例分析 a study file: sweep and other studies of many cases")
    study.add_argument("file", help="研究文件 study file (.toml), or its name in scenarios/studies/")
    study.add_argument("--workers", type=int, help="本机进程数,默认自动选择 processes on this machine, by default what is quickest")
    study.add_argument("--cluster", metavar="ADDRESS", help="Dask 调度器的地址或文件 address (tcp://…) or file of a Dask scheduler")
    study.add_argument("--out", type=Path, help="结果文件夹 result folder")
    study.add_argument("--data", type=Path, help="数据文件夹或工作簿 dataset folder or workbook")
    for command in (hedge, pacts, targets):
        command.add_argument("--out", type=Path, help="结果文件 result file (.json)")
    for command in (solve, check, hedge, pacts, targets, switches):
        command.add_argument("scenario", nargs="?", help="情景文件 scenario file (.toml)")
        command.add_argument("--data", type=Path, help="数据文件夹或工作簿 dataset folder or workbook")
    solve.add_argument("--out", type=Path, help="结果文件夹 result folder")
    # append, not extend: a name may stand before or after the scenario
    solve.add_argument("--with", action="append", dest="sections", default=[], metavar="SECTION",
                       help="报告附加章节(可重复) another section of the report: why_not, switches, targets, pacts, hedge, a study or a scenario")
    solve.add_argument("--office", action="store_true", help="另写 PNG 地图、brief.docx 与 slides.pptx also maps as PNG, brief.docx and slides.pptx")
    for command in (solve, hedge, pacts, targets, compare, explain, study):
        command.add_argument("--mip-gap", type=float, help="整数解差距 relative gap of integer solutions")
        command.add_argument("--time-limit", type=float, help="求解时限(秒) solver time limit in seconds")
    _of_results(commands, common)
    _of_datasets(commands, common)
    return top


def _of_results(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Commands that read finished runs."""
    verify = commands.add_parser("verify", parents=[common], help="重新校核一次运行 check a finished run again")
    verify.add_argument("result", type=Path, help="结果文件夹 result folder")
    clauses = commands.add_parser("clauses", parents=[common], help="政策条款得分表 what became of every policy clause in a finished run")
    clauses.add_argument("result", type=Path, help="结果文件夹 result folder")
    clauses.add_argument("--status", action="append", choices=STATUSES, help="只看这一类,可重复 clauses of this kind only, may be repeated")
    prices = commands.add_parser("prices", parents=[common], help="影子价格 what one more unit of everything scarce in a finished run is worth")
    prices.add_argument("result", type=Path, help="结果文件夹 result folder")
    history = commands.add_parser("history", parents=[common], help="历次运行 past runs and what became of them")
    history.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="结果文件夹,默认 results/ folder of the runs, by default results/")
    history.add_argument("--out", type=Path, help="写成表 write the table (.csv or .json)")


def _of_datasets(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Commands that write datasets and manuals."""
    template = commands.add_parser("template", parents=[common], help="导出工作簿 write the dataset as a workbook")
    template.add_argument("out", type=Path, help="工作簿 workbook (.xlsx)")
    template.add_argument("--data", type=Path, help="数据文件夹 dataset folder")
    manual = commands.add_parser("manual", parents=[common], help="写出手册 write the manual: the linear program, the tables, scenario files")
    manual.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="手册文件夹,默认 docs/ folder of the pages, by default docs/")
