/*
 * The input of jextract: every struct and constant that Triad uses on macOS, the same on x86-64 and
 * arm64. functions.h is left out for the reason that linux/linux.h gives.
 */
#include "../types.h"
#include "errno.h"
#include "socket.h"
#include "address.h"
#include "names.h"
#include "event.h"
#include "file.h"
#include "memory.h"
