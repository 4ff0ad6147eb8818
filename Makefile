# Everything a newcomer needs: make demo, make test. All else serves these two.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SOURCES := bot handlers storage tests
WORKERS ?= auto
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --upgrade --quiet --custom-compile-command "make lock"

# Guidance, word lists and models: nothing but published words and numbers, and slow to go through.
NO_SECRETS_IN := ':!*.lock' ':!*.npz' ':!*.onnx' ':!*.bin' ':!*.png' ':!*.jsonl' ':!bot/content' ':!bot/finding/data' ':!bot/rules/guard/*.txt' ':!bot/simulator/bot_api.json'
PIP_AUDIT := 2.10.1

.PHONY: help demo test install check audit format bench soak pictures eval lock clean
.DEFAULT_GOAL := help

help: ## Lists the targets
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.runtime ## Runs the whole bot against the built-in simulator: open the printed address
	@$(BIN)/driftless demo --port $(PORT)

install: $(VENV)/.runtime ## Makes .venv with the locked versions

test: $(VENV)/.dev ## Installs what is missing and runs every test
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

check: $(VENV)/.dev ## Format, lint, strict types, import contracts, content, no secrets
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/driftless guidance check
	@git ls-files -z -- . $(NO_SECRETS_IN) | xargs -0 $(BIN)/detect-secrets-hook --baseline .secrets.baseline --cores 2

audit: $(VENV)/.dev ## Asks the network whether a locked version has a known weakness
	@$(BIN)/uv tool run --quiet pip-audit@$(PIP_AUDIT) --requirement requirements.lock --require-hashes --disable-pip --strict

format: $(VENV)/.dev ## Formats and mends what can be mended
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/ruff check --fix $(SOURCES)

bench: $(VENV)/.dev ## Timings as ratios, each printed with both sides
	@$(BIN)/python -m tests.bench.calculator
	@$(BIN)/python -m tests.bench.reminders
	@$(BIN)/python -m tests.bench.process
	@$(BIN)/python -m tests.bench.flood
	@$(BIN)/python -m tests.bench.outbox_size
	@$(BIN)/python -m tests.bench.planning

soak: $(VENV)/.dev ## Long tests: made-up updates by the thousand, kills and faults by the hundred
	@$(BIN)/python -m tests.fuzz --updates 10000
	@$(BIN)/python -m tests.storm --kills 200 --reminders 2000
	@$(BIN)/python -m tests.storm --kills 50 --reminders 1000 --postgresql

pictures: $(VENV)/.dev ## Makes the documents' pictures anew from the running program
	@mkdir -p docs/pictures
	@DRIFTLESS_SHOTS=docs/pictures $(BIN)/python -m pytest tests/flows/test_story.py tests/flows/test_scenes.py

eval: $(VENV)/.dev ## Measures how well questions find their entry
	@$(BIN)/python -m bot.finding.evaluate

lock: $(VENV)/.dev ## Upgrades every locked version; what runs is what is tested
	@$(COMPILE) --group build --group dev -o requirements-dev.lock
	@$(COMPILE) --group build --constraint requirements-dev.lock -o requirements.lock

clean: ## Removes what can be made again
	@rm -rf $(VENV) demo build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@test -w . || { echo "No write permission in this folder: copy it to one of your own." >&2; exit 1; }
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, and $(PYTHON) was not found." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1)." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing: install it (on Debian: python3-venv)." >&2; exit 1; }

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the locked versions into $(VENV) (the first time only) …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
