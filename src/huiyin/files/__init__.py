"""Feedback files in any of the usual formats in, canonical record batches out."""

from huiyin.files.errors import FilesError
from huiyin.files.feedback_files import FeedbackFiles, open_files
from huiyin.files.options import Limits, ReadOptions
from huiyin.files.records import Batch, Column, FileWarning, Reject, SourceInfo
from huiyin.files.schema import INTAKE
from huiyin.files.tables import PlainTable, PlainTables

__all__ = [
    "INTAKE",
    "Batch",
    "Column",
    "FeedbackFiles",
    "FileWarning",
    "FilesError",
    "Limits",
    "PlainTable",
    "PlainTables",
    "ReadOptions",
    "Reject",
    "SourceInfo",
    "open_files",
]
