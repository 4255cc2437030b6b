import { householdCommands, householdQueries } from '@daybook/household';
import { openApiDocument } from '@daybook/platform';
import { DEV_CLOCK_OPERATION } from './dev-clock-request.js';
import { DEV_TOKEN_OPERATION } from './dev-token-request.js';
import { HEALTH_OPERATIONS, META_OPERATION } from './open-operations.js';

export const contracts = [...householdCommands, ...householdQueries].map((route) => route.contract);

export interface ApiFacts {
  readonly version: string;
  readonly url: string;
  readonly authMode: string;
}

/** Everything this server answers as JSON, as OpenAPI. */
export function apiDescription({ version, url, authMode }: ApiFacts): Record<string, unknown> {
  const ofDevMode = authMode === 'dev' ? [DEV_TOKEN_OPERATION, DEV_CLOCK_OPERATION] : [];
  return openApiDocument(contracts, {
    version,
    serverUrl: url,
    operations: [META_OPERATION, ...HEALTH_OPERATIONS, ...ofDevMode],
  });
}
