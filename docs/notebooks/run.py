"""Run the notebook from the first cell to the last; an error in any cell is an error here. Its outputs go beside `--out`, never back."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent


def run(file: Path | None, out: Path | None = None) -> int:
    """Execute `insight.ipynb` on a file of feedback (the built-in sample when None); gives the number of figures drawn."""
    if file is not None:
        os.environ["HUIYIN_NOTEBOOK_FILE"] = str(file.resolve())
    notebook = nbformat.read(HERE / "insight.ipynb", as_version=4)
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(HERE)}}).execute()
    if out is not None:
        nbformat.write(notebook, out)
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return sum("image/png" in output.get("data", {}) for output in outputs)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    print(f"{run(options.file, options.out)} figures")
