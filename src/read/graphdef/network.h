// A part of a TensorFlow graph as a model.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "read/file_op.h"
#include "read/graphdef/reading.h"

namespace narrow::graphdef {

/// Which part: inputs and outputs by what callers call them ("image") and how the file refers to them
/// ("serving_default_image:0").
struct Network {
  std::string signature;
  std::vector<std::pair<std::string, std::string>> inputs;  // empty: the placeholders that the outputs need
  std::vector<std::pair<std::string, std::string>> outputs;
};

/// The results of a graph that no node reads, by their names.
std::vector<std::pair<std::string, std::string>> unread_results(const Body& body);

/// The model of one graph that computes the outputs. Names of `options` that are nodes of the graph cut it there; audio
/// front ends are cut off. `reading` has functions, variables and options, and no ops yet.
Result<Model> read_network(Reading& reading, const Body& body, const Network& network);

/// The nodes that the outputs need, and those of the functions that they call; constants are left out.
Result<std::vector<FileOp>> list_network(const Reading& reading, const Body& body, const Network& network);

}  // namespace narrow::graphdef
