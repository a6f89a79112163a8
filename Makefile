# Two commands are enough: `make demo` to look, `make test` to know that everything holds.
# They need Python 3.11+ (PYTHON=…), pip and make; tools/bootstrap.py makes .venv with the rest.

ifeq ($(OS),Windows_NT)
PYTHON ?= python
BIN := .venv/Scripts
else
PYTHON ?= $(shell python3 tools/interpreter.py || echo python3)
BIN := .venv/bin
endif

PORT ?= 8000
NIWARI_HOME ?= var/demo
WORKERS ?= 2

INSTALL = $(PYTHON) tools/bootstrap.py $(if $(INSTALLER),--installer $(INSTALLER))

# The tests start hundreds of processes: none of them may have to compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check test-interop screenshots bench lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: ## start a Niwari with the demo region on 127.0.0.1 (PORT=8000, NIWARI_HOME=var/demo)
	@$(INSTALL)
	@exec env PORT="$(PORT)" NIWARI_HOME="$(NIWARI_HOME)" $(BIN)/niwari demo

test: ## everything that must hold (NIWARI_SKIP=browser,postgres leaves these out, WORKERS=2)
	@$(INSTALL) --dev
	@$(BIN)/python tools/run_tests.py --all --workers $(WORKERS)

check: ## the fast part of test: lint, types, layers, tests on SQLite
	@$(INSTALL) --dev
	@$(BIN)/python tools/run_tests.py --fast --workers $(WORKERS)

test-interop: ## sign in with a provider that is not ours (needs node, npm and the network)
	@$(INSTALL) --dev
	@mkdir -p var/interop
	@cp tests/interop/package.json tests/interop/package-lock.json var/interop/
	@npm ci --prefix var/interop --ignore-scripts --no-audit --no-fund
	@$(BIN)/python -m pytest tests/interop --interop

screenshots: ## every screen, filled, at 1360 and 360 px, into var/screenshots/
	@$(INSTALL) --dev
	@$(BIN)/python tools/screenshots.py

bench: ## measure pages beside a bare floor (bench/)
	@$(INSTALL) --dev
	@$(BIN)/python -m bench

lock: ## write the lock files anew after a change in a pyproject.toml (UPGRADE=1: newest versions)
	@$(PYTHON) tools/lock.py $(if $(UPGRADE),--upgrade)

clean: ## remove what was installed and cached; your data in var/ stays
	@rm -rf .venv .tools dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
