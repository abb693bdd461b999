// The LSTM's kernels for processors with the DSP extension and with Helium: the bytes of the portable kernel, here by
// the C that stands for their instructions, and on emulated chips by tests/emulated_layers_test.py.
#include "emit/c/lstm_calls.h"

#include "emit/random_lstms.h"

namespace narrow {
namespace {

TEST(LstmCalls, GiveTheSameBytes) {
  Random r;
  SCOPED_TRACE(r.text());
  constexpr int kLayers = 2000;
  int taken = 0;
  for (int i = 0; i < kLayers; ++i) {
    LstmLayer const l = random_lstm(r, 21, i % 3 == 2);
    auto const constants = constants_of(l.call);
    LstmData const data = random_data(l, r);
    LstmData const wanted = run(l.call, l, data);
    std::vector<OtherCall> others = {dsp_lstm_call(l.call, constants, false), dsp_lstm_call(l.call, constants, true)};
    if (l.call.kernel == &kLstmI8) others.push_back(helium_lstm_call(l.call, constants));
    for (const OtherCall& other : others) {
      EXPECT_NE(other.call.has_value(), !other.declined.empty());
      if (!other.call) continue;
      ++taken;
      LstmData const got = run(*other.call, l, data);
      ASSERT_EQ(got.output, wanted.output) << i;
      ASSERT_EQ(got.hidden, wanted.hidden) << i;
      ASSERT_EQ(got.cell, wanted.cell) << i;
    }
  }
  EXPECT_GT(taken, kLayers * 2);
}

std::string declined(LstmLayer l, void (*change)(nw_lstm_params&, KernelCall&)) {
  change(*reinterpret_cast<nw_lstm_params*>(l.call.params.data()), l.call);
  std::string const said = dsp_lstm_call(l.call, constants_of(l.call), false).declined;
  EXPECT_EQ(helium_lstm_call(l.call, constants_of(l.call)).declined, said);
  return said;
}

TEST(LstmCalls, SayWhatTheyDecline) {
  Random r;
  LstmLayer const l = random_lstm(r);
  using Params = nw_lstm_params;
  EXPECT_EQ(declined(l, [](Params& p, KernelCall&) { p.fixed_point = 1; }),
            "its runtime's functions are not those of a table");
  EXPECT_EQ(declined(l, [](Params&, KernelCall& c) { c.arguments[1] = absent(); }), "its gates are coupled");
  EXPECT_EQ(declined(l, [](Params&, KernelCall& c) { c.arguments[11] = array(0); }), "it has peepholes");
  EXPECT_EQ(declined(l, [](Params&, KernelCall& c) { c.arguments[12] = array(0); }), "it has a projection");
  EXPECT_EQ(declined(l, [](Params& p, KernelCall&) { p.hidden_shift[2] = 8; }),
            "its sums' factors are not from 2^-23 to 2^7");
  EXPECT_EQ(declined(l, [](Params& p, KernelCall&) { p.output_shift = 0; }),
            "the factor of its results is not from 2^-24 to 1/2");
  EXPECT_EQ(declined(l,
                     [](Params&, KernelCall& c) {
                       std::vector<int32_t> const large(c.arrays[8].bytes.size() / 4, 1 << 30);
                       c.arrays[8] = constant_array("bias", ElementType::i32, large);
                     }),
            "its sums may need more than 30 bits");
}

}  // namespace
}  // namespace narrow
