# `make run` and `make test` do all their own set-up. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/sh
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
RUN := $(UV) run --frozen --no-sync
DEMONSTRATION := demonstration

.PHONY: help run test check fix bench docs clean install browser

help: ## list the commands
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: .venv/for-use ## install, build the demonstration, say where it is
	@$(RUN) milepost build "$$($(RUN) milepost demonstration)" $(DEMONSTRATION)
	@echo
	@echo "The demonstration (published figures of Kyrgyzstan; an example, not an official site) is in"
	@echo "  $(CURDIR)/$(DEMONSTRATION)/index.html   open this in a browser"
	@echo "  $(CURDIR)/$(DEMONSTRATION)/en/          downloads: one CSV and one JSON per indicator; ru/ in Russian"
	@echo "  $(CURDIR)/$(DEMONSTRATION)/faults.json  what the checks found"

test: install browser ## run everything: style, types, floors, tests in a real browser, coverage
	@$(MAKE) --no-print-directory check
	@$(RUN) pytest -n 2 --dist worksteal --cov --cov-report=term:skip-covered

check: install ## style, types and floors of the house; changes nothing
	@$(RUN) ruff format --check --quiet .
	@$(RUN) ruff check --quiet .
	@$(RUN) pyright --warnings | tail -n 20
	@$(RUN) lint-imports --no-cache | tail -n 20

fix: install ## mend style where a machine can
	@$(RUN) ruff check --fix --quiet .
	@$(RUN) ruff format .

bench: install ## measure the figures of the README on this machine
	@$(RUN) python -m bench.run

docs: install ## write docs/reference from the code
	@$(RUN) python -m docs.generate

clean: ## remove what the commands made
	rm -rf .venv .uv $(DEMONSTRATION) .pytest_cache .ruff_cache .hypothesis .coverage*

.uv/bin/uv:
	@python3 -m venv .uv && .uv/bin/pip install --quiet uv

.venv/for-use: $(filter .uv/bin/uv,$(UV)) uv.lock pyproject.toml
	@$(UV) sync --frozen --no-dev --inexact --quiet
	@touch $@

install: $(filter .uv/bin/uv,$(UV))
	@$(UV) sync --frozen --quiet

browser:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		echo "Installing Chromium for the tests"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else \
		$(RUN) playwright install chromium; \
	fi
