#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <optional>

namespace narrow {
namespace {

TEST(JsonWriter, WritesObjectsAndArrays) {
  JsonWriter out;
  out.begin_object().member("a", 1).member("b", std::vector<int64_t>{-2, 3}).key("c").begin_array();
  out.begin_object().end_object().value(nullptr).value(true).end_array();
  out.member("d", std::array<double, 2>{0.5, 1}).member("e", std::vector<std::string>{}).end_object();
  EXPECT_EQ(out.text(), R"({"a":1,"b":[-2,3],"c":[{},null,true],"d":[0.5,1.0],"e":[]})");
}

TEST(JsonWriter, WritesWhatIsThereOrNull) {
  JsonWriter out;
  out.begin_object().member("a", std::optional<double>(0.5)).member("b", std::optional<int>()).end_object();
  EXPECT_EQ(out.text(), R"({"a":0.5,"b":null})");
}

TEST(JsonWriter, WritesWhatJsonCannotSay) {
  JsonWriter out;
  out.begin_array().value(std::numeric_limits<double>::quiet_NaN()).value(std::numeric_limits<float>::infinity());
  out.value("\"\n\xff").value(0.1F).value(std::numeric_limits<uint64_t>::max()).end_array();
  EXPECT_EQ(out.text(), "[null,null,\"\\\"\\n\xEF\xBF\xBD\",0.10000000149011612,18446744073709551615]");
}

}  // namespace
}  // namespace narrow
