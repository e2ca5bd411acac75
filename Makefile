# make demo   a virtual environment, netviz in it, and the main screen on a shipped capture
# make test   everything: lint, types, tests, guards

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types tests bench bench-live captures clean

demo: $(VENV)/.installed
	@$(BIN)/netviz demo

test: lint types tests

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-test
	$(BIN)/mypy

tests: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n auto

bench: $(VENV)/.installed-test
	$(BIN)/python tests/benchmark.py

bench-live: $(VENV)/.installed-test
	$(BIN)/python tests/benchmark_live.py
	$(BIN)/python tests/live_screen_benchmark.py

captures: $(VENV)/.installed
	$(BIN)/python -m netviz.lab.record --all

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.installed-test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
