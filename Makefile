# The run stack: see README.md. Everything it makes is in .state/ (STATE= for another folder).
#   PYTHON=python3.12   the interpreter        PORT=5000   the catalogue's port
#   POSTGRES_PORT= VALKEY_PORT= SOLR_PORT=     services' ports (free ones by default)
#   ARGS="…"            arguments of pytest or of the benchmarks

PYTHON ?= python3
DEVSTACK = $(PYTHON) -m devstack
ARGS ?=

export STATE PORT POSTGRES_PORT VALKEY_PORT SOLR_PORT JARS

.DEFAULT_GOAL := help
.PHONY: help run test coverage stack bench lint lock i18n docs screenshots clean

help: ## Show the commands
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' Makefile
	@sed -n 's/^#   /  /p' Makefile

run: ## Start a whole CKAN with the register of Leszno harvested into it
	@$(DEVSTACK) run

test: ## Run the test suite (ARGS="tests/harvest -k csv")
	@$(DEVSTACK) test $(ARGS)

coverage: ## Run the whole suite and demand that it covers 90 % of the extension (slower)
	@$(DEVSTACK) coverage

stack: ## Start PostgreSQL, Valkey and Solr alone, for `ckan` and `pytest` by hand
	@$(DEVSTACK) stack

bench: ## Run the benchmarks; figures as JSON lines
	@$(DEVSTACK) bench $(ARGS)

lint: ## Check style, formatting and types
	@$(DEVSTACK) lint

lock: ## Compile the lock files again (ARGS=--upgrade)
	@$(DEVSTACK) lock $(ARGS)

i18n: ## Check the translations and compile them
	@$(DEVSTACK) i18n

docs: ## Write the reference pages of docs/ again (schema, configuration, commands)
	@$(DEVSTACK) docs

screenshots: ## Take the README's screenshots again, beside `make run` in the same checkout
	@$(DEVSTACK) screenshots

clean: ## Remove the state folder: data, services, virtual environments
	@$(DEVSTACK) clean
