import { StartError } from '../system/start-error.js';

/** One thing wrong with the environment, in a line a person can act on. */
export interface ConfigFault {
  readonly variable: string;
  readonly message: string;
}

/** All that is wrong at once, so that nobody mends a configuration one start at a time. */
export class ConfigError extends StartError {
  override readonly name = 'ConfigError';
  constructor(readonly faults: readonly ConfigFault[]) {
    const lines = faults.map(({ variable, message }) => `  ${variable}: ${message}`);
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${lines.join('\n')}`,
      'docs/configuration.md lists every variable.',
    );
  }
}
