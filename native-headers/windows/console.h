/*
 * Consoles: SetConsoleCtrlHandler, GenerateConsoleCtrlEvent, GetStdHandle.
 */
#ifndef TRIAD_WINDOWS_CONSOLE_H
#define TRIAD_WINDOWS_CONSOLE_H

enum {
  CTRL_C_EVENT = 0,
  CTRL_BREAK_EVENT = 1,
  CTRL_CLOSE_EVENT = 2,
  CTRL_LOGOFF_EVENT = 5,
  CTRL_SHUTDOWN_EVENT = 6,
};

enum {
  STD_INPUT_HANDLE = -10,
  STD_OUTPUT_HANDLE = -11,
  STD_ERROR_HANDLE = -12,
};

#endif
