# The first run of any target sets up .venv with the versions that this project is tested with.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BROWSER := $(VENV)/.browser
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: grade test test-slow test-browser verify verify-course verify-answers verify-attacks lint build lab clean

## grade the bundled sample class
grade: $(READY)
	$(BIN)/autograder grade examples/submitted --results results --sandbox best

## run the tests that take seconds
test: $(READY)
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder -m "not slow and not costly and not browser"

## run the tests that take minutes
test-slow: $(READY)
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder -m slow

## walk a student's hour in JupyterLab and Chromium; the pictures go to build/screenshots
test-browser: $(BROWSER)
	$(BIN)/python -m pytest -m browser

## put the course and the grader to the proof: notebooks, answers, mutants, attacks (Linux)
verify: verify-course verify-answers verify-attacks

verify-course: $(READY)
	$(BIN)/autograder verify

verify-answers: $(READY)
	PYTHONPATH=tests $(BIN)/python -m proof --answers --mutants

verify-attacks: $(READY)
	PYTHONPATH=tests $(BIN)/python -m proof --attacks

## check style, types and who may import whom
lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

## make notebooks/ from solutions/
build: $(READY)
	$(BIN)/autograder build

## open the student notebook in JupyterLab
lab: $(READY)
	$(BIN)/jupyter lab notebooks/autoencoders/autoencoders.ipynb

clean:
	rm -rf $(VENV) results

$(READY): pyproject.toml constraints.txt tests/toy_course/pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --editable '.[grade,test,dask]' --editable tests/toy_course
	touch $(READY)

$(BROWSER): $(READY)
	$(INSTALL) --editable '.[browser]'
	touch $(BROWSER)
