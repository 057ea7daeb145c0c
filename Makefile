# Every developer verb. `make help` lists them; CI runs the same ones.
# Taken for granted: Python >= 3.11 with pip and venv, make and git.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EIGHT_BITS := src/lacre/engines/reading/rapid/made/.ready
UV := $(VENV)/tools/bin/uv
UV_VERSION := 0.13.9
ONLY ?=
ARGS ?=
# tests at once: many of them wait for clocks and processes, so more than there are cores
JOBS ?= 3

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test check fix bench faults pictures clean office test-tools tests lint types

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.ready src/lacre/web/static/.ready src/lacre/engines/fonts/.ready office $(EIGHT_BITS) ## set up only: .venv from the lock file, front end, fonts, LibreOffice
# where Python may not write bytecode by itself, as in many containers, each process would compile all of it anew
	@$(BIN)/python -m compileall -q -j 0 src

demo: setup ## the main job, told as it happens: send, sign, seal, tell, reprocess
	$(BIN)/lacre demo $(ARGS)

serve: setup ## run the server with its worker on http://127.0.0.1:8000
	$(BIN)/lacre serve

# types beside the tests, which wait for clocks and processes half of the time
test: setup $(VENV)/.ready-dev test-tools lint ## every test (sets up what the tests need); what CI runs
	@$(MAKE) --no-print-directory -j2 types tests

check: setup $(VENV)/.ready-dev lint types ## ruff, mypy strict, import contracts, shapes
	$(BIN)/pytest -q -p no:randomly tests/architecture

lint: setup $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	cd frontend && ../tools/npm run --silent check

types: setup $(VENV)/.ready-dev
	$(BIN)/mypy

# hundreds of processes are started: none should compile again what another has, whatever this machine forbids
tests:
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n $(JOBS) --dist worksteal

fix: $(VENV)/.ready-dev ## format, and mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup $(VENV)/.ready-dev ## benchmarks beside their baselines; ONLY=seal|api|ingest|docx|fields|read|deliveries|ordered|latency|growth|memory
	$(BIN)/python -m bench $(ONLY) $(ARGS)

faults: setup $(VENV)/.ready-dev test-tools ## the long fault runs
	LACRE_LONG_FAULTS=1 $(BIN)/pytest tests/faults tests/dialects/zapsign/test_any_call.py tests/dialects/arqsign/test_any_call.py

pictures: setup $(VENV)/.ready-dev test-tools ## take the pictures of the README anew
	PYTHONPATH=. $(BIN)/python -m tools.pictures

clean: ## remove what set-up made
	rm -rf $(VENV) frontend/node_modules src/lacre/web/static src/lacre/engines/fonts $(dir $(EIGHT_BITS))

$(UV):
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Lacre needs Python 3.11 or newer")'
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(PYTHON) -m venv $(VENV)/tools
	$(VENV)/tools/bin/pip install --quiet uv==$(UV_VERSION)

$(VENV)/.ready: pyproject.toml uv.lock | $(UV)
	$(UV) sync --frozen --inexact --no-dev --group build --compile-bytecode --quiet
	@touch $@

$(VENV)/.ready-dev: pyproject.toml uv.lock | $(UV)
	$(UV) sync --frozen --inexact --compile-bytecode --quiet
	@touch $@

frontend/node_modules/.ready: frontend/package.json frontend/package-lock.json | $(VENV)/.ready
	cd frontend && ../tools/npm ci --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

src/lacre/web/static/.ready: frontend/node_modules/.ready $(shell find frontend -path frontend/node_modules -prune -o -type f -print)
	cd frontend && ../tools/npm run --silent build
	@touch $@

src/lacre/engines/fonts/.ready: frontend/node_modules/.ready frontend/fonts.mjs
	cd frontend && ../tools/npm run --silent fonts
	@touch $@

# a minute, once
$(EIGHT_BITS): uv.lock src/lacre/engines/reading/rapid/models.py tools/eight-bits $(wildcard tools/eight_bits/*.py) | $(VENV)/.ready src/lacre/engines/fonts/.ready
	@tools/eight-bits
	@mkdir -p $(@D) && touch $@

office:
	@tools/office

test-tools:
	@tools/test-tools
