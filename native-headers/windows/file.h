/*
 * Files: CreateFileW, GetFileInformationByHandle, MoveFileExW, ReadDirectoryChangesW.
 */
#ifndef TRIAD_WINDOWS_FILE_H
#define TRIAD_WINDOWS_FILE_H

#include "../types.h"

enum {
  GENERIC_READ = (s32) 0x80000000,
  GENERIC_WRITE = 0x40000000,
  FILE_READ_ATTRIBUTES = 0x80,
};

enum {
  FILE_SHARE_READ = 0x1,
  FILE_SHARE_WRITE = 0x2,
  FILE_SHARE_DELETE = 0x4,
};

enum {
  CREATE_NEW = 1,
  CREATE_ALWAYS = 2,
  OPEN_EXISTING = 3,
  OPEN_ALWAYS = 4,
  TRUNCATE_EXISTING = 5,
};

enum {
  FILE_ATTRIBUTE_READONLY = 0x1,
  FILE_ATTRIBUTE_DIRECTORY = 0x10,
  FILE_ATTRIBUTE_NORMAL = 0x80,
  FILE_ATTRIBUTE_TEMPORARY = 0x100,
  FILE_ATTRIBUTE_REPARSE_POINT = 0x400,
  FILE_FLAG_OPEN_REPARSE_POINT = 0x200000,
  FILE_FLAG_BACKUP_SEMANTICS = 0x2000000,
  FILE_FLAG_DELETE_ON_CLOSE = 0x4000000,
  FILE_FLAG_SEQUENTIAL_SCAN = 0x8000000,
  FILE_FLAG_OVERLAPPED = 0x40000000,
};

enum {
  IO_REPARSE_TAG_AF_UNIX = (s32) 0x80000023,
};

enum {
  FILE_BEGIN = 0,
  FILE_CURRENT = 1,
  FILE_END = 2,
};

/* GetFileType */
enum {
  FILE_TYPE_UNKNOWN = 0,
  FILE_TYPE_DISK = 1,
  FILE_TYPE_CHAR = 2,
  FILE_TYPE_PIPE = 3,
};

/* GetFileInformationByHandleEx */
enum {
  FileAttributeTagInfo = 9,
};

typedef struct {
  u32 FileAttributes;
  u32 ReparseTag;
} FILE_ATTRIBUTE_TAG_INFO;

typedef struct {
  u32 dwFileAttributes;
  GAP4 GAP4 GAP4 GAP4 GAP4 GAP4
  u32 dwVolumeSerialNumber;
  u32 nFileSizeHigh;
  u32 nFileSizeLow;
  u32 nNumberOfLinks;
  u32 nFileIndexHigh;
  u32 nFileIndexLow;
} BY_HANDLE_FILE_INFORMATION;

#endif
