// Nodes are computed in order, with values in the place of what TensorFlow computes: integers that follow from shapes
// are known, the rest are tensors of the model. Functions and rounds of loops are computed each time that they run.
#include <algorithm>

#include "read/graphdef/node.h"
#include "read/graphdef/reading.h"
#include "read/graphdef/rules.h"

namespace narrow::graphdef {
namespace {

class Tracer {
 public:
  Tracer(Reading& reading, const Body& body, std::vector<Value> arguments, const std::map<Source, Value>& given)
      : reading_(reading), body_(body), arguments_(std::move(arguments)), given_(given), values_(body.nodes().size()) {}

  Status run(const std::vector<int>& order) {
    for (int const n : order) {
      if (const Loop* const loop = body_.loop_ending_at(n)) {
        if (values_[static_cast<size_t>(n)].empty()) NARROW_CHECK(run_loop(*loop));
      } else {
        NARROW_CHECK(compute(n));
      }
    }
    return {};
  }

  Result<Value> value(const Source& s) const {
    if (auto const at = given_.find(s); at != given_.end()) return at->second;
    const auto& results = values_[static_cast<size_t>(s.node)];
    if (results.size() == 1 && results[0].dead) return nothing();
    if (static_cast<size_t>(s.port) >= results.size())
      return fail(ErrorKind::bad_file,
                  "node '" + body_.node(s.node).name + "' has no result " + std::to_string(s.port));
    return results[static_cast<size_t>(s.port)];
  }

 private:
  const tf_format::NodeDef& def(int n) const { return *body_.node(n).def; }

  Status compute(int n) {
    auto done = computed(n);
    if (!done) return pass(std::move(done), "node '" + body_.node(n).name + "'" + type_of(n));
    values_[static_cast<size_t>(n)] = std::move(*done);
    return {};
  }
  std::string type_of(int n) const { return body_.node(n).def ? " (" + def(n).op() + ")" : ""; }

  Result<std::vector<Value>> computed(int n) {
    if (++reading_.steps > kMostSteps)
      return fail(ErrorKind::limit_exceeded, "loops and functions run more than " + std::to_string(kMostSteps) +
                                                 " nodes, which would become as many ops");
    const BodyNode& node = body_.node(n);
    if (!node.def) {
      if (static_cast<size_t>(n) >= arguments_.size()) return fail(ErrorKind::bad_file, "an argument is missing");
      return std::vector<Value>{arguments_[static_cast<size_t>(n)]};
    }
    const NodeRule* const rule = find_rule(def(n).op());
    if (!rule) return fail(ErrorKind::unsupported, "narrow has no form of the op " + def(n).op(), "", kCutRemedy);
    std::vector<Value> operands;
    for (const Source& s : node.inputs) {
      NARROW_TRY(Value v, value(s));
      operands.push_back(std::move(v));
    }
    bool const merges = def(n).op() == "Merge" || def(n).op() == "RefMerge";
    if (!merges && std::any_of(operands.begin(), operands.end(), [](const Value& v) { return v.dead; }))
      return std::vector<Value>{nothing()};
    Node call(reading_, *node.def, *rule, std::move(operands));
    return rule->read(call);
  }

  Status run_loop(const Loop& loop) {
    for (int const n : loop.enters) NARROW_CHECK(compute(n));
    std::map<int, Value> round;  // by Merge node: what goes round
    for (bool first = true;; first = false) {
      for (int const n : loop.inside) {
        if (def(n).op() != "Merge") {
          NARROW_CHECK(compute(n));
          continue;
        }
        NARROW_TRY(Value v, first ? entering(n) : Result<Value>(round[n]));
        values_[static_cast<size_t>(n)] = {std::move(v), of_constant(integer_constant(DType::int32, {}, {0}))};
      }
      NARROW_TRY(bool const again, goes_on(loop));
      if (!again) break;
      for (int const n : loop.inside) {
        if (def(n).op() != "Merge") continue;
        for (const Source& s : body_.node(n).inputs)
          if (s.node >= 0 && body_.node(s.node).def && def(s.node).op() == "NextIteration") {
            NARROW_TRY(round[n], value(s));
          }
      }
      if (++reading_.steps > kMostSteps) return fail(ErrorKind::limit_exceeded, "a loop runs too many rounds");
    }
    for (int const n : loop.exits) NARROW_CHECK(compute(n));
    return {};
  }

  Result<Value> entering(int merge) {
    for (const Source& s : body_.node(merge).inputs)
      if (s.node >= 0 && body_.node(s.node).def && def(s.node).op() != "NextIteration") return value(s);
    return fail(ErrorKind::bad_file, "nothing enters the loop", "node '" + body_.node(merge).name + "'");
  }

  Result<bool> goes_on(const Loop& loop) {
    if (loop.condition < 0) return fail(ErrorKind::bad_file, "a loop without a LoopCond node");
    NARROW_TRY(Value const v, value({loop.condition, 0}));
    std::string const where = "node '" + body_.node(loop.condition).name + "'";
    if (!v.known())
      return fail(ErrorKind::unsupported, "how often the loop runs is not known from shapes and constants", where);
    auto const flag = integers_of(*v.constant);
    if (!flag || flag->size() != 1)
      return fail(ErrorKind::bad_file, "the condition of a loop is no truth value", where);
    return flag->front() != 0;
  }

  Reading& reading_;
  const Body& body_;
  std::vector<Value> arguments_;
  const std::map<Source, Value>& given_;
  std::vector<std::vector<Value>> values_;  // by node: its results
};

}  // namespace

Result<std::vector<Value>> trace(Reading& reading, const Body& body, std::vector<Value> arguments,
                                 const std::vector<Source>& wanted, const std::map<Source, Value>& given,
                                 bool controls) {
  NARROW_TRY(std::vector<int> const order, body.order(wanted, given, controls));
  Tracer tracer(reading, body, std::move(arguments), given);
  NARROW_CHECK(tracer.run(order));
  std::vector<Value> out;
  for (const Source& s : wanted) {
    NARROW_TRY(Value v, tracer.value(s));
    out.push_back(std::move(v));
  }
  return out;
}

Result<std::vector<Value>> call(Reading& reading, const std::string& name, std::vector<Value> arguments) {
  auto const def = reading.function_defs.find(name);
  if (def == reading.function_defs.end()) return fail(ErrorKind::bad_file, "there is no function '" + name + "'");
  auto& body = reading.functions[name];
  if (!body) {
    NARROW_TRY(Body made, Body::of_function(*def->second));
    body = std::make_unique<Body>(std::move(made));
  }
  // Nothing reads what such nodes give: they would be left out without a word.
  for (const BodyNode& node : body->nodes())
    if (node.def && node.def->op().starts_with("Assign") && !reading.restoring)
      return fail(ErrorKind::unsupported, "the network changes a variable",
                  "node '" + node.name + "' in '" + name + "'", kCutRemedy);
  if (arguments.size() < body->arguments())
    return fail(ErrorKind::bad_file, "function '" + name + "' is called with too few arguments");
  if (reading.calls >= kMostCalls)
    return fail(ErrorKind::limit_exceeded, "more than " + std::to_string(kMostCalls) + " functions call each other");
  reading.steps +=
      static_cast<int64_t>(body->nodes().size()) / 8;  // what it takes to look at those that are not needed
  ++reading.calls;
  auto results = trace(reading, *body, std::move(arguments), body->results(), {}, reading.restoring);
  --reading.calls;
  if (!results) return pass(std::move(results), "function '" + name + "'");
  return results;
}

}  // namespace narrow::graphdef
