"""Feedback files in any of the usual formats in, canonical record batches out."""

from huiyin.files.errors import FilesError
from huiyin.files.feedback_files import FeedbackFiles, open_files
from huiyin.files.options import Limits, ReadOptions
from huiyin.files.records import Batch, Column, FileWarning, Reject, SourceInfo
from huiyin.files.schema import INTAKE

__all__ = [
    "INTAKE",
    "Batch",
    "Column",
    "FeedbackFiles",
    "FileWarning",
    "FilesError",
    "Limits",
    "ReadOptions",
    "Reject",
    "SourceInfo",
    "open_files",
]
