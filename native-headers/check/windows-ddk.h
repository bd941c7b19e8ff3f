/* The true headers of Windows for drivers, in C only; they cannot be had together with the others. */
#define _WIN32_WINNT 0x0A00
#include <ntifs.h>

#include <stddef.h>
