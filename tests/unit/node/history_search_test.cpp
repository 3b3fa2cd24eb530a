#include "node/console/history_search.h"

#include "catch.h"

namespace node_history_search_test {

using namespace relmk::node;

namespace {

struct Searched {
  LineHistory history;
  LineBuffer line;
  HistorySearch search{history, line};

  Searched() {
    for (const char32_t* entry : {U"lists:map", U"io:nl", U"lists:nth"})
      history.add(entry);
    history.begin();
    line.assign(U"typed");
    search.begin();
  }
  void type(std::u32string_view text) {
    for (const char32_t c : text)
      CHECK(search.heed({Key::Name::Character, c}));
  }
  bool control(char32_t c) { return search.heed({Key::Name::Control, c}); }
};

}  // namespace

TEST_CASE("history search: shows the last line with the text, and older ones") {
  Searched s;
  CHECK(s.search.prompt() == U"(search)'': ");
  s.type(U"lists");
  CHECK(s.line.text() == U"lists:nth");
  CHECK(s.search.prompt() == U"(search)'lists': ");
  CHECK(s.control(U'R'));
  CHECK(s.line.text() == U"lists:map");
  CHECK(s.control(U'S'));
  CHECK(s.line.text() == U"lists:nth");
}

TEST_CASE("history search: one that finds nothing says so, and shows what it found last") {
  Searched s;
  s.type(U"nlx");
  CHECK(s.search.prompt() == U"(failed search)'nlx': ");
  CHECK(s.line.text() == U"io:nl");
  CHECK(s.control(U'H'));
  CHECK(s.search.prompt() == U"(search)'nl': ");
}

TEST_CASE("history search: Ctrl-G brings back what was typed") {
  Searched s;
  s.type(U"io");
  CHECK(s.control(U'G'));
  CHECK_FALSE(s.search.is_on());
  CHECK(s.line.text() == U"typed");
}

TEST_CASE("history search: another key ends it, and the arrows go on from the line found") {
  Searched s;
  s.type(U"io");
  CHECK_FALSE(s.search.heed({Key::Name::Up}));
  CHECK_FALSE(s.search.is_on());
  CHECK(s.line.text() == U"io:nl");
  CHECK(s.history.before(s.line.text()) == U"lists:map");
}

}  // namespace node_history_search_test
