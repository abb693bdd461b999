/* The memory functions of <string.h>, for compilers that come without a C library; memory.c defines them. */
#ifndef CHIP_STRING_H
#define CHIP_STRING_H

#include <stddef.h>

void *memcpy(void *restrict to, void const *restrict from, size_t bytes);
void *memmove(void *to, void const *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(void const *left, void const *right, size_t bytes);

#endif
