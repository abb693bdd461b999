// How to make one file of a graph and its variables.
#pragma once

namespace narrow::graphdef {

/// The command of TensorFlow 1 and 2 for graphs with a checkpoint beside them.
inline constexpr const char* kFreezeRemedy =
    "freeze it: python -m tensorflow.python.tools.freeze_graph --input_graph=GRAPH.pb --input_binary=true "
    "--input_checkpoint=MODEL.ckpt --output_node_names=NAME --output_graph=frozen.pb";

/// The same for the graph that lies beside a checkpoint.
inline constexpr const char* kFreezeMetaRemedy =
    "freeze it: python -m tensorflow.python.tools.freeze_graph --input_meta_graph=MODEL.ckpt.meta --input_binary=true "
    "--input_checkpoint=MODEL.ckpt --output_node_names=NAME --output_graph=frozen.pb";

}  // namespace narrow::graphdef
