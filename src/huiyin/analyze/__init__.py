"""The main job: files of feedback in, a ranked problem list with evidence out.

It walks once through four rooms: `text` reads, `facts` keeps, `insight` asks, `report` tells.
"""

from huiyin.analyze.importing import ImportResult, import_files
from huiyin.analyze.job import AnalysisResult, analyze
from huiyin.analyze.loading import AnalyzeOptions, JobError
from huiyin.analyze.progress import Progress

__all__ = ["AnalysisResult", "AnalyzeOptions", "ImportResult", "JobError", "Progress", "analyze", "import_files"]
