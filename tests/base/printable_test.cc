#include "base/printable.h"

#include <gtest/gtest.h>

#include "base/result.h"

namespace narrow {
namespace {

TEST(Printable, ControlCharactersAreShownAsQuestionMarks) {
  EXPECT_EQ(printable("a\nb\x1b[2J\x7f"), "a?b?[2J?");
  EXPECT_EQ(printable("größe"), "größe");
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
