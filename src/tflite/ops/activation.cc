// Functions of one element, and softmax.
#include "ops/activations/leaky_relu.h"
#include "ops/activations/softmax.h"
#include "tflite/fields.h"

namespace narrow {
namespace {

using SoftmaxTable =
    Table<SoftmaxAttributes, format::SoftmaxOptionsT, Field<&SoftmaxAttributes::beta, &format::SoftmaxOptionsT::beta>>;
using LeakyReluTable = Table<LeakyReluAttributes, format::LeakyReluOptionsT,
                             Field<&LeakyReluAttributes::alpha, &format::LeakyReluOptionsT::alpha>>;

using enum format::BuiltinOperator;

constexpr Spelling kRows[] = {
    spell<EmptyTable<format::HardSwishOptionsT>>(HARD_SWISH, "1.15.0"),
    spell<LeakyReluTable>(LEAKY_RELU, "1.13.1", "2.3.0"),
    spell<NoTable>(LOGISTIC, "1.14.0", "1.14.0", "2.3.0"),
    spell<NoTable>(PRELU, "1.8.0"),
    spell<NoTable>(RELU, "1.5.0", "2.1.0", "2.5.0"),
    spell<NoTable>(RELU6, "1.5.0", "1.14.0", "2.5.0"),
    spell<SoftmaxTable>(SOFTMAX, "1.5.0", "1.14.0", "2.3.0"),
    spell<NoTable>(TANH, "1.14.0", "1.14.0", "2.3.0"),
};

}  // namespace

std::span<const Spelling> activation_spellings() {
  return kRows;
}

}  // namespace narrow
