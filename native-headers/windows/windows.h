/*
 * The input of jextract: every struct and constant that Triad uses on Windows.
 *
 * functions.h is left out on purpose, as on Linux: the call layer is written by hand, because
 * jextract's method handles do not capture GetLastError and WSAGetLastError.
 */
#include "../types.h"
#include "error.h"
#include "status.h"
#include "address.h"
#include "winsock2.h"
#include "mswsock.h"
#include "names.h"
#include "ioapi.h"
#include "afd.h"
#include "file.h"
#include "pipe.h"
#include "process.h"
#include "job.h"
#include "console.h"
