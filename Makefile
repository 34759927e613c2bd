# Three things to do with a checkout: run it, test it, check it. Each sets up what it needs first.
PYTHON ?= python3.11
BIN := .venv/bin

.PHONY: setup browser run test check docs lock evaluate model

.venv/.ready: pyproject.toml requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo 'Installing what Tydlig needs into .venv: a few minutes, this once.'
	$(BIN)/pip install --disable-pip-version-check --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

setup: .venv/.ready

run: setup
	$(BIN)/tydlig demo

# Chromium comes from the system. Where it cannot be installed the browser tests are skipped, and say so.
browser:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
		&& apt-get update -qq && apt-get install -y -qq chromium fonts-dejavu >/dev/null; } \
		|| echo "Chromium is not here and cannot be installed: the browser tests will be skipped."

test: setup browser
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

check: setup
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy models classify ingest insights api dashboard evaluation
	$(BIN)/lint-imports
	$(BIN)/python docs/make_reference.py --check

docs: setup
	$(BIN)/python docs/make_reference.py

lock:
	$(BIN)/pip freeze --exclude-editable | sed 's/+cpu$$//' > requirements.lock

evaluate: setup
	$(BIN)/python -m evaluation.accuracy
	$(BIN)/python -m evaluation.redaction
	$(BIN)/python -m evaluation.speed
	$(BIN)/python -m evaluation.pictures

# Training makes and drops large arrays all the time; told to keep its memory, the C library does not ask for it again.
model: setup
	GLIBC_TUNABLES=glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=100000000000:glibc.malloc.top_pad=2147483648 \
		$(BIN)/tydlig train evaluation/data --weights classify/weights
