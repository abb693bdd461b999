/* The end of the bodies that make an image pixel by pixel: the kernel itself, from NW_PART(_pixel), which writes the
 * output_c elements of one pixel. Macros as in conv2d_body.h. */

void NW_KERNEL(const NW_FLASH NW_PARAMS *params, const NW_ACTIVATION *input, const NW_FLASH NW_STORED_WEIGHT *weights,
               const NW_FLASH NW_BIAS *bias, NW_ACTIVATION *output, void *scratch) {
  nw_i32 const image = params->window.input_h * params->window.input_w * params->window.input_c;
  (void)scratch;
  for (nw_i32 i = 0; i < params->window.batches; ++i) {
    nw_i32 const b = nw_in_order(&params->window, i, params->window.batches);
    for (nw_i32 j = 0; j < params->window.output_h; ++j) {
      nw_i32 const y = nw_in_order(&params->window, j, params->window.output_h);
      NW_ACTIVATION *const row =
          output + (b * params->window.output_h + y) * params->window.output_w * params->window.output_c;
      for (nw_i32 k = 0; k < params->window.output_w; ++k) {
        nw_i32 const x = nw_in_order(&params->window, k, params->window.output_w);
        NW_PART(_pixel)
        (params, input + b * image, NW_WEIGHTS_IN(weights), bias, y, x, row + x * params->window.output_c);
      }
    }
  }
}

#undef NW_KERNEL
#undef NW_EPILOGUE
