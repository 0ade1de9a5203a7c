# SPDX-License-Identifier: GPL-2.0
#
# The simulator, to be called from the top of the checkout (README.md):
#
#   make -f tests/sim/sim.mk check-sim
#   make -f tests/sim/sim.mk sim SCENARIO=loss-3 SEED=7
#   make -f tests/sim/sim.mk soak-sim SECONDS=60
#
# V=1 shows the commands, BUILD is where everything goes, CC another compiler.
# SWAP takes another file in a core file's place: SWAP=core/rto.c=mine.c

ifeq ($(wildcard tests/sim/sim.mk),)
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
JOBS	?= $(shell nproc)
Q	:= $(if $(V),,@)

SECONDS	?= 60
FROM	?= 1
COUNT	?= 0

core	:= $(notdir $(wildcard module/core/*.c))
sim	:= $(filter-out main.c,$(notdir $(wildcard tests/sim/*.c)))

swap	:= $(foreach word,$(SWAP),$(patsubst module/%,%,$(word)))
source_of = $(firstword $(patsubst core/$1=%,%,$(filter core/$1=%,$(swap))) \
	module/core/$1)

out	:= $(BUILD)/sim
sanitize ?= -fsanitize=address,undefined -fno-sanitize-recover=all
optimize ?= -O2
cflags	:= -std=gnu11 $(optimize) -g -fno-omit-frame-pointer \
	-fno-strict-aliasing -funsigned-char -Wall -Wextra -Werror \
	-Wno-unused-parameter -Wno-sign-compare \
	-Wno-missing-field-initializers $(sanitize)

# The core sees the shim alone, as in tests/core.mk; the simulator is a program
# of the host that knows the kernel's names too.
shim	:= tests/kunit/host/include
sees	:= -iquote tests/sim/body -iquote module/core
sees_core := -nostdinc -I$(shim)/core $(sees)
sees_sim  := -I$(shim)/core $(sees) -iquote tests/sim

objects	:= $(core:%.c=$(out)/core/%.o) $(sim:%.c=$(out)/%.o) $(out)/body/body.o

compile = $(Q)$(CC) $(cflags) $(2) -MMD -MP -c -o $@ $(1)

$(out)/core/%.o: $$(call source_of,$$*.c) $(out)/flags
	$(call compile,$<,$(sees_core))

$(out)/%.o: tests/sim/%.c $(out)/flags
	$(call compile,$<,$(sees_sim))

$(out)/sim: $(out)/main.o $(objects)
	$(Q)$(CC) $(cflags) -o $@ $^ -lm

# The fuzz targets, with a main that runs them over files: tests/fuzz/fuzz.mk.
targets	:= codec input peers

$(out)/fuzz/%.o: tests/fuzz/%.c $(out)/flags
	$(call compile,$<,$(sees_sim) -iquote tests/fuzz)

$(out)/%-replay: $(out)/fuzz/%.o $(out)/fuzz/common.o $(out)/fuzz/replay.o \
		$(objects)
	$(Q)$(CC) $(cflags) -o $@ $^ -lm

made_with := $(CC) $(cflags) SWAP=$(SWAP)
$(out)/flags: FORCE
	@mkdir -p $(out)/core $(out)/body $(out)/fuzz
	@echo '$(made_with)' | cmp -s - $@ || echo '$(made_with)' >$@

-include $(wildcard $(out)/*.d $(out)/*/*.d)

again = $(MAKE) -f tests/sim/sim.mk --no-print-directory -j$(JOBS)

.PHONY: check-sim sim soak-sim program replayers FORCE
program: $(out)/sim

replayers: $(targets:%=$(out)/%-replay)

check-sim:
	+@$(again) program replayers
	@BUILD=$(BUILD) tests/sim/check

sim:
	+@$(again) program
	@BUILD=$(BUILD) SCENARIO=$(SCENARIO) SEED=$(SEED) tests/sim/show

soak-sim:
	+@$(again) program
	@$(out)/sim -S $(if $(filter-out 0,$(COUNT)),0,$(SECONDS)) -f $(FROM) \
		-n $(COUNT) -j $(JOBS)
