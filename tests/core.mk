# SPDX-License-Identifier: GPL-2.0
#
# The core and its suites. Stands alone; to be called from the top of the
# checkout (tests/kunit/README.md tells more):
#
#   make -f tests/core.mk check-core
#   make -f tests/core.mk check-core CC=clang
#   make -f tests/core.mk check-core SWAP=core/rto.c=/path/to/mine.c
#   make -f tests/core.mk check-kunit
#
# check-core is for the host: each suite is a program of its own, linked with
# the whole core, run under a time limit and two sanitizers. SWAP takes another
# file in the place of a core file, several separated by spaces. check-kunit
# runs the same suites inside a test kernel.
#
# V=1 shows the commands, LIMIT is seconds for a suite, BUILD where everything
# goes, KUNIT_KERNEL the kernel of check-kunit.

ifeq ($(wildcard tests/core.mk),)
$(error Call this from the top of the checkout)
endif

MAKEFLAGS += --no-builtin-rules --no-builtin-variables
.SUFFIXES:
.SECONDEXPANSION:
.DELETE_ON_ERROR:
.SECONDARY:

ifeq ($(origin CC),default)
CC := gcc
endif
CC	?= gcc
BUILD	?= build
LIMIT	?= 10
KUNIT_KERNEL ?= uml-debug
JOBS	?= $(shell nproc)
Q	:= $(if $(V),,@)

core	:= $(notdir $(wildcard module/core/*.c))
suites	:= $(basename $(notdir $(wildcard tests/kunit/*_test.c)))
helpers	:= $(filter-out %_test.c %.mod.c,$(notdir $(wildcard tests/kunit/*.c)))
host	:= $(notdir $(wildcard tests/kunit/host/*.c))

# --- SWAP: each word is core/NAME.c=FILE, or module/core/NAME.c=FILE ---------

swap_place = $(firstword $(subst =, ,$1))
swap_name  = $(patsubst core/%,%,$(patsubst module/%,%,$(call swap_place,$1)))
swap_file  = $(patsubst ~/%,$(HOME)/%,$(patsubst $(call swap_place,$1)=%,%,$1))

define check_swap
$(if $(findstring =,$1),,$(error \
	SWAP=$1: say which core file, then whose, as core/rto.c=FILE.c))
$(if $(filter $(call swap_name,$1),$(core)),,$(error \
	SWAP=$1: there is no core file $(call swap_place,$1), but \
	$(core:%=core/%)))
$(if $(filter %.c,$(wildcard $(call swap_file,$1))),,$(error \
	SWAP=$1: there is no C file $(call swap_file,$1)))
endef
checked := $(foreach swap,$(SWAP),$(call check_swap,$(swap)))

# The file that is built as core/$1.
source_of = $(firstword $(foreach swap,$(SWAP),$(if $(filter $1,$(call \
	swap_name,$(swap))),$(call swap_file,$(swap)))) module/core/$1)

# --- what is built, and with what --------------------------------------------

out	:= $(BUILD)/core$(if $(SWAP),-swap)
results	:= $(if $(SWAP),$(out),$(BUILD)/results)/core.txt

sanitize ?= -fsanitize=address,undefined -fno-sanitize-recover=all
optimize ?= -O1
cflags	:= -std=gnu11 $(optimize) -g -fno-omit-frame-pointer \
	-fno-strict-aliasing -funsigned-char -Wall -Wextra -Werror \
	-Wno-unused-parameter $(sanitize)

# The core and the suites see the shim and nothing of the C library, so that
# what compiles here has a chance to compile in the kernel.
shim	:= tests/kunit/host/include
sees_core  := -nostdinc -I$(shim)/core -iquote tests/kunit/body \
	-iquote module/core
sees_suite := $(sees_core) -I$(shim)/kunit -iquote tests/kunit \
	-Wno-sign-compare -Wno-missing-field-initializers \
	-Wno-override-init
sees_host  := -I$(shim)/kunit -I$(shim)/core

objects	:= $(core:%.c=$(out)/core/%.o) $(helpers:%.c=$(out)/suite/%.o) \
	$(host:%.c=$(out)/host/%.o)
programs := $(suites:%=$(out)/%)

compile = $(Q)$(CC) $(cflags) $(2) -MMD -MP -c -o $@ $(1)

$(out)/core/%.o: $$(call source_of,$$*.c) $(out)/flags
	$(call compile,$<,$(sees_core))

$(out)/suite/%.o: tests/kunit/%.c $(out)/flags
	$(call compile,$<,$(sees_suite))

$(out)/host/%.o: tests/kunit/host/%.c $(out)/flags
	$(call compile,$<,$(sees_host))

$(programs): $(out)/%: $(out)/suite/%.o $(objects)
	$(Q)$(CC) $(cflags) -o $@ $^

# Another compiler, other flags or another SWAP build everything anew.
made_with := $(CC) $(cflags) SWAP=$(SWAP)
$(out)/flags: FORCE
	@mkdir -p $(out)/core $(out)/suite $(out)/host
	@echo '$(made_with)' | cmp -s - $@ || echo '$(made_with)' >$@

-include $(wildcard $(out)/*/*.d)

# --- what is run -------------------------------------------------------------

# Keeps on after a failure: one suite that does not build stops no other.
again = $(MAKE) -f tests/core.mk --no-print-directory -k -Otarget \
	$(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(JOBS))

.PHONY: check-core check-kunit core-cases core-run core-programs FORCE
check-core:
	$(if $(suites),,$(error There is no suite: no tests/kunit/*_test.c))
	@rm -rf $(results) $(out)/*.ktap $(out)/*.cases
	+@$(again) core-run || true
	@cat $(out)/*.cases >$(out)/cases 2>/dev/null || true
	@tests/kunit/ktap --area core --cases $(out)/cases \
		--results $(results) $(programs:%=%.ktap)

core-programs: $(programs)

core-run: $(programs:%=%.ktap)

$(programs:%=%.ktap): %.ktap: % FORCE
	@LIMIT=$(LIMIT) tests/kunit/host/run-suite $<

# The names of all cases, for whoever runs them elsewhere: $(BUILD)/core/cases
core-cases:
	+@$(again) core-programs
	@for program in $(programs); do $$program --list; done >$(out)/cases

check-kunit: core-cases
	@tests/vm/run --kernel $(KUNIT_KERNEL) -- tests/kunit/run-in-kernel \
		>$(BUILD)/kernel.ktap || \
		echo "Bail out! tests/vm/run ended with status $$?" \
		>>$(BUILD)/kernel.ktap
	@tests/kunit/ktap --area kunit --cases $(out)/cases \
		--results $(BUILD)/results/kunit.txt $(BUILD)/kernel.ktap
