# Thin targets; the work is in dev.py, so `python dev.py demo` is the same thing where there is no make.
PYTHON ?= python3
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check matrix bench lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile

setup: ## environment, our distributions, built assets
	@$(PYTHON) dev.py setup $(ARGS)

demo: ## a seeded music store on this machine; Ctrl-C stops it
	@$(PYTHON) dev.py demo $(ARGS)

test: ## all tests (ARGS="path -k word" for some)
	@$(PYTHON) dev.py test $(ARGS)

check: ## style, types, imports, locks and guards: one line per check
	@$(PYTHON) dev.py check $(ARGS)

matrix: ## installations: wheels in clean environments
	@$(PYTHON) dev.py matrix $(ARGS)

bench: ## every benchmark, quick unless FULL=1
	@$(PYTHON) dev.py bench $(ARGS)

lock: ## rewrite the lock files (ARGS=--upgrade takes newer versions)
	@$(PYTHON) dev.py lock $(ARGS)

clean: ## remove the environment and the demo's data, after asking
	@$(PYTHON) dev.py clean $(ARGS)
