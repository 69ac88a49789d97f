# Two commands: `make demo` shows what it does, `make test` proves it. Both set themselves up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP := -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test quick check bench clean

demo: $(STAMP)
	@"$(BIN)/hoakscheck" classify "Ayo coblos nomor 3! Pilih Bu Ratih Anindita, bupati yang bekerja untuk semua."
	@"$(BIN)/hoakscheck" classify "KPU pusat sudah memutuskan pemungutan suara di Kabupaten Lembah Rawit dibatalkan, suara kemarin hangus semua. Sebarkan!"
	@"$(BIN)/hoakscheck" classify "KPU mengingatkan pemilih membawa KTP elektronik ke TPS pada hari pemungutan suara."
	@"$(BIN)/python" examples/score_a_file.py examples/sample.csv

test: $(STAMP)
	@"$(BIN)/ruff" check .
	@"$(BIN)/mypy"
	@"$(BIN)/pytest"

quick: $(STAMP)
	@"$(BIN)/pytest" -m "not slow"

check: test

# Speed against its floor and its peers, a quarter of an hour; QUICK=1 takes a minute and writes nothing. Without a wheel of fastText
# its row says so.
bench: $(STAMP)
	@"$(BIN)/python" $(PIP) --only-binary fasttext-community --editable ".[bench]" || echo "fastText is not to be had here"
	@"$(BIN)/python" benchmarks/speed $(if $(QUICK),--quick)

$(STAMP): pyproject.toml constraints.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "hoakscheck needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	@test -x "$(BIN)/python" || "$(PYTHON)" -m venv "$(VENV)"
	@"$(BIN)/python" $(PIP) --editable ".[dev]"
	@touch "$(STAMP)"

clean:
	rm -rf "$(VENV)" build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
