// Functions of which the compiler makes a copy for each of several instruction sets; the fitting one is chosen when the
// program is loaded. Results do not depend on it: no contraction of a * b + c, no reordering of float sums.
#ifndef NARROW_KERNELS_HOST_CLONES_H
#define NARROW_KERNELS_HOST_CLONES_H

// ThreadSanitizer cannot run the resolvers that pick a clone when the program is loaded.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define NARROW_NO_CLONES
#endif
#endif
#if defined(__SANITIZE_THREAD__) || !defined(__x86_64__) || !defined(__GLIBC__)
#define NARROW_NO_CLONES
#endif
#if defined(NARROW_NO_CLONES)
#define NARROW_CLONES
#else
#define NARROW_CLONES __attribute__((target_clones("default", "avx2", "arch=skylake-avx512")))
#endif
#define NARROW_INLINE inline __attribute__((always_inline))

#endif
