// FreeSWITCH's mod_kazoo reads <configuration name="kazoo.conf"><settings><param name="cookie"
// value="…"/>, or a file that <param name="cookie-file" value="…"/> names; of several the last one
// holds. FreeSWITCH itself first works through the
// <X-PRE-PROCESS> instructions and $${variables}, which one file alone cannot tell.
#include <fmt/core.h>
#include <tinyxml2.h>

#include <cstring>
#include <string_view>

#include "kazoo/cookie.h"

namespace relmk::kazoo {
namespace {

using tinyxml2::XMLElement;

// The parser compares each attribute of an element with all before it.
constexpr size_t kLargest = 256 << 10;

bool has_name(const XMLElement& element, const char* name) {
  return element.Name() != nullptr && std::strcmp(element.Name(), name) == 0;
}

struct Search {
  const XMLElement* cookie = nullptr;       // the last <param name="cookie">
  const XMLElement* cookie_file = nullptr;  // and <param name="cookie-file">, if that comes later
  const XMLElement* include = nullptr;      // the first <X-PRE-PROCESS cmd="include">

  // Everything below `element`, but of several configurations only that of mod_kazoo.
  void visit(const XMLElement& element) {
    if (has_name(element, "configuration") && !element.Attribute("name", "kazoo.conf")) return;
    const char* name = element.Attribute("name");
    if (has_name(element, "param") && name != nullptr) {
      if (std::strcmp(name, "cookie") == 0) {
        cookie = &element;
        cookie_file = nullptr;
      } else if (std::strcmp(name, "cookie-file") == 0) {
        cookie_file = &element;
      }
    }
    if (has_name(element, "X-PRE-PROCESS") && element.Attribute("cmd", "include") && !include) {
      include = &element;
    }
    for (auto* child = element.FirstChildElement(); child; child = child->NextSiblingElement()) {
      visit(*child);
    }
  }
};

}  // namespace

Cookie freeswitch_cookie(const fs::path& file) {
  const std::string text = sys::read_file(file);
  if (text.size() > kLargest) throw Error(file.string(), "a file of XML of more than 256 KiB");
  tinyxml2::XMLDocument document;
  if (document.Parse(text.data(), text.size()) != tinyxml2::XML_SUCCESS ||
      document.RootElement() == nullptr) {
    throw Error(file.string(), {document.ErrorLineNum(), 0},
                fmt::format("not XML: {}", document.ErrorName()));
  }
  Search search;
  search.visit(*document.RootElement());
  const auto at = [](const XMLElement* element) { return Position{element->GetLineNum(), 0}; };
  if (search.cookie_file != nullptr) {
    throw Error(file.string(), at(search.cookie_file),
                "the cookie is not here: the parameter `cookie-file` names another file");
  }
  if (search.cookie == nullptr && search.include != nullptr) {
    const char* included = search.include->Attribute("data");
    throw Error(file.string(), at(search.include),
                fmt::format("no parameter `cookie` here, but FreeSWITCH includes {}: look there",
                            included ? included : "more"));
  }
  if (search.cookie == nullptr) throw Error(file.string(), "no parameter `cookie`");
  const char* value = search.cookie->Attribute("value");
  if (value == nullptr || *value == '\0')
    throw Error(file.string(), at(search.cookie), "the parameter `cookie` is empty");
  if (const char* variable = std::strstr(value, "$${")) {
    const std::string_view name(variable, std::strcspn(variable, "}"));
    throw Error(
        file.string(), at(search.cookie),
        fmt::format("the cookie holds FreeSWITCH's variable {}}}, whose value is not in this file",
                    name));
  }
  return {value, file.string(), at(search.cookie)};
}

}  // namespace relmk::kazoo
