"""Convenience table of policy: every clause of the documents, what of the model carries it, or why nothing does."""

from __future__ import annotations

from typing import Final

from model.schema.spec import Column, TableSpec

# what may carry a clause; written <kind>:<name>, the name of an option or indicator may end in *
CARRIERS: Final = ("table", "indicator", "option", "scenario", "report")
NOT_MODELLED: Final = "not_modelled"
TREATMENTS: Final = ("constraint", "parameter", "project", "geography", "scenario", "objective", "report", NOT_MODELLED)

TABLES: tuple[TableSpec, ...] = (
    TableSpec("clauses", (
        Column("clause", "id", zh="条款", en="clause"),
        Column("document", "id", zh="文件", en="document"),
        Column("section", "text", "", zh="章节", en="section"),
        Column("text_zh", "text", "", zh="内容概述", en="what it asks for, in Chinese"),
        Column("text_en", "text", "", zh="内容概述(英文)", en="what it asks for, in English"),
        Column("treatment", "choice", choices=TREATMENTS, zh="处理方式", en="how the model treats it"),
        Column(
            "carried_by", "id", "", many=True, zh="承载者(分号分隔)",
            en="what carries it: table:, indicator:, option:, scenario: or report: and a name, separated by semicolons",
        ),
        Column("reason_zh", "text", "", zh="未建模(或只建模一部分)的原因", en="why it is not modelled, or only in part, in Chinese"),
        Column("reason_en", "text", "", zh="未建模(或只建模一部分)的原因(英文)", en="why it is not modelled, or only in part, in English"),
    ), key=("clause",), zh="政策条款", en="clauses of the policy documents"),
)
