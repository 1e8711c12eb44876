# Yijue: `make demo` shows it, `make test` tests it; both set up what they need first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help setup fonts demo bench test test-named wheel lint format lock clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.installed: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

fonts: $(VENV)/.installed ## the fonts of the minutes, out of npm packages
	@$(BIN)/python scripts/fonts.py

setup: $(VENV)/.installed fonts ## Python packages and fonts, into .venv and minutes/fonts

demo: setup ## the demonstration meeting; ONCE=1 ends after the PDF
	@$(BIN)/yijue demo $(if $(ONCE),--once)

bench: setup ## how fast it is, beside the limits; about five minutes
	@$(BIN)/python -m benchmarks

test: setup ## all tests on the embedded PostgreSQL
	@$(BIN)/pytest

test-named: setup ## the database tests on a named PostgreSQL, over TCP; ONLY="tests/storage …" runs some
	@$(BIN)/python scripts/test_named.py $(ONLY)

wheel: setup ## the program with its fonts as a wheel, into dist
	@$(BIN)/python -m hatchling build -t wheel

lint: setup ## ruff, mypy --strict, import-linter
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: $(VENV)/.installed ## resolve the pinned packages anew
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## remove what was made
	rm -rf $(VENV) minutes/fonts web/node_modules build dist
