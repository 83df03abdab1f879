"""What many voices say: problems ranked, changes judged, concentration, evidence. SQL over facts and statistics."""

from huiyin.insight.analysis import Intake, analyse, analyse_load, problem_id
from huiyin.insight.catalogue import AspectCard, Catalogue, ThemeCard
from huiyin.insight.findings import Findings

__all__ = ["AspectCard", "Catalogue", "Findings", "Intake", "ThemeCard", "analyse", "analyse_load", "problem_id"]
