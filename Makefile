# Two commands: `make demo` shows the product, `make test` runs the tests. Both make their own environment in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data
READY := $(VENV)/.ready
DEV_READY := $(VENV)/.dev-ready
BENCH_READY := $(VENV)/.bench-ready
FRONTEND := $(shell find frontend -type f 2>/dev/null) package.json package-lock.json hatch_build.py

.PHONY: demo report test test-browser lint bench bench-facts bench-insight bench-quality notebook models clean

demo: $(READY)
	$(BIN)/huiyin serve --demo

report: $(READY)
	$(BIN)/huiyin demo --out demo
	@$(BIN)/python -c "import os, sys, webbrowser; (os.environ.get('DISPLAY') or sys.platform == 'darwin') and webbrowser.open('file://' + os.path.abspath('demo/report/report.html'))"

test: $(DEV_READY)
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not browser" $(PYTEST)

test-browser: $(DEV_READY)
	$(BIN)/python -m pytest -m browser $(PYTEST)

lint: $(DEV_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(BENCH_READY)
	$(BIN)/python benchmarks/bench_job.py
	$(BIN)/python benchmarks/bench_reader.py

bench-facts: $(BENCH_READY)
	$(BIN)/python benchmarks/bench_facts.py $(BENCH)

bench-insight: $(BENCH_READY)
	$(BIN)/python benchmarks/bench_insight.py $(BENCH)

bench-quality: $(BENCH_READY)
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.bench_quality --data $(DATA) --out docs/reference/quality.md

notebook: $(DEV_READY)
	$(BIN)/python docs/notebooks/run.py --file $(DATA)/zh_appstore_smarthome/reviews.csv.gz

models: $(DEV_READY)
	$(BIN)/python -m huiyin.text.building --data $(DATA)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(READY): pyproject.toml $(FRONTEND) | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[server,audio]"
	@touch $@

$(DEV_READY): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@

$(BENCH_READY): $(DEV_READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev,bench]"
	@touch $@

clean:
	rm -rf $(VENV) demo node_modules src/huiyin/report/assets/build src/huiyin/server/web/static/build
	find src -name "*.mo" -delete
