# Read by the make that tools/take-over.so starts, before the project's makefile: what is left of the
# rules that were taken out of that.

# $(call relmk_kept,PREREQUISITES): those of an old rule that stay. What it says of targets that are
# relmk's doesn't, nor relx.
relmk_kept = $(relmk_remade)$(filter-out $(relmk_own_targets) $(RELX) relx %/relx,$1)

# Where the old rule depends on clean-release, it has its configuration made anew each time.
relmk_remade = $(if $(filter clean-release,$1),$(foreach file,$(filter %relx.config,$1),$(call \
	relmk_rule,$(file): relmk-always)))
relmk_rule = $(eval relmk_goal := $(.DEFAULT_GOAL))$(eval $1)$(eval .DEFAULT_GOAL := $(relmk_goal))

.PHONY: relmk-always

include $(dir $(lastword $(MAKEFILE_LIST)))own-targets.mk
