# Everything a machine needs besides Python 3.11+ is installed into .venv by these targets.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV := 0.13.9

.DEFAULT_GOAL := help
.PHONY: help setup run demo screenshots test system faults soak image bench rivals lint audit format

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: $(READY) ## Install everything into .venv

$(READY): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
		{ echo "Python has no venv module here; on Debian: apt install python3-venv"; exit 1; }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV)
	@UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv sync --locked --quiet --compile-bytecode
	@touch $@

run: $(READY) ## Run the desk; BOT_TOKEN and ADMIN_IDS come from the environment or .env
	@$(BIN)/python -m bot run

demo: $(READY) ## Run the desk against a Telegram on this machine, with a school's sample data
	@$(BIN)/python -m bot demo $(ARGS)

screenshots: $(READY) ## Take the README's pictures from the running demo
	@$(BIN)/python -m tests.system.browser.screenshots

# What Python has compiled is kept for the next run, whatever the machine says.
test system: export PYTHONDONTWRITEBYTECODE :=
PYTEST := $(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder

test: $(READY) ## Run every test but those of `make system`
	@$(PYTEST) --ignore=tests/system $(ARGS)

system: $(READY) ## Test whole programs: their starts, their outages, the page in a browser
	@$(PYTEST) tests/system $(ARGS)

faults: $(READY) ## Break things and count what arrives, in 15 minutes; ARGS=--short: in 6
	@$(BIN)/python -m tests.faults $(ARGS)

soak: $(READY) ## Use the desk as a busy school does, for 10 minutes; ARGS=--short: for one
	@$(BIN)/python -m tests.soak $(ARGS)

bench: $(READY) ## Measure speed and size; ARGS=--quick: in 2 minutes
	@$(BIN)/python -m benchmarks $(ARGS)

image: $(READY) ## Take the Dockerfile's steps without Docker, try what they make, lint deploy/
	@UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv sync --locked --quiet --compile-bytecode --group image
	@$(BIN)/python -m tests.image

rivals: $(READY) ## Compare the lists to other programs' lists, which are installed first
	@UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv sync --locked --quiet --compile-bytecode --group rivals
	@$(BIN)/python -m benchmarks.rivals $(ARGS)

lint: $(READY) ## Check style, types and who imports whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports
	@$(MAKE) --no-print-directory audit

# Two is the code of a database that cannot be asked, one that of a hole.
audit: $(READY) ## Look for known holes in the locked packages, where their database can be reached
	@said=$$(UV_HTTP_RETRIES=0 UV_HTTP_TIMEOUT=10 $(BIN)/uv audit --frozen \
		--preview-features audit-command 2>&1); code=$$?; \
	if [ $$code -eq 2 ]; then \
		said=$$(echo "$$said" | head -n 1); \
		echo "The locked packages were NOT checked for known holes ($$said)."; \
	else echo "$$said"; exit $$code; fi

format: $(READY) ## Put the code into shape
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .
