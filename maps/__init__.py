"""The report: an offline map page and a workbook made from one ``ReportView``."""
