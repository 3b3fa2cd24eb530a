# Makes relmk's targets take the place of those that the project's Makefile has by the same names,
# before the include or after it: the old recipes and what they depend on are not read. See
# tools/take-over.so.cpp; tools/lib/make/taken_rules.h says what is left of them.

# Plugin-specific targets.

include $(RELMK_DIR)/mk/own-targets.mk

# The targets of ours for which the project has rules; taken-over.mk sets it once they are taken over.
ifeq ($(origin relmk_taken_over),undefined)
relmk_taken_over :=

# The words before the colon of each rule, here and in what is included by name.
relmk_targets_in = $(foreach line,$1,$(if $(call relmk_is_rule,$(line)),$(subst \
	$(relmk_blank),$(relmk_space),$(firstword $(subst :,$(relmk_space),$(line))))))
relmk_included_files = $(filter-out $(relmk_own_files) %erlang.mk,$(wildcard $(subst \
	$(relmk_blank),$(relmk_space),$(relmk_includes))))
relmk_has_targets := $(filter $(relmk_own_targets),$(foreach file,$(relmk_includer) $(call \
	relmk_included_files,$(relmk_includer_lines)),$(call relmk_targets_in,$(call relmk_lines,$(file)))))

ifneq ($(relmk_has_targets),)
relmk_take_over := $(RELMK_TOOLS)/take-over.so
ifeq ($(RELMK_TOOLS_ARE_BUILT)$(wildcard $(relmk_take_over)),1)
relmk_built := $(shell { cd $(RELMK_DIR) && { test -e $(RELMK_BUILD_DIR)/build.ninja || \
	meson setup --buildtype=$(RELMK_BUILD_TYPE) $(RELMK_BUILD_DIR) $(RELMK_DIR); } && \
	ninja -C $(RELMK_BUILD_DIR) tools/take-over.so; } >&2)
endif
-load $(relmk_take_over)(relmk_take_over_setup)
endif
endif
