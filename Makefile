# `make run` and `make test` do all their own set-up. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
RUN := $(UV) run --frozen --no-sync
SPARK := $(if $(shell command -v java 2>/dev/null),--extra spark)

.PHONY: help run test check fix bench docs clean install browser

help: ## list the commands
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: .venv/for-use ## install, load the demonstration once, serve the application on port 8000
	@$(RUN) milepost migrate
	@$(RUN) milepost demo --if-empty
	@$(RUN) milepost serve --port 8000

test: install browser ## run everything: style, types, floors, tests in a real browser, on both databases, coverage
	@$(MAKE) --no-print-directory check
	@$(RUN) pytest -n 2 --dist worksteal --cov --cov-report=
	@MILEPOST_TEST_DATABASE=postgresql $(RUN) pytest tests/web -n 2 --dist worksteal --cov --cov-append --cov-report=term:skip-covered

check: install ## style, types and floors of the house; changes nothing
	@$(RUN) ruff format --check --quiet .
	@$(RUN) ruff check --quiet .
	@$(RUN) pyright --warnings | tail -n 20
	@$(RUN) lint-imports --no-cache | tail -n 20

fix: install ## mend style where a machine can
	@$(RUN) ruff check --fix --quiet .
	@$(RUN) ruff format .

bench: install ## measure the figures of the README on this machine; takes an hour and some GB of disk
	@$(RUN) python -m bench.run
	@$(RUN) python -m bench.measuring
	@$(RUN) python -m bench.portal
	@$(RUN) python -m bench.projects_portfolio
	@$(RUN) python -m bench.project_pages
	@$(RUN) python -m bench.iati
	@$(RUN) python -m bench.intake
	@$(RUN) python -m bench.plan_rounds
	@$(RUN) python -m bench.plan_report

docs: install ## write docs/reference from the code
	@$(RUN) python -m docs.generate

clean: ## remove what the commands made; what the application keeps, in MILEPOST_HOME, stays
	rm -rf .venv .uv .pytest_cache .ruff_cache .hypothesis .coverage*

.uv/bin/uv:
	@python3 -m venv .uv && .uv/bin/pip install --quiet uv

.venv/for-use: $(filter .uv/bin/uv,$(UV)) uv.lock pyproject.toml
	@$(UV) sync --frozen --no-dev --inexact --quiet
	@touch $@

install: $(filter .uv/bin/uv,$(UV))
	@$(UV) sync --frozen --quiet $(SPARK)

browser:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		echo "Installing Chromium for the tests"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else \
		$(RUN) playwright install chromium; \
	fi
