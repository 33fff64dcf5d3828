# gongkai: every task a reader or a developer runs. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
# Test processes at once. The suite is sized for two cores.
JOBS ?= 2
PYTEST_ARGS ?=
# Where `make ui` answers, on this machine alone.
PORT ?= 3000

BIN := .venv/bin
# Stamps are written last, so a half-made environment is never taken for a whole one.
RUN_STAMP := .venv/.run-stamp
DEV_STAMP := .venv/.dev-stamp
PIP := $(BIN)/python -m pip --disable-pip-version-check
DAGSTER_HOME := $(CURDIR)/data/warehouse/dagster
PIP_TOOLS := 7.6.2
COMPILE = .venv/lock/bin/pip-compile --quiet --upgrade --no-header --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.PHONY: help .venv venv-possible run test lint format tests nightly ui bench accuracy lock clean distclean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-zA-Z.]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv: $(RUN_STAMP) $(DEV_STAMP) ## the environment from pinned versions, with what tests need

run: $(RUN_STAMP) ## read data/raw and publish data/warehouse/gongkai.duckdb
	$(BIN)/gongkai ingest

test: lint tests ## everything that must pass

lint: $(RUN_STAMP) $(DEV_STAMP) ## style, types and the import boundary
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

format: $(DEV_STAMP) ## let ruff fix and format what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Files in their own order: those with few but long tests would otherwise all come last, on one of two cores.
# Tests start many processes: each would compile all modules anew where the environment forbids keeping them.
tests: export PYTHONDONTWRITEBYTECODE :=
tests: $(RUN_STAMP) $(DEV_STAMP) ## the tests without the lint
	$(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder -m "not nightly" $(PYTEST_ARGS)

nightly: $(RUN_STAMP) $(DEV_STAMP) ## the tests marked nightly: the large settings
	$(BIN)/pytest -n $(JOBS) --dist loadfile -m nightly --timeout 0 $(PYTEST_ARGS)

ui: $(RUN_STAMP) $(DAGSTER_HOME)/dagster.yaml ## Dagster on http://127.0.0.1:3000, schedule and sensor included
	DAGSTER_HOME="$(DAGSTER_HOME)" $(BIN)/dagster dev --module-name assets.definitions --host 127.0.0.1 --port $(PORT)

bench: $(RUN_STAMP) $(DEV_STAMP) ## measure reading and ingesting, as ratios to a floor
	$(BIN)/python -m tests.bench

accuracy: $(RUN_STAMP) $(DEV_STAMP) ## cells read right, by layout and form
	$(BIN)/python -m tests.accuracy --by layout
	$(BIN)/python -m tests.agencies.accuracy

# Compile with the oldest Python supported (Debian 12 has 3.11.2): a pin may refuse an older patch release.
lock: $(RUN_STAMP) ## compile requirements*.in into the full pinned sets
	$(BIN)/python -m venv .venv/lock
	.venv/lock/bin/python -m pip --disable-pip-version-check install --quiet pip-tools==$(PIP_TOOLS)
	$(COMPILE) --output-file requirements.txt requirements.in
	$(COMPILE) --output-file requirements-dev.txt requirements-dev.in
	$(COMPILE) --output-file requirements-deploy.txt requirements-deploy.in

clean: ## remove what was built: the warehouse and caches, not the documents
	rm -rf data/warehouse .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build gongkai.egg-info
	find pipeline assets tests -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## as clean, and the environment
	rm -rf .venv

# --- how the environment is made ---

# Debian splits venv's seed (ensurepip) into a package of its own, which a fresh machine lacks.
venv-possible:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "gongkai needs Python 3.11 or newer; name one with: make PYTHON=python3.11 …" >&2; exit 1; }
	@if ! $(PYTHON) -c 'import ensurepip' 2>/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq; \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv; \
	  else \
	    echo "Python's venv module is incomplete here. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2; \
	    exit 1; \
	  fi; \
	fi

$(BIN)/python: | venv-possible
	$(PYTHON) -m venv .venv

# --use-pep517: jieba comes as source only, and older pips would build it in a way that is going away.
# setuptools leaves when its work is done: jieba would import it, at three times its own start-up time.
$(RUN_STAMP): requirements.txt pyproject.toml | $(BIN)/python
	@echo "Making the environment from pinned versions; a minute or so."
	$(PIP) install --quiet --use-pep517 -r requirements.txt
	$(PIP) install --quiet --no-deps --editable .
	$(PIP) uninstall --quiet --yes setuptools 2>/dev/null
	@touch $@

# The tests try what a server runs with, so its libraries come too.
$(DEV_STAMP): requirements-dev.txt requirements-deploy.txt requirements.txt | $(RUN_STAMP)
	$(PIP) install --quiet -r requirements-dev.txt -r requirements-deploy.txt
	@touch $@

$(DAGSTER_HOME)/dagster.yaml: deploy/dagster.ui.yaml
	@mkdir -p $(@D)
	cp $< $@
