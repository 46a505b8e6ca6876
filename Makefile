.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help install demo test check bench format lock clean

help: ## List what there is
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## Put everything, the srbot command too, into .venv

$(STAMP): pyproject.toml deploy/requirements.lock
	@$(PYTHON) deploy/install.py $(VENV)
	@touch $(STAMP)

demo: $(STAMP) ## Run the whole of srbot on this machine (ARGS=--tour plays it unattended)
	@$(BIN)/srbot sandbox $(ARGS)

test: $(STAMP) ## Run the tests
	@$(BIN)/python -m deploy.testing $(ARGS)

check: $(STAMP) ## Format, lint, types, import contracts, file and function sizes
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python tests/sizes.py

bench: $(STAMP) ## Measure: acks beside bare Bolt, job start beside bare rq, XenAPI calls
	@$(BIN)/python -m tests.bench $(ARGS)

format: $(STAMP) ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: $(STAMP) ## Resolve the dependencies anew into deploy/requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-annotate \
	  --extra sandbox --extra network --extra dev --python-version 3.11 pyproject.toml -o deploy/requirements.lock

clean: ## Forget the environment and the sandbox's state
	@rm -rf $(VENV) .sandbox .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*
