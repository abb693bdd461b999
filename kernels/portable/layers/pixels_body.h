/* The end of the bodies that make an image pixel by pixel: the kernel itself, from NW_PART(_pixel), which writes the
 * output_c elements of one pixel. Macros as in conv2d_body.h. */

void NW_KERNEL(const NW_PARAMS *params, const NW_ACTIVATION *input, const NW_WEIGHT *weights, const NW_BIAS *bias,
               NW_ACTIVATION *output, void *scratch) {
  nw_i32 const image = params->window.input_h * params->window.input_w * params->window.input_c;
  (void)scratch;
  for (nw_i32 b = 0; b < params->window.batches; ++b) {
    for (nw_i32 y = 0; y < params->window.output_h; ++y) {
      for (nw_i32 x = 0; x < params->window.output_w; ++x) {
        NW_PART(_pixel)(params, input + b * image, weights, bias, y, x, output);
        output += params->window.output_c;
      }
    }
  }
}

#undef NW_KERNEL
#undef NW_EPILOGUE
