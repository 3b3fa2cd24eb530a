// Applications and releases for the tests of this room, from a line of Erlang each.
#pragma once

#include <string>
#include <vector>

#include "otp/application/application_resource.h"
#include "otp/release/release_applications.h"
#include "otp/release/release_resource.h"
#include "term/consult.h"

namespace relmk::otp {

// {application, Name, [Keys…, and the mandatory ones]} of version 1; Keys as "{mod,{a,[]}}".
inline ApplicationResource test_application(const std::string& name, const std::string& keys = "") {
  const auto given = [&keys](const char* key) { return keys.find(key) != std::string::npos; };
  std::string text = "{application," + name + ",[" + keys + (keys.empty() ? "" : ",");
  if (!given("{applications")) text += "{applications,[]},";
  if (!given("{modules")) text += "{modules,[]},";
  if (!given("{registered")) text += "{registered,[]},";
  text += "{description,\"d\"},{vsn,\"1\"}]}.";
  return application_resource(term::consult_text(name + ".app", text).front(),
                              "lib/" + name + "-1/ebin/" + name + ".app");
}

// The release of kernel, stdlib and these, in this order; `types` for those that have one.
inline ReleaseApplications test_release(const std::vector<ApplicationResource>& applications,
                                        const std::vector<StartType>& types = {},
                                        Repetitions repetitions = Repetitions::Warned) {
  std::vector<ApplicationResource> all{test_application("kernel"), test_application("stdlib")};
  all.insert(all.end(), applications.begin(), applications.end());
  ReleaseResource release{"r", "1", "13", {}};
  for (const ApplicationResource& app : all) {
    release.applications.push_back({app.name, app.version, std::nullopt, std::nullopt, {}});
  }
  for (size_t i = 0; i < types.size(); ++i)
    release.applications[i + 2].type = types[i];
  return release_applications(release, "r.rel", all, repetitions);
}

}  // namespace relmk::otp
