# SPDX-License-Identifier: GPL-2.0
#
# Everything a person types; `make help` lists it.

KDIR	?= /lib/modules/$(shell uname -r)/build
PREFIX	?= /usr
KERNEL	?= uml

.DEFAULT_GOAL := module

.PHONY: module
module: ## Build clasp.ko for the kernel KDIR (default: the running one)
	@test -e $(KDIR)/Makefile || { \
		echo "There is no kernel to build for in $(KDIR)." >&2; \
		echo "Install its headers (Debian: linux-headers-$$(uname -r))," \
			"or say KDIR=..." >&2; exit 1; }
	@$(MAKE) -C $(KDIR) M=$(CURDIR) modules

.PHONY: userspace
userspace: ## Build the programs: server, client, clasp
	@$(MAKE) -C userspace

.PHONY: demo
demo: ## Two hosts in a VM, a real file between them, each segment drawn
	@tests/demo/run

.PHONY: shell
shell: ## A VM with a prompt, and two hosts ready in it
	@tests/vm/shell --kernel $(KERNEL)

.PHONY: check
check: ## The tests; the last line counts them
	@tests/check

.PHONY: check-core check-kunit
check-core: ## The core's suites on this host (SWAP=core/rto.c=mine.c)
	@$(MAKE) -f tests/core.mk --no-print-directory check-core
check-kunit: ## The same suites in a debug kernel
	@$(MAKE) -f tests/core.mk --no-print-directory check-kunit

.PHONY: check-sim sim soak-sim fuzz
check-sim: ## Two cores over simulated networks, from scenarios and seeds
	@$(MAKE) -f tests/sim/sim.mk --no-print-directory check-sim
sim: ## One scenario, drawn and plotted (SCENARIO=loss-3 SEED=7)
	@$(MAKE) -f tests/sim/sim.mk --no-print-directory sim
soak-sim: ## Scenarios by chance (SECONDS=60, or FROM=seed COUNT=n)
	@$(MAKE) -f tests/sim/sim.mk --no-print-directory soak-sim
fuzz: ## Hostile bytes, segments and peers (SECONDS=60, TARGET=codec|input|peers)
	@$(MAKE) -f tests/fuzz/fuzz.mk --no-print-directory fuzz

.PHONY: check-drill check-system check-stock check-style
check-drill: ## Packet scripts against the loaded module
	@tests/check drill
check-system: ## Programs, namespaces, load and unload
	@tests/check system
check-stock: ## Debian's own kernels: load, demo, unload
	@tests/check stock
check-style: ## checkpatch, sparse, W=1, two compilers, the docs
	@tests/check style

.PHONY: stress
stress: ## The long stress: hundreds of connections, thousands of cycles, things that go away
	@tests/vm/run --kernel uml-debug --timeout 7200 --leak-check -- \
		tests/stress/run

.PHONY: random-calls
random-calls: ## Random socket calls from eight threads (CALLS=1000000 SEED=1)
	@tests/vm/run --kernel uml-debug --leak-check --timeout 7200 -- \
		tests/system/random $(or $(CALLS),1000000) $(SEED)

.PHONY: weather
weather: ## Fifty connections while the wire's weather changes, ten minutes
	@tests/vm/run --kernel uml-debug --leak-check --timeout 1200 -- \
		tests/stress/weather

.PHONY: bench-loss mutants
bench-loss: ## Goodput beside TCP's over bad paths (CELLS=loss-1-20ms, BENCH_RUNS=1)
	@tests/bench/loss $(CELLS)
mutants: ## Do the tests notice a wrong token? (COUNT=200 SEED=1 FILE=rto.c)
	@tests/mutants/run

.PHONY: coverage
coverage: ## How much of the core the suites reach
	@tests/coverage

.PHONY: states
states: ## Draw docs/states.md and its diagram anew from the table
	@docs/states.sh

.PHONY: conformance
conformance: ## Write docs/conformance.md anew: each requirement and its tests
	@docs/conformance.py

.PHONY: compatibility
compatibility: ## Write docs/compatibility.md anew: Clasp beside TCP and UDP
	@mkdir -p build
	@tests/vm/run --kernel uml-debug --timeout 900 -- tests/system/both \
		>build/both.out || true
	@docs/compatibility.py build/both.out

.PHONY: install
install: module userspace ## Install module, programs, header and manual pages (as root)
	@$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install
	@depmod
	@$(MAKE) -C userspace install PREFIX=$(PREFIX)
	@$(MAKE) -C docs/man install PREFIX=$(PREFIX)

.PHONY: clean
clean: ## Remove what was built here (the cache of kernels stays)
	@rm -rf build
	@$(MAKE) -s -C userspace clean
	@test ! -e $(KDIR)/Makefile || $(MAKE) -s -C $(KDIR) M=$(CURDIR) clean

.PHONY: help
help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
		awk -F'|' '{ printf "  make %-14s %s\n", $$1, $$2 }'
