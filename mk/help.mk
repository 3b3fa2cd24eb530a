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

help-relmk:
	$(if $(RELMK_IN_ERLANG_MK),@printf '\nrelmk targets:\n')
	@awk '/^## / { text = substr($$0, 4); next } \
		text != "" && match($$0, /^[a-z][A-Za-z_-]*:/) { \
			printf "  %-22s%s\n", substr($$0, 1, RLENGTH - 1), text; text = "" }' $(RELMK_HELP_FILES)
