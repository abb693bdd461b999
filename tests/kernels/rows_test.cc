// What holds of every row of kernels/rows/.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <vector>

#include "emit/header/plan.h"
#include "kernels/all_rows.h"
#include "kernels/row_checks.h"
#include "portable/arithmetic/add.h"

namespace narrow {
namespace {

TEST(Rows, DescribeTheirKernels) {
  std::set<std::string> names;
  for (const Kernel* k : all_rows()) {
    SCOPED_TRACE(k->name);
    EXPECT_TRUE(names.insert(k->name).second) << "a second row of that name";
    expect_whole(*k->params);
    EXPECT_FALSE(k->arguments.empty());
    EXPECT_TRUE(k->run || (k->host_only() && !k->variants.empty()));
    for (const KernelVariant& v : k->variants) EXPECT_TRUE(v.run) << v.name;
    EXPECT_TRUE(k->params->cost) << "no modelled cost";
  }
  EXPECT_GT(names.size(), 190u);
}

std::string macro_of(const ParamField& f) {
  if (f.macro) return f.macro;
  std::string name = f.name;
  for (char& c : name) c = c == '.' ? '_' : static_cast<char>(std::toupper(c));
  return name;
}

// Headers print each under a name of its own, short enough for what plan_header promises of macros.
TEST(Rows, NameTheirParametersInHeaders) {
  for (const Kernel* k : all_rows()) {
    SCOPED_TRACE(k->name);
    std::set<std::string> macros;
    for (const ParamField& f : k->params->fields) {
      std::string const macro = macro_of(f);
      EXPECT_LE(macro.size(), kMostKey) << macro;
      EXPECT_TRUE(macro.empty() || macros.insert(macro).second) << macro;
    }
    for (const DerivedNumber& d : k->params->derived) EXPECT_TRUE(macros.insert(d.macro).second) << d.macro;
  }
}

// A result goes over an argument that is read, whose elements have its size.
TEST(Rows, PermitInPlaceWhereElementsAreOfOneSize) {
  for (const Kernel* k : all_rows()) {
    SCOPED_TRACE(k->name);
    for (const InPlace& p : k->in_place) {
      ASSERT_LT(p.argument, k->arguments.size());
      EXPECT_FALSE(k->arguments[p.argument].written);
      for (const KernelArgument& a : k->arguments)
        EXPECT_TRUE(!a.written || element_size(a.type) == element_size(k->arguments[p.argument].type));
      EXPECT_TRUE(!p.strides || (k->params->find(p.strides) && k->params->find("shape.extent")));
    }
  }
}

// An operand that is repeated stays whole.
TEST(Rows, PermitInPlaceWhereOperandsAreNotRepeated) {
  nw_add_params p{};
  std::fill_n(p.shape.extent, NW_BROADCAST_RANK, 1);
  p.shape.extent[NW_BROADCAST_RANK - 1] = 7;
  p.shape.a_stride[NW_BROADCAST_RANK - 1] = 1;
  EXPECT_TRUE(kAddI8.may_overwrite(0, &p));
  EXPECT_FALSE(kAddI8.may_overwrite(1, &p));
  EXPECT_FALSE(kAddI8.may_overwrite(2, &p));
  EXPECT_FALSE(kCompareI8.may_overwrite(0, &p));
}

}  // namespace
}  // namespace narrow
