/* Body of the reductions whose steps commute: SUM, MEAN, REDUCE_MAX, REDUCE_MIN; included once per instance, see
 * reduce.c and reduce_fold.c. Macros it takes (and undefines): NW_REDUCE_NAME       function to define NW_REDUCE_ACT
 * element type NW_REDUCE_PARAMS     parameter struct; has `kept` and `reduced` NW_REDUCE_START(x)   nw_i32 accumulator
 * before the first element, which is x NW_REDUCE_FOLD(acc, x)    accumulator with one more element NW_REDUCE_RESULT(p,
 * acc)  accumulator of all elements -> the result, nw_i32
 *
 * Four neighbouring results are computed together where their elements lie side by side, so that the walk through the
 * dimensions is shared. */
void NW_REDUCE_NAME(const NW_FLASH NW_REDUCE_PARAMS *p, const NW_REDUCE_ACT *in, NW_REDUCE_ACT *out) {
  nw_i32 const width = p->kept.extent[NW_REDUCE_RANK - 1], next = p->kept.stride[NW_REDUCE_RANK - 1];
  nw_i32 const n = p->reduced.extent[NW_REDUCE_RANK - 1], step = p->reduced.stride[NW_REDUCE_RANK - 1];
  nw_reduce_cursor at = nw_reduce_begin(0);
  do {
    nw_i32 c = 0;
    for (; next == 1 && c + 4 <= width; c += 4) {
      nw_reduce_cursor row = nw_reduce_begin(at.offset + c);
      nw_i32 a0 = NW_REDUCE_START(in[row.offset]), a1 = NW_REDUCE_START(in[row.offset + 1]);
      nw_i32 a2 = NW_REDUCE_START(in[row.offset + 2]), a3 = NW_REDUCE_START(in[row.offset + 3]);
      do {
        const NW_REDUCE_ACT *x = in + row.offset;
        for (nw_i32 i = n; i > 0; --i, x += step) {
          a0 = NW_REDUCE_FOLD(a0, x[0]);
          a1 = NW_REDUCE_FOLD(a1, x[1]);
          a2 = NW_REDUCE_FOLD(a2, x[2]);
          a3 = NW_REDUCE_FOLD(a3, x[3]);
        }
      } while (nw_reduce_next_row(&p->reduced, &row));
      nw_i32 const acc[4] = {a0, a1, a2, a3};
      for (int k = 0; k < 4; ++k) *out++ = (NW_REDUCE_ACT)NW_REDUCE_RESULT(p, acc[k]);
    }
    for (; c < width; ++c) {
      nw_reduce_cursor row = nw_reduce_begin(at.offset + c * next);
      nw_i32 acc = NW_REDUCE_START(in[row.offset]);
      do {
        const NW_REDUCE_ACT *x = in + row.offset;
        nw_i32 i = n;
        for (; step == 1 && i >= 4; i -= 4, x += 4) {
          acc = NW_REDUCE_FOLD(acc, x[0]);
          acc = NW_REDUCE_FOLD(acc, x[1]);
          acc = NW_REDUCE_FOLD(acc, x[2]);
          acc = NW_REDUCE_FOLD(acc, x[3]);
        }
        for (; i > 0; --i, x += step) acc = NW_REDUCE_FOLD(acc, *x);
      } while (nw_reduce_next_row(&p->reduced, &row));
      *out++ = (NW_REDUCE_ACT)NW_REDUCE_RESULT(p, acc);
    }
  } while (nw_reduce_next_row(&p->kept, &at));
}

#undef NW_REDUCE_NAME
#undef NW_REDUCE_ACT
#undef NW_REDUCE_PARAMS
#undef NW_REDUCE_START
#undef NW_REDUCE_FOLD
#undef NW_REDUCE_RESULT
