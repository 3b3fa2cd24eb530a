# Compiles plain OTP applications: DIR/src/*.erl and DIR/src/APP.app.src to DIR/ebin. For projects
# that don't leave that to erlang.mk, rebar3 or mix.
#
# An application is compiled when one of its modules, or a header of any of the applications, has
# changed. The .app is the .app.src with its list of modules filled in, where that is empty or missing.

# Configuration.

# Directories of applications, each named after it. One whose modules another's need to be compiled
# (behaviours, parse transforms) stands before it.
RELMK_APPS ?=

RELMK_ERLC ?= erlc
RELMK_ERLC_OPTS ?= +debug_info +deterministic +warn_export_vars +warn_unused_import -Werror

# Plugin-specific targets.

.PHONY: compile-apps clean-ebin

# $(wildcard apps/*/) gives them with a slash at the end.
relmk_apps := $(patsubst %/,%,$(RELMK_APPS))
RELMK_APP_FILES := $(foreach app,$(relmk_apps),$(app)/ebin/$(notdir $(app)).app)
RELMK_APP_HEADERS := $(foreach app,$(relmk_apps),$(wildcard $(app)/include/*.hrl $(app)/src/*.hrl))

## Compile the Erlang applications of RELMK_APPS
compile-apps: $(RELMK_APP_FILES)

clean-ebin:
	$(RELMK_VERBOSE)rm -rf $(addsuffix /ebin,$(relmk_apps))

# -include_lib and behaviours find an application by its directory's name.
relmk_erl_libs := $(subst $(relmk_space),:,$(sort $(patsubst %/,%,$(dir $(relmk_apps)))))

# $(call relmk_app_rules,DIR,NAME,SOURCES). The directory src is among the prerequisites since a
# module that is taken away leaves no other trace. The .app is written before the modules are
# compiled and gets its name after, so it is older than whatever changes in the meantime.
define relmk_app_rules
$1/ebin/$2.app: $1/src/$2.app.src $1/src $3 $(RELMK_APP_HEADERS)
	@echo "compile $2"
	$(RELMK_VERBOSE)mkdir -p $1/ebin && rm -f $1/ebin/*.beam $$@ && $$(relmk_app_tools) \
	$$(call relmk_tool,relx-config) --application $$< $(addprefix --module ,$(sort $(basename $(notdir $3)))) -o $$@.new && \
	ERL_LIBS=$(relmk_erl_libs)$$$${ERL_LIBS:+:$$$$ERL_LIBS} \
		$(RELMK_ERLC) $(RELMK_ERLC_OPTS) -I $1/include -I $1/src -pa $1/ebin -o $1/ebin $3 && \
	mv $$@.new $$@
endef

# What writes the .app is built where an application is compiled, and looked at no other time.
relmk_app_tools = $(if $(RELMK_TOOLS_ARE_BUILT),$(call relmk_build_tools,$(call relmk_wanted_tools,compile-apps)) && )

$(foreach app,$(relmk_apps),$(eval $(call \
	relmk_app_rules,$(app),$(notdir $(app)),$(wildcard $(app)/src/*.erl))))

# Each after those that stand before it, and all after set-up.
relmk_apps_before :=
$(foreach file,$(RELMK_APP_FILES),\
	$(eval $(file): | $(relmk_apps_before)) $(eval relmk_apps_before += $(file)))
ifneq ($(filter setup,$(value MAKECMDGOALS)),)
$(RELMK_APP_FILES): | setup
endif
ifeq ($(RELMK_TOOLS_ARE_BUILT),1)
$(RELMK_APP_FILES): | $(RELMK_BUILD_DIR)/build.ninja
endif
