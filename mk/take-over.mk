# Makes relmk's targets take the place of those that the project's Makefile has by the same names,
# before the include or after it: the old recipes and what they depend on are not read. See
# tools/take-over.so.cpp; tools/lib/make/taken_rules.h says what is left of them.
#
# relmk_makefiles are those that make was given, for makes of the same project.
#
# The makefile is read again for that, with relmk_prelude before its first line.

# Plugin-specific targets.

include $(RELMK_DIR)/mk/own-targets.mk

# The targets of ours for which the project has rules; taken-over.mk sets it once they are taken over.
ifeq ($(origin relmk_taken_over),undefined)
relmk_taken_over :=
relmk_makefiles := $(firstword $(MAKEFILE_LIST))
relmk_prelude :=

# The words before the colon of each rule, here and in what is included by name.
relmk_targets_in = $(foreach line,$1,$(if $(call relmk_is_rule,$(line)),$(subst \
	$(relmk_blank),$(relmk_space),$(firstword $(subst :,$(relmk_space),$(line))))))
relmk_included_files = $(filter-out $(relmk_own_files) %erlang.mk,$(wildcard $(subst \
	$(relmk_blank),$(relmk_space),$(relmk_includes))))
relmk_has_targets := $(filter $(relmk_own_targets),$(foreach file,$(relmk_includer) $(call \
	relmk_included_files,$(relmk_includer_lines)),$(call relmk_targets_in,$(call relmk_lines,$(file)))))

# erlang.mk's own plugin builds the release where relx is among these: it is left out, and told. What stands
# behind the include is seen in the text only.
relmk_words_behind = $(foreach line,$(filter $1$(relmk_blank)% $1=% $1+=% $1:=% $1?=%,$(relmk_rest)),$(filter-out \
	$1 = + : ?,$(subst =, = ,$(subst ?=,=,$(subst :=,=,$(subst +=,=,$(subst \
	$(relmk_blank),$(relmk_space),$(firstword $(subst \#,$(relmk_space),$(line))))))))))
relmk_all_words = $(if $(filter-out undefined,$(origin $1)),$($1)) $(if \
	$(relmk_own_include),$(call relmk_words_behind,$1))
relmk_relx_in := $(if $(RELMK_IN_ERLANG_MK),$(strip $(foreach variable,REL_DEPS BUILD_DEPS,$(if $(filter \
	relx,$(call relmk_all_words,$(variable))),$(variable)))))
relmk_without_relx = override $1 := $(filter-out relx,$(call relmk_all_words,$1))
relmk_is_late :=
ifneq ($(relmk_relx_in),)
$(warning relx in $(relmk_relx_in) is left out: relmk builds the release)
relmk_prelude := $(foreach variable,$(relmk_relx_in),$$(eval $(call relmk_without_relx,$(variable))))
ifeq ($(origin ERLANG_MK_VERSION),undefined)
$(foreach variable,$(relmk_relx_in),$(eval $(call relmk_without_relx,$(variable))))
else
relmk_is_late := 1
endif
endif

ifneq ($(relmk_has_targets)$(relmk_is_late),)
relmk_take_over := $(RELMK_TOOLS)/take-over.so
ifeq ($(RELMK_TOOLS_ARE_BUILT)$(wildcard $(relmk_take_over)),1)
relmk_built := $(shell { cd $(RELMK_DIR) && { test -e $(RELMK_BUILD_DIR)/build.ninja || \
	meson setup --buildtype=$(RELMK_BUILD_TYPE) $(RELMK_BUILD_DIR) $(RELMK_DIR); } && \
	ninja -C $(RELMK_BUILD_DIR) tools/take-over.so; } >&2)
endif
# A rule that does nothing, or make has one of its own for what it loads, which compiles Pascal: beside the module is a
# directory of its name and `.p`, where its object files are.
$(relmk_take_over): ;
-load $(relmk_take_over)(relmk_take_over_setup)
endif
endif

# A make of the same project, for a recipe.
relmk_make = $(MAKE) --no-print-directory $(addprefix -f ,$(relmk_makefiles))
