# Everything a person does here, from a bare checkout: Python 3.11 or later and make are enough.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup demo test pytest explore lint bench torture gallery lock clean

help: ## List what can be made
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(READY) ## Make .venv with exactly the locked packages

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.11 …")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-deps --no-compile --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY) ## A year of a business, and one person's answer from it
	$(BIN)/lineage demo

lint: $(READY) ## Formatting, style, types and the direction of imports
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: $(READY) ## All checks and tests; those of the broker need Docker, or Java 17 and Maven
	$(MAKE) --no-print-directory --jobs=2 lint pytest

pytest: $(READY)
	$(BIN)/python -m pytest --numprocesses=auto

EXAMPLES ?= 300

explore: $(READY) ## The property tests, each in 300 new worlds by chance (EXAMPLES=…); hours
	LINEAGE_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest --numprocesses=auto tests/property

bench: $(READY) ## The speed table, on a real broker, into bench/results.md
	$(BIN)/python -m bench

torture: $(READY) ## Everything fails for 20 minutes; is every event in the answers, once? (Java, Maven, Go)
	PYTHONPATH=tests $(BIN)/python -m torture

gallery: $(READY) ## A dozen answers in every form, with pictures (needs Chromium), into build/gallery
	$(BIN)/python -m gallery -o build/gallery

lock: ## Choose the versions anew (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --quiet --output-file requirements.lock

clean: ## Remove what was made here, the environment too
	rm -rf .venv .lineage .mypy_cache .pytest_cache .ruff_cache .hypothesis dist build
