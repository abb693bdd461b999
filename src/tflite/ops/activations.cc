// Activation functions.
#include "ops/activations/activations.h"

#include "tflite/fields.h"

namespace narrow {
namespace {

using SoftmaxTable =
    Table<SoftmaxAttributes, format::SoftmaxOptionsT, Field<&SoftmaxAttributes::beta, &format::SoftmaxOptionsT::beta>>;
using LeakyReluTable = Table<LeakyReluAttributes, format::LeakyReluOptionsT,
                             Field<&LeakyReluAttributes::alpha, &format::LeakyReluOptionsT::alpha>>;

using GeluTable = Table<GeluAttributes, format::GeluOptionsT,
                        Field<&GeluAttributes::approximate, &format::GeluOptionsT::approximate>>;

using enum format::BuiltinOperator;

constexpr Codec kActivations[] = {
    codec<NoTable>(ELU, "1.14.0"),
    codec<EmptyTable<format::ExpOptionsT>>(EXP, "1.7.0", "2.12.0"),
    codec<GeluTable>(GELU, "2.9.0", "2.9.0"),
    codec<EmptyTable<format::HardSwishOptionsT>>(HARD_SWISH, "1.15.0"),
    codec<LeakyReluTable>(LEAKY_RELU, "1.13.1", "2.3.0"),
    codec<NoTable>(LOG, "1.14.0", "2.13.0"),
    codec<NoTable>(LOGISTIC, "1.14.0", "1.14.0", "2.3.0"),
    codec<EmptyTable<format::LogSoftmaxOptionsT>>(LOG_SOFTMAX, "1.14.0", "1.14.0"),
    codec<NoTable>(PRELU, "1.8.0"),
    codec<NoTable>(RELU, "1.5.0", "2.1.0", "2.5.0"),
    codec<NoTable>(RELU6, "1.5.0", "1.14.0", "2.5.0"),
    codec<NoTable>(RELU_0_TO_1, "2.10.0"),
    codec<NoTable>(RELU_N1_TO_1, "1.5.0"),
    codec<SoftmaxTable>(SOFTMAX, "1.5.0", "1.14.0", "2.3.0"),
    codec<NoTable>(TANH, "1.14.0", "1.14.0", "2.3.0"),
};

}  // namespace

std::span<const Codec> activations_codecs() {
  return kActivations;
}

}  // namespace narrow
