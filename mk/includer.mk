# What the makefile says that includes relmk.mk: whether it is erlang.mk's, and whether goals of its
# own follow. Its text is read, since what stands behind the include is not known to make yet.

define relmk_newline


endef
relmk_tab := $(relmk_empty)	$(relmk_empty)

# $(call relmk_lines,FILE): the lines of a file, a word each: its blanks and tabs are marks.
relmk_blank := <blank>
relmk_recipe := <recipe>
relmk_lines = $(subst $(relmk_newline),$(relmk_space),$(subst $(relmk_tab),$(relmk_recipe),$(subst \
	$(relmk_space),$(relmk_blank),$(if $(wildcard $1),$(file <$1)))))

# `include X` and the like. An erlang.mk may be named through a variable or a function that ends so.
relmk_includes = $(filter include$(relmk_blank)% -include$(relmk_blank)% sinclude$(relmk_blank)%,$1)
relmk_erlang_mk_includes = $(strip $(foreach line,$(call relmk_includes,$1),$(filter \
	%erlang.mk %erlang.mk$(relmk_close),$(subst $(relmk_blank),$(relmk_space),$(line)))))
relmk_close := )

# The includer is the file read so far that says so, or the first one.
relmk_own_files := $(RELMK_DIR)/mk/%
relmk_read_files := $(foreach file,$(MAKEFILE_LIST),$(if $(filter \
	$(relmk_own_files),$(abspath $(file))),,$(file)))
relmk_own_include_in = $(firstword $(foreach line,$(call relmk_includes,$1),$(if \
	$(filter %relmk.mk,$(subst $(relmk_blank),$(relmk_space),$(line))),$(line))))
relmk_includer := $(firstword $(foreach file,$(relmk_read_files),$(if $(call \
	relmk_own_include_in,$(call relmk_lines,$(file))),$(file))) $(relmk_read_files))
relmk_includer_lines := $(if $(relmk_includer),$(call relmk_lines,$(relmk_includer)))

# Whether this Makefile is erlang.mk's, included already or yet to be: 1 or empty. Its variables reach
# other makefiles too, through the environment.
RELMK_IN_ERLANG_MK := $(if $(filter file,$(origin ERLANG_MK_VERSION)),1,$(if $(call \
	relmk_erlang_mk_includes,$(relmk_includer_lines)),1))

# What stands behind the include of relmk.mk; all where that cannot be found.
relmk_own_include := $(call relmk_own_include_in,$(relmk_includer_lines))
relmk_rest := $(subst <line>,$(relmk_space),$(if $(relmk_own_include),$(wordlist 2,9999,$(subst \
	$(relmk_own_include),$(relmk_space),<line>$(subst $(relmk_space),<line>,$(relmk_includer_lines)))),$(subst \
	$(relmk_space),<line>,$(relmk_includer_lines))))

# Whether a line begins a rule: a target stands before a colon, and no `=` before that.
relmk_is_rule = $(if $(filter $(relmk_recipe)% \#% .% export% ifeq% ifneq% else% $$%,$1),,$(findstring \
	:,$(subst :=,,$(firstword $(subst =, ,$1)))))
relmk_goals_follow := $(strip $(call relmk_includes,$(relmk_rest)) $(foreach line,$(relmk_rest),$(call \
	relmk_is_rule,$(line))))
