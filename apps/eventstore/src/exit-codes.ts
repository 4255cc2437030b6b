/** How the node's process ends; a supervisor and the launcher tell one cause from another by them. */
export const ExitCode = {
  STOPPED: 0,
  UNEXPECTED: 1,
  USAGE: 2,
  DIRECTORY_LOCKED: 3,
  PORT_TAKEN: 4,
  NEWER_FORMAT: 5,
  DAMAGED_LOG: 6,
  DISK_FULL: 7,
  WRITE_FAILED: 8,
} as const;

export type ExitCodeValue = (typeof ExitCode)[keyof typeof ExitCode];
