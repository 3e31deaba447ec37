# make run    from a fresh Debian or Ubuntu to the open desk, on a demo office
# make test   everything that is checked before a change is taken
.PHONY: run test fuzz lint bench screenshots build lock setup setup-test clean

BIN = .venv/bin
WORKERS = 2
export PYTHON

run: setup
	@if [ -z "$$DISPLAY$$WAYLAND_DISPLAY$$QT_QPA_PLATFORM" ]; then \
		echo "There is no screen here. On a server: sudo apt-get install xvfb && xvfb-run make run" >&2; exit 1; fi
	$(BIN)/claimdesk --demo

test: lint
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

# Many new examples for each parser of foreign bytes; EXAMPLES=20000 for a night.
EXAMPLES = 3000
fuzz: setup-test
	CLAIMDESK_FUZZ=$(EXAMPLES) $(BIN)/python -m pytest tests/ocr/test_fuzz.py -n $(WORKERS) --timeout 14400

lint: setup-test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m scripts.translations check

# NAMES="list search" runs some of them, QUICK=--quick with small data.
bench: setup-test
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m benchmarks $(NAMES) $(QUICK)

screenshots: setup-test
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m scripts.screenshots

# The one-folder program in dist/claimdesk, and the proof that it starts and does the main job.
build: setup-test
	$(BIN)/pyinstaller --noconfirm --log-level WARN build_installer.spec
	dist/claimdesk/claimdesk --version
	dist/claimdesk/claimdesk --self-test
	QT_QPA_PLATFORM=offscreen dist/claimdesk/claimdesk demo --out build/demo

# The newest versions that pyproject.toml allows, for every system and Python from 3.11 on.
lock: setup-test
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-header --no-emit-index-url \
		--no-emit-find-links pyproject.toml --extra setup --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-header --no-emit-index-url \
		--no-emit-find-links pyproject.toml --extra dev --constraint requirements.lock --output-file requirements-dev.lock

setup:
	@scripts/setup.sh run

setup-test:
	@scripts/setup.sh test

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
