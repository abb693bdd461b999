#include "read/graphdef/body.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <queue>

#include "read/graphdef/rules.h"

namespace narrow::graphdef {
namespace {

int number_at_end(std::string_view text) {
  int n = -1;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  return error == std::errc() && end == text.data() + text.size() ? n : -1;
}

/// Which result of a node the name of one of its lists of results and an index in it mean.
int port_of(const tf_format::NodeDef& def, std::string_view list, int index) {
  const NodeRule* const rule = find_rule(def.op());
  if (!rule || rule->results.empty() || index < 0) return index;
  for (size_t i = 0; i < rule->results.size(); ++i)
    if (list == rule->results[i]) return static_cast<int>(i) + index;
  return -1;
}

bool is_op(const BodyNode& node, std::string_view type) {
  return node.def && node.def->op() == type;
}

}  // namespace

Status Body::add_node(const tf_format::NodeDef* def, std::string name) {
  if (!by_name_.emplace(name, static_cast<int>(nodes_.size())).second)
    return fail(ErrorKind::bad_file, "two nodes have the name '" + name + "'");
  nodes_.push_back({def, std::move(name), {}, {}});
  return {};
}

Result<Body> Body::of_graph(const tf_format::GraphDef& graph) {
  Body body;
  for (const auto& def : graph.node()) NARROW_CHECK(body.add_node(&def, def.name()));
  body.connect();
  NARROW_CHECK(body.find_loops());
  return body;
}

Result<Body> Body::of_function(const tf_format::FunctionDef& function) {
  Body body;
  body.function_ = true;
  body.arguments_ = static_cast<size_t>(function.signature().input_arg_size());
  for (const auto& argument : function.signature().input_arg()) NARROW_CHECK(body.add_node(nullptr, argument.name()));
  for (const auto& def : function.node_def()) NARROW_CHECK(body.add_node(&def, def.name()));
  body.connect();
  for (const auto& result : function.signature().output_arg()) {
    auto const at = function.ret().find(result.name());
    if (at == function.ret().end())
      return fail(ErrorKind::bad_file,
                  "function '" + function.signature().name() + "' does not give its result '" + result.name() + "'");
    body.results_.push_back(body.source(at->second));
  }
  NARROW_CHECK(body.find_loops());
  return body;
}

int Body::find(std::string_view name) const {
  auto const at = by_name_.find(std::string(name));
  return at == by_name_.end() ? -1 : at->second;
}

Source Body::source(std::string_view reference) const {
  auto const colon = reference.find(':');
  int const node = find(reference.substr(0, colon));
  if (node < 0 || colon == std::string_view::npos) return {node, 0};
  std::string_view const rest = reference.substr(colon + 1);
  auto const second = rest.find(':');
  int port = -1;
  if (second == std::string_view::npos)
    port = number_at_end(rest);
  else if (this->node(node).def)
    port = port_of(*this->node(node).def, rest.substr(0, second), number_at_end(rest.substr(second + 1)));
  return port < 0 ? Source{} : Source{node, port};
}

const Loop* Body::loop_ending_at(int node) const {
  auto const at = ends_.find(node);
  return at == ends_.end() ? nullptr : &loops_[static_cast<size_t>(at->second)];
}

void Body::connect() {
  for (BodyNode& node : nodes_) {
    if (!node.def) continue;
    for (const std::string& input : node.def->input()) {
      if (input.starts_with('^'))
        node.controls.push_back(find(std::string_view(input).substr(1)));
      else
        node.inputs.push_back(source(input));
    }
  }
}

/// Nodes behind an Enter node and before an Exit node belong to the loop that the Enter node names.
Status Body::find_loops() {
  inside_.assign(nodes_.size(), -1);
  std::vector<std::vector<int>> readers(nodes_.size());
  std::map<std::string, int> frames;
  std::vector<int> next;
  for (int n = 0; n < static_cast<int>(nodes_.size()); ++n) {
    for (const Source& s : node(n).inputs)
      if (s.node >= 0) readers[static_cast<size_t>(s.node)].push_back(n);
    if (!is_op(node(n), "Enter")) continue;
    auto const attr = node(n).def->attr().find("frame_name");
    std::string const frame = attr == node(n).def->attr().end() ? "" : attr->second.s();
    auto const [at, is_new] = frames.emplace(frame, static_cast<int>(loops_.size()));
    if (is_new) loops_.emplace_back();
    inside_[static_cast<size_t>(n)] = at->second;
    loops_[static_cast<size_t>(at->second)].enters.push_back(n);
    next.push_back(n);
  }
  while (!next.empty()) {
    int const from = next.back();
    next.pop_back();
    int const loop = inside_[static_cast<size_t>(from)];
    for (int const n : readers[static_cast<size_t>(from)]) {
      if (is_op(node(n), "Exit")) {
        ends_.emplace(n, loop);
        continue;
      }
      int& at = inside_[static_cast<size_t>(n)];
      if (at == loop) continue;
      if (at >= 0) return fail(ErrorKind::unsupported, "a loop inside of a loop", "node '" + node(n).name + "'");
      at = loop;
      next.push_back(n);
    }
  }
  for (auto const& [n, loop] : ends_) loops_[static_cast<size_t>(loop)].exits.push_back(n);
  for (size_t l = 0; l < loops_.size(); ++l) {
    std::vector<char> chosen(nodes_.size(), 0);
    for (int n = 0; n < static_cast<int>(nodes_.size()); ++n) {
      if (inside_[static_cast<size_t>(n)] != static_cast<int>(l) || is_op(node(n), "Enter")) continue;
      chosen[static_cast<size_t>(n)] = 1;
      if (is_op(node(n), "LoopCond")) loops_[l].condition = n;
    }
    NARROW_TRY(loops_[l].inside, sorted(chosen, {}, false, true));
  }
  return {};
}

std::vector<int> Body::needs(int n, const std::map<Source, Value>& given, bool controls) const {
  std::vector<int> out;
  auto add = [&](const BodyNode& node) {
    for (const Source& s : node.inputs)
      if (!given.contains(s)) out.push_back(s.node);
    if (controls) out.insert(out.end(), node.controls.begin(), node.controls.end());
  };
  const Loop* const loop = loop_ending_at(n);
  if (!loop) {
    add(node(n));
    return out;
  }
  for (int const enter : loop->enters) add(node(enter));
  // What the loop reads beside its Enter nodes: constants.
  for (int const inner : loop->inside)
    for (const Source& s : node(inner).inputs)
      if (s.node < 0 || (!in_loop(s.node) && !given.contains(s))) out.push_back(s.node);
  return out;
}

Result<std::vector<int>> Body::sorted(const std::vector<char>& chosen, const std::map<Source, Value>& given,
                                      bool controls, bool within_loop) const {
  std::vector<int> waiting(nodes_.size(), 0), out;
  std::vector<std::vector<int>> readers(nodes_.size());
  std::priority_queue<int, std::vector<int>, std::greater<>> ready;  // the first of the file
  size_t count = 0;
  for (int n = 0; n < static_cast<int>(nodes_.size()); ++n) {
    if (!chosen[static_cast<size_t>(n)]) continue;
    ++count;
    for (int const from : within_loop ? needs(n, {}, false) : needs(n, given, controls)) {
      if (from < 0 || !chosen[static_cast<size_t>(from)]) continue;
      if (within_loop && is_op(node(from), "NextIteration")) continue;
      readers[static_cast<size_t>(from)].push_back(n);
      ++waiting[static_cast<size_t>(n)];
    }
    if (waiting[static_cast<size_t>(n)] == 0) ready.push(n);
  }
  while (!ready.empty()) {
    out.push_back(ready.top());
    ready.pop();
    for (int const n : readers[static_cast<size_t>(out.back())])
      if (--waiting[static_cast<size_t>(n)] == 0) ready.push(n);
  }
  if (out.size() == count) return out;
  for (size_t n = 0; n < nodes_.size(); ++n)
    if (chosen[n] && waiting[n] > 0)
      return fail(ErrorKind::bad_file, "nodes read each other in a circle", "node '" + nodes_[n].name + "'");
  return out;
}

Result<std::vector<int>> Body::order(const std::vector<Source>& wanted, const std::map<Source, Value>& given,
                                     bool controls) const {
  std::vector<char> chosen(nodes_.size(), 0);
  std::vector<int> next;
  auto choose = [&](int n) {
    if (chosen[static_cast<size_t>(n)]) return;
    chosen[static_cast<size_t>(n)] = 1;
    next.push_back(n);
  };
  for (const Source& s : wanted) {
    if (s.node < 0) return fail(ErrorKind::bad_file, "a result is that of a node that is not there");
    if (!given.contains(s)) choose(s.node);
  }
  while (!next.empty()) {
    int const n = next.back();
    next.pop_back();
    for (int const from : needs(n, given, controls)) {
      if (from < 0)
        return fail(ErrorKind::bad_file, "the node reads one that is not there", "node '" + node(n).name + "'");
      if (in_loop(from))
        return fail(ErrorKind::bad_file, "the node reads a value inside of a loop", "node '" + node(n).name + "'");
      choose(from);
    }
  }
  return sorted(chosen, given, controls, false);
}

}  // namespace narrow::graphdef
