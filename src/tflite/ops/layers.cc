// Convolutions and matrix products.
#include "ops/layers/layers.h"

#include "tflite/fields.h"

namespace narrow {
namespace {

using Conv = Conv2dAttributes;
using ConvT = format::Conv2DOptionsT;
using ConvTable = Table<Conv, ConvT, Field<&Conv::padding, &ConvT::padding>, Field<&Conv::stride_h, &ConvT::stride_h>,
                        Field<&Conv::stride_w, &ConvT::stride_w>, Field<&Conv::dilation_h, &ConvT::dilation_h_factor>,
                        Field<&Conv::dilation_w, &ConvT::dilation_w_factor>,
                        Field<&Conv::activation, &ConvT::fused_activation_function>,
                        Field<&Conv::quantized_bias_type, &ConvT::quantized_bias_type>>;

using Conv3d = Conv3dAttributes;
using Conv3dT = format::Conv3DOptionsT;
using Conv3dTable =
    Table<Conv3d, Conv3dT, Field<&Conv3d::padding, &Conv3dT::padding>, Field<&Conv3d::stride_d, &Conv3dT::stride_d>,
          Field<&Conv3d::stride_h, &Conv3dT::stride_h>, Field<&Conv3d::stride_w, &Conv3dT::stride_w>,
          Field<&Conv3d::dilation_d, &Conv3dT::dilation_d_factor>,
          Field<&Conv3d::dilation_h, &Conv3dT::dilation_h_factor>,
          Field<&Conv3d::dilation_w, &Conv3dT::dilation_w_factor>,
          Field<&Conv3d::activation, &Conv3dT::fused_activation_function>>;

using Depthwise = DepthwiseConv2dAttributes;
using DepthwiseT = format::DepthwiseConv2DOptionsT;
using DepthwiseTable =
    Table<Depthwise, DepthwiseT, Field<&Depthwise::padding, &DepthwiseT::padding>,
          Field<&Depthwise::stride_h, &DepthwiseT::stride_h>, Field<&Depthwise::stride_w, &DepthwiseT::stride_w>,
          Field<&Depthwise::dilation_h, &DepthwiseT::dilation_h_factor>,
          Field<&Depthwise::dilation_w, &DepthwiseT::dilation_w_factor>,
          Field<&Depthwise::depth_multiplier, &DepthwiseT::depth_multiplier>,
          Field<&Depthwise::activation, &DepthwiseT::fused_activation_function>>;

using Transpose = TransposeConvAttributes;
using TransposeT = format::TransposeConvOptionsT;
using TransposeTable =
    Table<Transpose, TransposeT, Field<&Transpose::padding, &TransposeT::padding>,
          Field<&Transpose::stride_h, &TransposeT::stride_h>, Field<&Transpose::stride_w, &TransposeT::stride_w>,
          Field<&Transpose::activation, &TransposeT::fused_activation_function>,
          Field<&Transpose::quantized_bias_type, &TransposeT::quantized_bias_type>>;

using Full = FullyConnectedAttributes;
using FullT = format::FullyConnectedOptionsT;
using FullTable = Table<Full, FullT, Field<&Full::activation, &FullT::fused_activation_function>,
                        Only<&FullT::weights_format, format::FullyConnectedOptionsWeightsFormat::DEFAULT>,
                        Field<&Full::keep_num_dims, &FullT::keep_num_dims>,
                        Field<&Full::asymmetric_quantize_inputs, &FullT::asymmetric_quantize_inputs>,
                        Field<&Full::quantized_bias_type, &FullT::quantized_bias_type>>;

using Matmul = BatchMatmulAttributes;
using MatmulT = format::BatchMatMulOptionsT;
using MatmulTable =
    Table<Matmul, MatmulT, Field<&Matmul::adjoint_a, &MatmulT::adj_x>, Field<&Matmul::adjoint_b, &MatmulT::adj_y>,
          Field<&Matmul::asymmetric_quantize_inputs, &MatmulT::asymmetric_quantize_inputs>>;

using enum format::BuiltinOperator;

constexpr Codec kLayers[] = {
    codec<MatmulTable>(BATCH_MATMUL, "2.3.0", "2.3.0", "2.4.0", "2.5.0"),
    codec<ConvTable>(CONV_2D, "1.5.0", "1.14.0", "1.14.0", "2.3.0", "2.4.0", "2.9.0", "2.11.0", "2.15.0"),
    codec<Conv3dTable>(CONV_3D, "2.5.0"),
    codec<Conv3dTable>(CONV_3D_TRANSPOSE, "2.6.0"),
    codec<DepthwiseTable>(DEPTHWISE_CONV_2D, "1.5.0", "1.12.0", "1.14.0", "2.2.0", "2.3.0", "2.3.0", "2.11.0"),
    codec<FullTable>(FULLY_CONNECTED, "1.5.0", "1.10.0", "1.14.0", "1.14.0", "2.0.0", "2.1.0", "2.3.0", "2.3.0",
                     "2.3.0", "2.11.0", "2.15.0", "2.17.0", "2.18.0"),
    codec<TransposeTable>(TRANSPOSE_CONV, "1.9.0", "2.2.0", "2.3.0"),
};

}  // namespace

std::span<const Codec> layers_codecs() {
  return kLayers;
}

}  // namespace narrow
