/*
 * The input of jextract: every struct and constant that Triad uses on Linux.
 *
 * functions.h is left out on purpose. jextract would add a class with a method handle for each
 * prototype, without capturing errno; the call layer is written by hand and functions.h is what
 * its descriptors are written after (and what ci/abi-check proves against the true headers).
 */
#include "../types.h"
#include "errno.h"
#include "syscall.h"
#include "io_uring.h"
#include "socket.h"
#include "address.h"
#include "names.h"
#include "event.h"
#include "file.h"
#include "memory.h"
#include "process.h"
#include "signal.h"
