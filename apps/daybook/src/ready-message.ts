import { firstSteps } from '../../api/src/index.js';

export interface ReadyFacts {
  readonly version: string;
  readonly url: string;
  readonly dataDirectory: string;
  readonly isFresh: boolean;
  readonly roles: readonly string[];
  readonly authMode: string;
  readonly eventStore: string;
  readonly database: string;
  readonly startedInMs: number;
}

/** What the person at the keyboard sees once everything answers. */
export function readyMessage(facts: ReadyFacts): string {
  const data = facts.isFresh ? `${facts.dataDirectory} (new and empty)` : facts.dataDirectory;
  const steps = facts.roles.includes('api') ? `\n${indent(firstSteps(facts.url, facts.authMode))}\n` : '';
  return `
  Daybook ${facts.version} is ready (${(facts.startedInMs / 1_000).toFixed(1)} s)

    Open          ${facts.url}
    Data          ${data}
    Event store   ${facts.eventStore}
    Postgres      ${facts.database}
    Roles         ${rolesAtWork(facts.roles)}
    Sign-in       ${facts.authMode === 'dev' ? 'dev: anybody on this machine gets a token' : facts.authMode}
${steps}
  Ctrl-C stops everything; the data stays.
`;
}

/** The gateway has its place in the configuration already; its work comes with the live connection. */
function rolesAtWork(roles: readonly string[]): string {
  return roles.filter((role) => role !== 'gateway').join(', ') || 'none: a gateway answers health only in this version';
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : `  ${line}`))
    .join('\n');
}
