/*
 * Fixed-width names for every platform folder.
 *
 * `long` has 8 bytes on Linux and macOS and 4 on Windows, so it never appears in these headers:
 * with the types below jextract prints the same Java on every host and the layout classes load
 * on every system. Pointers stay `void *` where the C interface has one; where a kernel interface
 * carries an address in an integer, it is a u64 here too.
 */
#ifndef TRIAD_TYPES_H
#define TRIAD_TYPES_H

typedef unsigned char u8;
typedef signed char s8;
typedef unsigned short u16;
typedef signed short s16;
typedef unsigned int u32;
typedef signed int s32;
typedef unsigned long long u64;
typedef signed long long s64;

/*
 * Bytes without a name: reserved, opaque, or a tail that is copied as a whole. Unnamed bit-fields
 * become padding in jextract's layouts. An array would cost a var handle when its class loads, and
 * the first of those costs 30 ms. Whether a gap aligns its struct depends on the host, so a named
 * member must always be aligned at least as strictly; member_0 is then C's member[0].
 */
#define GAP1 u8 : 8;
#define GAP2 u16 : 16;
#define GAP4 u32 : 32;
#define GAP8 u64 : 64;
#define GAP16 GAP8 GAP8
#define GAP32 GAP16 GAP16
#define GAP64 GAP32 GAP32

/* Gaps of 4-byte words, for structs that are not aligned to more. */
#define WORDS3 GAP4 GAP4 GAP4
#define WORDS15 WORDS3 WORDS3 WORDS3 WORDS3 WORDS3

#endif
