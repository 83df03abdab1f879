"""The main job: files of feedback in, a ranked problem list with evidence out.

It walks once through four rooms: `text` reads, `facts` keeps, `insight` asks, `report` tells.
"""

from huiyin.analyze.job import AnalysisResult, AnalyzeOptions, JobError, analyze
from huiyin.analyze.progress import Progress

__all__ = ["AnalysisResult", "AnalyzeOptions", "JobError", "Progress", "analyze"]
