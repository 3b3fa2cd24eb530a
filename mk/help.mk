# Lists targets: those with a line `## WHAT IT DOES` above.

# Configuration.

# The makefiles that are searched: relmk's and, but for erlang.mk with its own list, the project's.
RELMK_HELP_FILES ?= $(if $(RELMK_IN_ERLANG_MK),$(filter $(RELMK_DIR)/mk/%,$(MAKEFILE_LIST)),$(MAKEFILE_LIST))

# Core targets.

ifeq ($(RELMK_IN_ERLANG_MK),1)
help:: help-relmk
else
.PHONY: help

## Show this list
help: help-relmk
endif

# Plugin-specific targets.

.PHONY: help-relmk

# What the project says of a target that is relmk's is not so.
help-relmk:
	$(if $(RELMK_IN_ERLANG_MK),@printf '\nrelmk targets:\n')
	@awk -v mk=$(call relmk_quote,$(RELMK_DIR)/mk/) -v own=$(call relmk_quote,$(relmk_own_targets)) ' \
		BEGIN { n = split(own, names, " "); for (i = 1; i <= n; i++) ours[names[i]] = 1 } \
		FNR == 1 { text = "" } \
		/^## / { text = substr($$0, 4); next } \
		text != "" && match($$0, /^[a-z][A-Za-z_-]*:/) { \
			name = substr($$0, 1, RLENGTH - 1); \
			if (!(name in ours) || index(FILENAME, mk) == 1) printf "  %-22s%s\n", name, text; \
			text = "" }' $(RELMK_HELP_FILES)
