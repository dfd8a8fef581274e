# The words of this file are the words of CI. `make demo` and `make test` are all a user needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXAMPLE := examples/idlib-2020

.PHONY: help setup setup-dev demo test lint types walls docs gate pictures lock clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

$(VENV)/.made: requirements/base.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say which with: make PYTHON=python3.12"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

$(VENV)/.made-dev: $(VENV)/.made requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

setup: $(VENV)/.made ## the environment with what the product needs
setup-dev: $(VENV)/.made-dev ## and what tests, lint, types and docs need

demo: setup ## read the example dossier, print what happened, write a bulletin
	@$(BIN)/trucewatch run $(EXAMPLE)
	@echo; echo "== Incidents ==";        $(BIN)/trucewatch incidents $(EXAMPLE)
	@echo; echo "== Ledger of alleged breaches =="; $(BIN)/trucewatch ledger $(EXAMPLE)
	@echo; echo "== Claimed against documented =="; $(BIN)/trucewatch tallies $(EXAMPLE)
	@echo; echo "== Obligations ==";      $(BIN)/trucewatch obligations $(EXAMPLE)
	@$(BIN)/trucewatch bulletin $(EXAMPLE) -o $(EXAMPLE)/bulletin.html
	@echo; echo "The bulletin is $(EXAMPLE)/bulletin.html: open it in any browser, it needs no network."
	@echo "Next:  . $(VENV)/bin/activate"
	@echo "       trucewatch explain ID -d $(EXAMPLE)   the whole chain behind any id above"
	@echo "       trucewatch ledger $(EXAMPLE) --rule site_day"
	@echo "       trucewatch new my-dossier        a dossier of your own (docs/start)"

test: setup-dev ## every test (those that need PostgreSQL or Chromium skip where there is none, and say so)
	$(BIN)/python -m pytest

lint: setup-dev ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-dev ## mypy, strict
	$(BIN)/mypy

walls: setup-dev ## the walls between the rooms
	$(BIN)/lint-imports

pictures: setup-dev ## the pictures of the guides, taken of the desk anew
	TRUCEWATCH_GUIDE_PICTURES=docs/pictures $(BIN)/python -m pytest -q tests/desk/test_guide_pictures.py

gate: setup-dev ## the reader against its pinned floors
	$(BIN)/python eval/gate.py

docs: setup-dev ## the documentation; warnings are errors
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html

lock: ## compile the pinned requirements anew (needs uv)
	for set in base dev; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --no-header --no-annotate requirements/$$set.in -o requirements/$$set.txt; done

clean: ## remove the demo and what was built
	rm -rf $(EXAMPLE)/trucewatch.sqlite3* $(EXAMPLE)/raw $(EXAMPLE)/bulletin.* docs/_build build *.egg-info src/*.egg-info

.PHONY: assets
assets: ## copy the desk's third-party files from npm's lock file into the package (needs node)
	cd web && npm ci --silent --no-audit --no-fund
	for f in maplibre-gl/dist/maplibre-gl-csp.js maplibre-gl/dist/maplibre-gl-csp-worker.js maplibre-gl/dist/maplibre-gl.css htmx.org/dist/htmx.min.js; do \
	  sed '/sourceMappingURL/d' web/node_modules/$$f > src/trucewatch/desk/static/desk/vendor/$$(basename $$f); done
	cd web && node land.mjs ../src/trucewatch/desk/static/desk/land.geojson
