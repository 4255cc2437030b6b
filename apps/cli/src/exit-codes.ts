/** How the command line ends: promised to scripts in docs/command-line.md, the same for every verb. */
export const CliExit = {
  OK: 0,
  FAILED: 1,
  DIFFERENT: 2,
  REFUSED: 3,
  NOT_AUTHORISED: 4,
  DAMAGED: 5,
  CANNOT_VERIFY: 6,
  USAGE: 64,
  INTERRUPTED: 130,
} as const;

export type CliExitCode = (typeof CliExit)[keyof typeof CliExit];
