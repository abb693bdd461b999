/* Byte by byte: what a small C library does. Compiled so that the loops do not become calls of the functions themselves
 * (-fno-tree-loop-distribute-patterns). */
#include <string.h>

void *memcpy(void *restrict to, void const *restrict from, size_t bytes) {
  unsigned char *t = to;
  unsigned char const *f = from;
  for (; bytes != 0; --bytes) *t++ = *f++;
  return to;
}

void *memmove(void *to, void const *from, size_t bytes) {
  unsigned char *t = to;
  unsigned char const *f = from;
  if (t <= f) return memcpy(to, from, bytes);
  for (; bytes != 0; --bytes) t[bytes - 1] = f[bytes - 1];
  return to;
}

void *memset(void *to, int value, size_t bytes) {
  unsigned char *t = to;
  for (; bytes != 0; --bytes) *t++ = (unsigned char)value;
  return to;
}

int memcmp(void const *left, void const *right, size_t bytes) {
  unsigned char const *l = left;
  unsigned char const *r = right;
  for (; bytes != 0; --bytes, ++l, ++r) {
    if (*l != *r) return *l < *r ? -1 : 1;
  }
  return 0;
}
