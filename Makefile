# `make help` lists what there is. Everything lives in .venv; Node comes from a Python package.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# A distribution's own Python is compiled with profile-guided optimisation; one that was compiled by
# hand seldom is, and takes 1.6 times as long for a page. The first of these that will do.
PYTHON ?= $(firstword $(shell for each in /usr/bin/python3 python3; do \
	$$each -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$each; done) python3)
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
STAMPS := $(VENV)/stamps
BUILT := src/callout/web/static/build/manifest.json
NPM := PATH="$(BIN):$$PATH" npm --prefix frontend --no-fund --no-audit
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' -not -path '*/.vite/*' 2>/dev/null)
CATALOGUES := $(patsubst %.po,%.mo,$(shell find src/callout/locale -name '*.po' 2>/dev/null))
DEMO := CALLOUT_DEMO=true CALLOUT_DATA="$${CALLOUT_DATA:-$$($(BIN)/python -m callout.config.folders)}"

# CI has 40 minutes on two slow cores: what is marked as dear is left to whoever runs it by hand.
NOW := not long$(if $(CI), and not dear)

# Compiled once, not by each of the processes that the tests start.
unexport PYTHONDONTWRITEBYTECODE

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name what; do \
		printf '  make %-12s %s\n' "$$name" "$$what"; done

demo: ready ## Serve a demo company on http://localhost:8000 (PORT and CALLOUT_DATA are honoured)
	@exec env $(DEMO) $(BIN)/callout serve

demo-reset: ready ## Forget what was entered in the demo, and start it over
	@env $(DEMO) $(BIN)/callout demo-reset
	@exec env $(DEMO) $(BIN)/callout serve

test-fast: tested-with ## Unit tests of Python and TypeScript: about two minutes
	$(BIN)/pytest -q -n 2 --dist worksteal
	$(NPM) run test

test: lint test-fast chromium ## Everything but the full counts: some 45 minutes, less with CI=true
	$(BIN)/pytest -q -n 2 --dist worksteal -m '(wide or hypothesis) and $(NOW)'
	$(BIN)/pytest -q -n 2 --dist worksteal -m '(process or race) and not alone and not wide and $(NOW)'
	$(BIN)/pytest -q -m 'alone and not wide and $(NOW)' tests/config
	$(BIN)/pytest -q -n 2 --dist worksteal -m 'journey and $(NOW)' tests/journeys tests/live/test_browser.py
	$(MAKE) wheel-test

test-long: tested-with chromium ## The full counts of what Callout promises: hours
	CALLOUT_TEST_SCALE=full $(BIN)/pytest -q -m 'long or not long'

lint: tested-with ## Style, types, import contract, migrations, deployment checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NPM) run lint
	$(NPM) run check

format: tested-with ## Put the code into the house's form
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(NPM) run format

bench: tested-with ## Measure what it costs
	$(BIN)/python -m bench

messages: ready ## Bring the translators' catalogues up to the texts of today
	@CALLOUT_DATA=$(CURDIR)/.cache/data $(BIN)/callout makemessages

build: ready ## Make the wheel: dist/*.whl, with all that is built inside
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation --outdir dist

wheel-test: build ## Install the wheel where neither Node nor the sources are, and serve
	$(BIN)/python -m tests.harness.wheel dist/*.whl

chromium: tested-with # Find a Chromium for the journeys, or get one
	@$(BIN)/python -m tests.harness.chromium

lock: ## Resolve the versions anew into requirements/*.txt (needs uv)
	@for part in dev build base; do \
		uv pip compile --quiet --upgrade pyproject.toml $$([ $$part = base ] || echo --extra $$part) \
			$$([ $$part = dev ] || echo -c requirements/dev.txt) --universal --python-version 3.11 \
			--generate-hashes --no-emit-index-url --no-annotate --no-header \
			-o requirements/$$part.txt; done
	@echo 'ortools>=9.15' | uv pip compile --quiet --upgrade - -c requirements/dev.txt --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		-o requirements/bench.txt

# --- what the above stand on ---

ready: $(STAMPS)/build $(BUILT) $(CATALOGUES)

tested-with: $(STAMPS)/dev ready

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Callout needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		name=$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
		echo "Python's ensurepip is missing, so no virtual environment can be made." >&2; \
		echo "On Debian and Ubuntu: apt-get install $$name" >&2; exit 1; }
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/build: $(STAMPS)/venv requirements/build.txt pyproject.toml
	@echo "Installing Callout and what builds it"
	@$(PIP) install --require-hashes -r requirements/build.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/dev: $(STAMPS)/build requirements/dev.txt
	@echo "Installing what tests it"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(STAMPS)/npm: $(STAMPS)/build frontend/package.json frontend/package-lock.json
	@echo "Installing the front end's packages"
	@$(NPM) ci --silent
	@touch $@

$(BUILT): $(STAMPS)/npm $(FRONTEND)
	@echo "Building the front end"
	@$(NPM) run build --silent -- --logLevel warn
	@touch $@

%.mo: %.po $(STAMPS)/build
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

.PHONY: help demo demo-reset test-fast test test-long lint format bench messages build wheel-test \
	chromium lock ready tested-with
