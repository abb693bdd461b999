// How to make one file of a graph and its variables.
#pragma once

namespace narrow::graphdef {

/// The command of TensorFlow 1 and 2 for graphs with a checkpoint beside them.
inline constexpr const char* kFreezeRemedy =
    "give the checkpoint's .meta file instead, or freeze it: python -m tensorflow.python.tools.freeze_graph "
    "--input_graph=GRAPH.pb --input_binary=true "
    "--input_checkpoint=MODEL.ckpt --output_node_names=NAME --output_graph=frozen.pb";

/// For the parts of a checkpoint of TensorFlow 1, given apart.
inline constexpr const char* kMetaRemedy =
    "give the path of the .meta file, beside which .index and .data-* lie; `outputs` names where the network ends";

}  // namespace narrow::graphdef
