// Functions, branches and loops: what is known of conditions while the graph is read decides which of them run.
#include "read/graphdef/ops/folded.h"

namespace narrow::graphdef {
namespace {

Result<std::vector<Value>> read_pass(Node& node) {
  NARROW_TRY(Value v, node.value(0));
  return std::vector<Value>{std::move(v)};
}

Result<std::vector<Value>> read_call(Node& node) {
  return call(node.reading(), node.function("f"), node.values());
}

Result<bool> truth(const Value& v, const char* what) {
  if (!v.known())
    return fail(ErrorKind::unsupported, std::string(what) + " is not known from shapes and constants", "", kCutRemedy);
  NARROW_TRY(std::vector<int64_t> const values, integers_of(*v.constant));
  if (values.size() != 1) return fail(ErrorKind::bad_file, std::string(what) + " is no single truth value");
  return values[0] != 0;
}

Result<std::vector<Value>> read_if(Node& node) {
  NARROW_TRY(Value const condition, node.value(0));
  NARROW_TRY(bool const yes, truth(condition, "the condition"));
  std::vector<Value> arguments(node.values().begin() + 1, node.values().end());
  return call(node.reading(), node.function(yes ? "then_branch" : "else_branch"), std::move(arguments));
}

Result<std::vector<Value>> read_while(Node& node) {
  std::vector<Value> round = node.values();
  for (;;) {
    NARROW_TRY(std::vector<Value> const condition, call(node.reading(), node.function("cond"), round));
    if (condition.empty()) return fail(ErrorKind::bad_file, "the condition of the loop gives nothing");
    NARROW_TRY(bool const again, truth(condition[0], "how often the loop runs"));
    if (!again) return round;
    size_t const width = round.size();
    NARROW_TRY(round, call(node.reading(), node.function("body"), std::move(round)));
    if (round.size() != width) return fail(ErrorKind::bad_file, "the body of the loop gives another number of values");
    if (++node.reading().steps > kMostSteps) return fail(ErrorKind::limit_exceeded, "the loop runs too many rounds");
  }
}

Result<std::vector<Value>> read_switch(Node& node) {
  NARROW_TRY(Value const x, node.value(0));
  NARROW_TRY(Value const condition, node.value(1));
  NARROW_TRY(bool const yes, truth(condition, "which way data goes, or how often the loop runs,"));
  return std::vector<Value>{yes ? nothing() : x, yes ? x : nothing()};
}

/// The operand on the branch that is taken.
Result<std::vector<Value>> read_merge(Node& node) {
  for (size_t i = 0; i < node.operands(); ++i)
    if (!node.values()[i].dead)
      return std::vector<Value>{node.values()[i],
                                of_constant(integer_constant(DType::int32, {}, {static_cast<int64_t>(i)}))};
  return std::vector<Value>{nothing()};
}

constexpr const char* kSwitchResults[] = {"output_false", "output_true"};
constexpr const char* kMergeResults[] = {"output", "value_index"};

constexpr NodeRule kControlRules[] = {
    {"Enter", read_pass},
    {"Exit", read_pass},
    {"If", read_if},
    {"LoopCond", read_pass},
    {"Merge", read_merge, nullptr, nullptr, kMergeResults},
    {"NextIteration", read_pass},
    {"PartitionedCall", read_call},
    {"StatefulPartitionedCall", read_call},
    {"StatelessIf", read_if},
    {"StatelessWhile", read_while},
    {"Switch", read_switch, nullptr, nullptr, kSwitchResults},
    {"While", read_while},
};

}  // namespace

std::span<const NodeRule> control_rules() {
  return kControlRules;
}

}  // namespace narrow::graphdef
