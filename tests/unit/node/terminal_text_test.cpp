#include "node/console/terminal_text.h"

#include <clocale>

#include "catch.h"

namespace node_terminal_text_test {

using namespace relmk;
using namespace relmk::node;

namespace {

// Widths of characters are a locale's.
struct Unicode {
  Unicode() { std::setlocale(LC_CTYPE, "C.UTF-8"); }
  ~Unicode() { std::setlocale(LC_CTYPE, "C"); }
};

}  // namespace

TEST_CASE("TerminalTextWrapsAtTheLastColumn") {
  const Unicode unicode;
  CHECK(cursor_row(L"", 4) == 0);
  CHECK(cursor_row(L"abc", 4) == 0);
  CHECK(cursor_row(L"abcd", 4) == 1);
  CHECK(cursor_row(L"a\nb\n", 4) == 2);
}

TEST_CASE("TerminalTextWrapsWideCharactersThatDoNotFit") {
  const Unicode unicode;
  CHECK(cursor_row(L"日本語", 5) == 1);
  CHECK(cursor_row(L"日本", 5) == 0);
  CHECK(cursor_row(L"日本", 5, L'語') == 1);
  CHECK(cursor_row(L"日本", 5, L'x') == 0);
}

TEST_CASE("TerminalTextCountsColumnsAsShown") {
  const Unicode unicode;
  CHECK(text_columns(L"a\tb") == 9);
  CHECK(text_columns(L"\x04z") == 3);
  CHECK(text_columns(L"日本> ") == 6);
  CHECK(text_columns(L"e\u0301") == 1);
}

TEST_CASE("TerminalTextTakesAPromptApart") {
  const PromptText prompt = prompt_text(L"one\ntwo\n\x1b[1m\x1b[32mnode\x1b[0m 1> ");
  CHECK(prompt.above == L"one\ntwo\n");
  CHECK(prompt.visible == L"node 1> ");
  CHECK(prompt.marked == L"\x01\x1b[1m\x1b[32m\x01node\x01\x1b[0m\x01 1> ");
}

TEST_CASE("TerminalTextEndsAPromptWithACharacter") {
  CHECK(prompt_text(L"\x1b[1m1> \x1b[0m").marked ==
        L"\x01\x1b[1m\x01"
        L"1>\x01\x1b[0m\x01 ");
  CHECK(prompt_text(L"\x1b[1m1>\x1b[0m").marked ==
        L"\x01\x1b[1m\x01"
        L"1>\x01\x1b[0m\x01 ");
  CHECK(prompt_text(L"\x1b[1m1>\x1b[0m").visible == L"1> ");
  CHECK(prompt_text(L"").marked.empty());
}

TEST_CASE("TerminalTextTakesNoCharacterOfAPromptForAMark") {
  CHECK(prompt_text(L"a\x01").marked == L"a^A");
  CHECK(prompt_text(L"\x01").marked == L"^A");
  CHECK(prompt_text(L"\x01").visible == L"^A");
  CHECK(prompt_text(L"\x01\x1b[0m").marked ==
        L"^A\x01\x1b[0m\x01"
        L" ");
}

}  // namespace node_terminal_text_test
