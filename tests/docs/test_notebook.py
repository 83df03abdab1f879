"""The notebook runs from top to bottom on the built-in sample and is kept without outputs. CI runs it on a real file too."""

import importlib.util
from pathlib import Path

import nbformat

NOTEBOOKS = Path(__file__).parents[2] / "docs" / "notebooks"


def test_the_notebook_runs_and_draws_a_figure_for_each_question() -> None:
    spec = importlib.util.spec_from_file_location("notebook_run", NOTEBOOKS / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.run(None) == 5


def test_no_output_of_anybodys_data_is_kept() -> None:
    notebook = nbformat.read(NOTEBOOKS / "insight.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells)
