#include "relx/start_script/script_parts.h"

namespace relmk::relx {
namespace {

std::string without_leading_comment(const std::string& part) {
  std::string body = part.substr(part.find("\n\n") + 2);
  while (!body.empty() && body.back() == '\n')
    body.pop_back();
  return body;
}

}  // namespace

std::vector<ScriptPart> common_script_parts() {
  return {
      {
          "# @FINISH_EXCHANGE@",
#include "relx/finish_exchange.sh.inc"
      },
      {
          "# @QUOTE@",
#include "relx/quote.sh.inc"
      },
  };
}

void put_script_parts(std::string& script, const std::vector<ScriptPart>& parts) {
  for (const ScriptPart& part : parts)
    replace_all(script, part.mark, without_leading_comment(part.text));
}

void replace_all(std::string& text, const std::string& mark, const std::string& value) {
  for (size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
    text.replace(at, mark.size(), value);
    at += value.size();
  }
}

}  // namespace relmk::relx
