#include "portable/layout/copy.h"

#include "portable/indexing/index.h"

/* n elements, to_step and from_step bytes apart. Inlined with a constant size, memcpy becomes one load and one store.
 */
static inline void copy_run(char *to, nw_i32 to_step, const char *from, nw_i32 from_step, nw_i32 n, size_t size) {
  for (; n >= 4; n -= 4) {
    nw_memcpy(to, from, size);
    from += from_step;
    nw_memcpy(to + to_step, from, size);
    from += from_step;
    nw_memcpy(to + 2 * to_step, from, size);
    from += from_step;
    nw_memcpy(to + 3 * to_step, from, size);
    from += from_step;
    to += 4 * to_step;
  }
  for (; n > 0; --n, to += to_step, from += from_step) nw_memcpy(to, from, size);
}

/* `rows` runs of `size` bytes. */
static NW_NOINLINE void copy_rows(char *to, nw_i32 to_step, const char *from, nw_i32 from_step, nw_i32 rows,
                                  size_t size) {
  if (size == 1)
    copy_run(to, to_step, from, from_step, rows, 1);
  else if (size == 2)
    copy_run(to, to_step, from, from_step, rows, 2);
  else if (size == 4)
    copy_run(to, to_step, from, from_step, rows, 4);
  else if (size == 8)
    copy_run(to, to_step, from, from_step, rows, 8);
  else
    for (; rows > 0; --rows, to += to_step, from += from_step) nw_copy_run(to, from, size);
}

void nw_copy_blocks(const NW_FLASH nw_copy_blocks_params *p, const void *in, void *out) {
  copy_rows((char *)out, p->out_stride, (const char *)in, p->in_stride, p->blocks, (size_t)p->block_bytes);
}

/* n elements of `size` bytes. */
static void copy_row(char *to, nw_i32 to_step, const char *from, nw_i32 from_step, nw_i32 n, size_t size) {
  if (to_step == 1 && from_step == 0)
    nw_fill_run(to, *(const unsigned char *)from, (size_t)n);
  else
    copy_rows(to, to_step, from, from_step, n, size);
}

/* A transposed copy of bytes: row r of `to`, n bytes, is from[r], from[r + step], from[r + 2 * step] ... Where a byte
 * is an eighth of 32 bits and the first of a word lies lowest, four rows of four are turned in words. */
static void turn_bytes(char *to, const char *from, nw_i32 rows, nw_i32 n, nw_i32 step) {
  nw_i32 r = 0;
#if defined(__GNUC__) && defined(__ARM_FEATURE_UNALIGNED) && !defined(__ARM_BIG_ENDIAN) && !defined(NW_WITHOUT_STRING_H)
  nw_u32 const even = 0x00FF00FFu, low = 0x0000FFFFu;
  for (; r + 4 <= rows; r += 4, to += 4 * n, from += 4) {
    const char *at = from;
    char *out = to;
    nw_i32 left = n;
    for (; left >= 4; left -= 4, at += 4 * step, out += 4) {
      nw_u32 a, b, c, d;
      nw_memcpy(&a, at, 4);
      nw_memcpy(&b, at + step, 4);
      nw_memcpy(&c, at + 2 * step, 4);
      nw_memcpy(&d, at + 3 * step, 4);
      nw_u32 const ab_even = (a & even) | (b & even) << 8, ab_odd = (a >> 8 & even) | (b & ~even);
      nw_u32 const cd_even = (c & even) | (d & even) << 8, cd_odd = (c >> 8 & even) | (d & ~even);
      a = (ab_even & low) | cd_even << 16;
      b = (ab_odd & low) | cd_odd << 16;
      c = ab_even >> 16 | (cd_even & ~low);
      d = ab_odd >> 16 | (cd_odd & ~low);
      nw_memcpy(out, &a, 4);
      nw_memcpy(out + n, &b, 4);
      nw_memcpy(out + 2 * n, &c, 4);
      nw_memcpy(out + 3 * n, &d, 4);
    }
    for (; left > 0; --left, at += step, ++out) {
      out[0] = at[0];
      out[n] = at[1];
      out[2 * n] = at[2];
      out[3 * n] = at[3];
    }
  }
#endif
  for (; r < rows; ++r, to += n, ++from) copy_rows(to, 1, from, step, n, 1);
}

static int is_empty(const NW_FLASH nw_copy_strided_params *p) {
  for (int d = 0; d < NW_COPY_RANK; ++d)
    if (p->extent[d] == 0) return 1;
  return 0;
}

/* Steps to the next place of the dimensions from the outermost to `last`; *at is the element of the strided side where
 * it begins. 0 after the last one. */
static int next_place(const NW_FLASH nw_copy_strided_params *p, int last, nw_i32 *index, nw_i32 *at) {
  for (int d = last; d >= 0; --d) {
    *at += p->stride[d];
    if (++index[d] < p->extent[d]) return 1;
    *at -= p->stride[d] * p->extent[d];
    index[d] = 0;
  }
  return 0;
}

/* The other side of a copy: what lies dense, row-major. Of a piece with the two innermost dimensions. */
typedef struct {
  nw_i32 rows, n;   /* their extents */
  nw_i32 row_step;  /* bytes from a row to the next of the strided side */
  nw_i32 step;      /* bytes from an element to the next */
  size_t size;      /* bytes of an element */
  nw_i32 row_bytes; /* of the dense side */
} piece;

static piece piece_of(const NW_FLASH nw_copy_strided_params *p) {
  piece v;
  v.rows = p->extent[NW_COPY_RANK - 2];
  v.n = p->extent[NW_COPY_RANK - 1];
  v.row_step = p->stride[NW_COPY_RANK - 2] * p->element_bytes;
  v.step = p->stride[NW_COPY_RANK - 1] * p->element_bytes;
  v.size = (size_t)p->element_bytes;
  v.row_bytes = v.n * p->element_bytes;
  return v;
}

void nw_copy_strided(const NW_FLASH nw_copy_strided_params *p, const void *in, void *out) {
  piece const v = piece_of(p);
  nw_i32 index[NW_COPY_RANK] = {0};
  nw_i32 at = p->offset;
  char *to = (char *)out;
  if (is_empty(p)) return;
  do {
    const char *from = (const char *)in + at * p->element_bytes;
    if (v.step == (nw_i32)v.size) {
      copy_rows(to, v.row_bytes, from, v.row_step, v.rows, (size_t)v.row_bytes);
      to += v.rows * v.row_bytes;
    } else if (v.size == 1 && v.row_step == 1 && v.step != 0) {
      turn_bytes(to, from, v.rows, v.n, v.step);
      to += v.rows * v.n;
    } else {
      for (nw_i32 i = 0; i < v.rows; ++i, to += v.row_bytes, from += v.row_step)
        copy_row(to, (nw_i32)v.size, from, v.step, v.n, v.size);
    }
  } while (next_place(p, NW_COPY_RANK - 3, index, &at));
}

void nw_put_strided(const NW_FLASH nw_copy_strided_params *p, const void *in, void *out) {
  piece const v = piece_of(p);
  nw_i32 index[NW_COPY_RANK] = {0};
  nw_i32 at = p->offset;
  const char *from = (const char *)in;
  if (is_empty(p)) return;
  do {
    char *to = (char *)out + at * p->element_bytes;
    if (v.step == (nw_i32)v.size) {
      copy_rows(to, v.row_step, from, v.row_bytes, v.rows, (size_t)v.row_bytes);
      from += v.rows * v.row_bytes;
    } else {
      for (nw_i32 i = 0; i < v.rows; ++i, from += v.row_bytes, to += v.row_step)
        copy_row(to, v.step, from, (nw_i32)v.size, v.n, v.size);
    }
  } while (next_place(p, NW_COPY_RANK - 3, index, &at));
}

/* Bytes from where the window begins that all begins of 0 choose. */
static nw_i32 window_begin(const NW_FLASH nw_window_params *p, const void *begins) {
  nw_i32 at = 0;
  for (nw_i32 i = 0; i < p->chosen; ++i) {
    nw_i32 const begin = nw_index_between(begins, p->which[i], p->index_bytes, p->first[i], p->last[i]);
    at += p->stride[i] * (begin < 0 ? begin + p->last[i] + 1 : begin);
  }
  return at * p->view.element_bytes;
}

void nw_copy_window(const NW_FLASH nw_window_params *p, const void *in, const void *begins, void *out) {
  nw_copy_strided(&p->view, (const char *)in + window_begin(p, begins), out);
}

void nw_put_window(const NW_FLASH nw_window_params *p, const void *in, const void *begins, void *out) {
  nw_put_strided(&p->view, in, (char *)out + window_begin(p, begins));
}
