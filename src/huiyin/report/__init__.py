"""Reports of an analysis: one self-contained page, and tables for a spreadsheet."""

from huiyin.report.html import write_html
from huiyin.report.tables import write_problems_csv, write_problems_xlsx

__all__ = ["write_html", "write_problems_csv", "write_problems_xlsx"]
