# Everything runs from a fresh clone with Python 3.11+, make and git.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
OPEN   ?= 1
INSTALL := $(BIN)/python -m pip install --quiet --constraint constraints.txt --editable
# As many tests at once as there are processors, two at least and four at most.
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); \
	[ $$n -ge 2 ] || n=2; [ $$n -le 4 ] || n=4; echo $$n)
# What the tests install; EXTRAS=test,transformers also tries models of transformers (with torch).
EXTRAS ?= test
FRONT  := $(shell find js -type f -not -path '*/node_modules/*' 2>/dev/null) $(wildcard src/cjm_widgets/words/*.json)

.DELETE_ON_ERROR:
.PHONY: help demo setup test check pytest bench clean

help:
	@echo "make demo    a study from sample_data/, a map, and JupyterLab on the tour (OPEN=0: without JupyterLab)"
	@echo "make test    all checks and tests          make setup   what they need, alone"
	@echo "make bench   the benchmarks                make clean   remove what was made"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

# The front end is built by the package's own build, with the Node of its build requirement.
$(VENV)/installed: $(BIN)/python pyproject.toml constraints.txt $(FRONT)
	@echo "Installing the package and building its front end: a minute or two."
	$(INSTALL) .
	@touch $@

# Not upon "installed": that would build the front end twice.
$(VENV)/installed-test: $(BIN)/python pyproject.toml constraints.txt $(FRONT)
	@echo "Installing the package with what its tests need: some minutes."
	$(INSTALL) '.[$(EXTRAS)]'
	@touch $(VENV)/installed $@

demo: $(VENV)/installed
	$(BIN)/cjm demo --folder demo $(if $(filter 0,$(OPEN)),--no-open)

setup: $(VENV)/installed-test
	@sh tools/system.sh

check: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Types are checked beside the tests, which leave a processor idle now and then.
test: setup
	@$(MAKE) --no-print-directory -j2 check pytest

pytest: $(VENV)/installed-test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

bench: $(VENV)/installed-test
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python -m benchmarks $(ARGS)

clean:
	rm -rf $(VENV) demo artefacts build dist js/node_modules src/cjm_widgets/widgets/static
