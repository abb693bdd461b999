// The kernels of GRU, RNN and SVDF for processors with the DSP extension: the bytes of the portable kernels, here by
// the C that stands for their instructions, and on emulated chips by tests/emulated_layers_test.py.
#include "emit/c/cell_calls.h"

#include "emit/random_cells.h"

namespace narrow {
namespace {

TEST(CellCalls, GiveTheSameBytes) {
  Random r;
  SCOPED_TRACE(r.text());
  constexpr int kLayers = 2000;
  for (auto* const random_layer : {random_gru, random_rnn, random_svdf}) {
    int taken = 0;
    for (int i = 0; i < kLayers; ++i) {
      CellLayer const l = random_layer(r, 21);
      auto const constants = constants_of(l.call);
      CellData const data = random_data(l, r), wanted = run(l.call, l, data);
      for (bool wide : {false, true}) {
        OtherCall const other = dsp_cell_call(l.call, constants, wide);
        EXPECT_NE(other.call.has_value(), !other.declined.empty());
        if (!other.call) continue;
        ++taken;
        ASSERT_EQ(run(*other.call, l, data), wanted) << l.call.kernel->name << " " << i;
      }
    }
    EXPECT_GT(taken, kLayers);
  }
}

TEST(CellCalls, SayWhatTheyDecline) {
  Random r;
  auto const declined = []<class Params>(CellLayer l, void (*change)(Params&)) {
    change(*reinterpret_cast<Params*>(l.call.params.data()));
    return dsp_cell_call(l.call, constants_of(l.call), false).declined;
  };
  EXPECT_EQ(declined(
                random_gru(r), +[](nw_gru_params& p) { p.output_shift = 0; }),
            "the factor of its results is not below 1/2");
  EXPECT_EQ(declined(
                random_gru(r),
                +[](nw_gru_params& p) {
                  p.output_shift = -8;
                  p.reset_after = p.reset_shift = 0;
                }),
            "the factor of its reset state is not below 1/2");
  EXPECT_EQ(declined(
                random_rnn(r), +[](nw_rnn_params& p) { p.output_shift = 1; }),
            "the factor of its results is not below 1/2");
  EXPECT_EQ(declined(
                random_svdf(r), +[](nw_svdf_params& p) { p.state_shift = 8; }),
            "its sums' factors are not from 2^-23 to 2^7");
  EXPECT_EQ(declined(
                random_rnn(r),
                +[](nw_rnn_params& p) {
                  p.output_shift = -8;
                  p.input_right = 33;
                })
                .substr(0, 25),
            "its sums' factors are not");
}

}  // namespace
}  // namespace narrow
