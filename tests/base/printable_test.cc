#include "base/printable.h"

#include <gtest/gtest.h>

#include "base/result.h"

namespace narrow {
namespace {

TEST(Printable, ControlCharactersAreShownAsQuestionMarks) {
  EXPECT_EQ(printable("a\nb\x1b[2J\x7f"), "a?b?[2J?");
  EXPECT_EQ(printable("größe"), "größe");
  EXPECT_EQ(printable("a\xc2\x9b"
                      "31mb"),
            "a?31mb");  // CSI as one character
  EXPECT_EQ(printable("a\xe2\x80\xae"
                      "b\xe2\x81\xa6"
                      "c\xe2\x80\x8f"),
            "a?b?c?");                            // marks of direction
  EXPECT_EQ(printable("a\xff\x80\xc3"), "a???");  // no UTF-8
  EXPECT_EQ(printable("\xed\xa0\x80\xc0\xaf"), "?????");
  EXPECT_EQ(printable("\xf0\x9f\x98\x80 \xe2\x82\xac"), "\xf0\x9f\x98\x80 \xe2\x82\xac");
}

TEST(Printable, ErrorsAreOneLineWhateverNamesTheyQuote) {
  Error error = fail(ErrorKind::bad_file, "'\n' has no scale", "tensor '\t'", "rename '\r'").value();
  error = std::move(error).in("graph '\n'");
  EXPECT_EQ(error.what, "'?' has no scale");
  EXPECT_EQ(error.where, "tensor '?', graph '?'");
  EXPECT_EQ(error.remedy, "rename '?'");
}

}  // namespace
}  // namespace narrow
