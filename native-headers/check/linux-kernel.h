/* True headers of the kernel that repeat, with more in them, what the C library's already say. */
#include <stddef.h>

#include <linux/eventpoll.h>
#include <linux/fs.h>
#include <linux/in.h>
#include <linux/io_uring.h>
#include <linux/openat2.h>
#include <linux/pidfd.h>
#include <linux/stat.h>
#include <linux/tcp.h>
#include <linux/time_types.h>
#include <linux/udp.h>
