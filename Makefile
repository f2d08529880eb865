# Two commands are all a newcomer needs: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet install
HASHED := --require-hashes --no-deps
SECONDS ?= 600
PEERS  := results/peers
# degenbot 0.5.0 needs it
PEER_PYTHON ?= python3.12

.PHONY: demo browser test test-plain test-deep planted-bugs bench docs check lock clean

demo: $(VENV)/.demo ## run the comparison on an embedded path and say where the picture is
	$(BIN)/lpmm compare --out results/demo

browser: ## install Chromium on Debian, for the tests that open pages in it; elsewhere they use the one there is
	@command -v chromium >/dev/null || { apt-get update && apt-get install --yes --no-install-recommends chromium; }

test: $(VENV)/.dev ## the whole test suite, notebooks included
	$(BIN)/python -m pytest -n auto --dist loadfile --nbmake --nbmake-timeout=600

test-plain: $(VENV)/.dev ## what the compiled engines do, where numba is not installed
	LPMM_TEST_WITHOUT_NUMBA=1 $(BIN)/python -m pytest tests/test_batch*.py tests/test_book_batch.py tests/test_simulation_compiled.py \
		tests/test_disk_cache.py tests/test_compiled_arithmetic.py tests/golden/test_usdc_weth_day.py

test-deep: $(VENV)/.dev ## models beside contracts for as long as told: make test-deep SECONDS=3600, or TRANSACTIONS=1000000
	PYTHONPATH=tests $(BIN)/python -m differential.deep $(if $(TRANSACTIONS),--transactions $(TRANSACTIONS),--seconds $(SECONDS))

planted-bugs: $(VENV)/.dev ## plant every bug of the list in a copy, and see the tests find it
	PYTHONPATH=tests $(BIN)/python -m differential.planted_bugs

bench: $(VENV)/.dev ## measure the engines and, where they can be installed, others'; renews docs/benchmarks.md
	PYTHONPATH=tests $(BIN)/python -m benchmarks --peers $(PEERS) --peer-python $(PEER_PYTHON)

docs: $(VENV)/.dev ## the documents and the whole reference as a static site, without a warning
	$(BIN)/sphinx-build -W --keep-going -q -j auto -c docs -d results/site-trees . results/site
	@echo open results/site/index.html

check: $(VENV)/.dev ## style, types and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy tests
	$(BIN)/lint-imports

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'lpmm needs Python 3.11 or newer; name one: make PYTHON=python3.12 ...'; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: constraints.txt pyproject.toml | $(BIN)/python
	$(PIP) $(HASHED) -r constraints.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.demo constraints-dev.txt
	$(PIP) $(HASHED) -r constraints-dev.txt
	@touch $@

lock: ## renew both constraint files: every version pinned, every file hashed, no index address
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --extra fast --extra web --group build -o constraints.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --all-extras --group build --group test --group docs --group check -c constraints.txt -o constraints-dev.txt

clean:
	rm -rf $(VENV) results .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
