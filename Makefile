# The two commands of a newcomer are `make run` and `make test`. `make help` lists the others.
SHELL := /bin/bash
PYTHON := .venv/bin/python
# One process more than there are cores, each with servers of its own, as tests of browsers and processes mostly wait; one
# process for a part of the suite, or with servers from outside.
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
SPREAD := $(if $(ARGS)$(DATABASE_URL)$(REDIS_URL),,-n $(WORKERS) --dist loadscope --no-loadscope-reorder)

.DEFAULT_GOAL := help
.PHONY: help run test test-long browser check format lock manage environment clean

help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  make \1\t/' | expand -t 22

run: .venv/.synced  ## the portal on this machine, at PORT (8000), its data in PORTAL_DATA (.data)
	@exec $(PYTHON) manage.py up --follow-parent

test: .venv/.synced browser  ## the whole suite; ARGS="tests/core -k ledger" for a part, COVERAGE=1 to measure branches
ifdef COVERAGE
	@$(PYTHON) -m coverage erase
	@$(PYTHON) -m coverage run -m pytest $(SPREAD) $(ARGS)
	@$(PYTHON) -m coverage combine --quiet
	@$(PYTHON) -m coverage report $(if $(ARGS),--fail-under=0 | tail -n 1,)
else
	@$(PYTHON) -m pytest $(SPREAD) $(ARGS)
endif

test-long: .venv/.synced browser  ## the long fault, property and scale runs
	@$(PYTHON) -m pytest -m long -rA $(ARGS)

check: .venv/.synced  ## lint, format, types, import contracts, missing migrations, generated docs
	@.ci/check

format: .venv/.synced  ## put imports and layout in order
	@$(PYTHON) -m ruff check --fix --select I,UP,RUF100 --quiet || true
	@$(PYTHON) -m ruff format
	@.venv/bin/djhtml --tabwidth 2 templates

lock:  ## requirements.lock, and the image's part of it, anew from pyproject.toml
	@.ci/environment uv lock --quiet
	@.ci/environment uv export --quiet --frozen --no-emit-project --no-annotate --no-header --output-file requirements.lock
	@.ci/environment uv export --quiet --frozen --no-default-groups --group embedded --no-emit-project --no-annotate --no-header --output-file docker/requirements.lock

manage: .venv/.synced  ## any management command: make manage ARGS="appoint --help"
	@exec $(PYTHON) manage.py $(ARGS)

browser:
	@.ci/browser

environment: .venv/.synced  ## .venv, as requirements.lock says

.venv/.synced: requirements.lock .python-version .ci/environment
	@.ci/environment

clean:  ## everything that can be made again; the data of the embedded run stays
	rm -rf .venv .tools .browser .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis htmlcov .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
