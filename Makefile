# Yijue: `make demo` shows it, `make test` tests it; both set up what they need first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help setup fonts web demo bench test test-long test-web screens pictures faults test-named records wheel lint format lock clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.installed: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# The front end. What is made twice with nothing changed between is not made again; a server whose interface stays the
# same leaves the client as it is.
NPM := $(BIN)/python scripts/npm.py
MODULES := web/node_modules/.package-lock.json
SERVER := $(shell find storage acts documents identity bodies imports agenda voting decide minutes realtime server -name '*.py')
PAGES := $(shell find web/src web/public -type f -not -path 'web/src/api/generated/*' -not -name '*.test.ts') \
	web/index.html web/vite.config.ts web/tsconfig.json

$(MODULES): web/package-lock.json web/package.json | $(VENV)/.installed
	@$(NPM) ci --ignore-scripts --silent
	@touch $@

web/.described: $(SERVER) scripts/openapi.py | $(VENV)/.installed
	@$(BIN)/python scripts/openapi.py > web/openapi.json.new
	@cmp -s web/openapi.json.new web/openapi.json && rm web/openapi.json.new || mv web/openapi.json.new web/openapi.json
	@touch $@

web/openapi.json: web/.described ;

web/src/api/generated/.made: web/openapi.json web/openapi-ts.config.ts $(MODULES)
	@$(NPM) run --silent client
	@touch $@

server/static/.built: $(PAGES) web/src/api/generated/.made
	@$(NPM) run --silent check
	@$(NPM) run --silent build -- --logLevel warn
	@touch $@

fonts: $(VENV)/.installed $(MODULES) ## the fonts of the minutes, out of npm packages
	@$(BIN)/python scripts/fonts.py

web: server/static/.built ## the pages, into server/static

setup: $(VENV)/.installed fonts web ## Python packages, fonts and pages, into .venv, documents/fonts and server/static

demo: setup ## the demonstration meeting; ONCE=1 ends after the PDF
	@$(BIN)/yijue demo $(if $(ONCE),--once)

bench: setup ## how fast it is, beside the limits; about five minutes
	@$(BIN)/python -m benchmarks

# Two at once; who has nothing left takes over from the other.
PYTEST := $(BIN)/pytest --numprocesses 2 --dist worksteal

test: setup ## all tests on the embedded PostgreSQL but the long ones, those of the pages first and last
	@$(NPM) run --silent test
	@$(PYTEST) -m "not long" --ignore=tests/web
	@$(PYTEST) -m "not long" tests/web

test-long: setup ## the tests that take long by nature: killed servers, large papers, many seats, races
	@$(BIN)/pytest -m long

test-web: setup ## the screens alone, in a real browser (system Chromium, a Chinese font)
	@$(PYTEST) tests/web

screens: setup ## a picture of every page, into docs/screens
	@$(BIN)/pytest tests/web/screens.py

pictures: setup ## the papers of the demonstration as pictures, into docs
	@$(BIN)/pytest tests/minutes/pictures.py

test-named: setup ## the database tests on a named PostgreSQL, over TCP; ONLY="tests/storage …" runs some
	@$(BIN)/python scripts/test_named.py $(ONLY)

records: $(VENV)/.installed ## docs/records.md, from the classes of the kinds
	@PYTHONPATH=. $(BIN)/python scripts/records.py > docs/records.md

faults: setup ## kills, races, duplicates, hangs, full disks, copies and restores, an hour or two; SEED=n repeats a run, ONLY=name plays one
	@SEED=$(SEED) ONLY="$(ONLY)" $(BIN)/python -m tests.faults

wheel: setup ## the program with its fonts and pages as a wheel, into dist
	@$(BIN)/python -m hatchling build -t wheel

lint: setup ## ruff, mypy --strict, import-linter, vue-tsc
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(NPM) run --silent check

format: setup ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: $(VENV)/.installed ## resolve the pinned packages anew
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## remove what was made
	rm -rf $(VENV) documents/fonts web/node_modules web/src/api/generated web/openapi.json web/.described server/static \
		build dist
