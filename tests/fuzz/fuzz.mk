# SPDX-License-Identifier: GPL-2.0
#
# The fuzz targets under libFuzzer, to be called from the top of the checkout:
#
#   make -f tests/fuzz/fuzz.mk fuzz SECONDS=60 [TARGET=input]
#   make -f tests/fuzz/fuzz.mk minimize
#
# fuzz looks for new ways into the core; minimize makes the corpus of all that
# was found the few files that reach as much. check-sim runs the corpus, with an
# ordinary compiler: tests/sim/sim.mk.
#
# V=1 shows the commands, CLANG is the compiler, BUILD where everything goes.

ifeq ($(wildcard tests/fuzz/fuzz.mk),)
$(error Call this from the top of the checkout)
endif

MAKEFLAGS += --no-builtin-rules --no-builtin-variables
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:

CLANG	?= clang
BUILD	?= build
JOBS	?= $(shell nproc)
Q	:= $(if $(V),,@)
SECONDS	?= 60
TARGET	?= codec input peers

core	:= $(notdir $(wildcard module/core/*.c))
sim	:= $(filter-out main.c,$(notdir $(wildcard tests/sim/*.c)))

out	:= $(BUILD)/fuzz
cflags	:= -std=gnu11 -O2 -g -fno-omit-frame-pointer -fno-strict-aliasing \
	-funsigned-char -Wall -Wextra -Werror -Wno-unused-parameter \
	-Wno-sign-compare -Wno-missing-field-initializers \
	-fsanitize=address,undefined -fno-sanitize-recover=all

shim	:= tests/kunit/host/include
sees	:= -iquote tests/sim/body -iquote module/core
sees_core := -nostdinc -I$(shim)/core $(sees)
sees_host := -I$(shim)/core $(sees) -iquote tests/sim -iquote tests/fuzz

parts	:= $(core:%.c=core/%.o) $(sim:%.c=sim/%.o) sim/body/body.o common.o

compile = $(Q)$(CLANG) $(cflags) -fsanitize=fuzzer-no-link $(2) -MMD -MP \
	-c -o $@ $(1)

$(out)/core/%.o: module/core/%.c $(out)/flags
	$(call compile,$<,$(sees_core))

$(out)/sim/%.o: tests/sim/%.c $(out)/flags
	$(call compile,$<,$(sees_host))

$(out)/%.o: tests/fuzz/%.c $(out)/flags
	$(call compile,$<,$(sees_host))

$(out)/%-fuzz: $(out)/%.o $(parts:%=$(out)/%)
	$(Q)$(CLANG) $(cflags) -fsanitize=fuzzer -o $@ $^ -lm

made_with := $(CLANG) $(cflags)
$(out)/flags: FORCE
	@mkdir -p $(out)/core $(out)/sim/body
	@echo '$(made_with)' | cmp -s - $@ || echo '$(made_with)' >$@

-include $(wildcard $(out)/*.d $(out)/*/*.d $(out)/*/*/*.d)

again = $(MAKE) -f tests/fuzz/fuzz.mk --no-print-directory -j$(JOBS)

.PHONY: fuzz minimize fuzzers FORCE
fuzzers: $(TARGET:%=$(out)/%-fuzz)

fuzz minimize:
	@tests/fuzz/prepare
	+@$(again) fuzzers
	@BUILD=$(BUILD) tests/fuzz/run $@ $(SECONDS) $(TARGET)
