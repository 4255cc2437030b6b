import { householdCommands, householdQueries } from '@daybook/household';
import { ERRORS } from '@daybook/kernel';
import { argumentsSchema, errorReference, refusalsOf } from '@daybook/platform';
import { z } from 'zod';
import { edgeApp } from '../../../test/support/edge-app.js';
import { apiDescription, contracts } from './api-description.js';

interface Answer {
  readonly description: string;
  readonly headers: Readonly<Record<string, { readonly $ref: string }>>;
  readonly content?: Readonly<Record<string, { readonly schema: { readonly allOf?: readonly unknown[] } }>>;
}
interface Parameter {
  readonly name: string;
  readonly description?: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly example?: unknown;
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Readonly<Record<string, unknown>>; readonly example: unknown }>> };
  readonly responses: Readonly<Record<string, Answer>>;
}
interface Document {
  readonly paths: Readonly<Record<string, { readonly get?: Operation; readonly post?: Operation }>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const documentFor = (authMode: string) =>
  apiDescription({ version: '1.2.3', url: 'http://localhost:3000', authMode }) as unknown as Document;
const { paths, components } = documentFor('dev');
const operations = Object.values(paths).flatMap(({ get, post }) => [get, post].filter((one) => one !== undefined));

function operation(id: string): Operation {
  const found = operations.find(({ operationId }) => operationId === id);
  if (found === undefined) throw new Error(`the document has no operation ${id}`);
  return found;
}

function bodyOf(id: string) {
  const body = operation(id).requestBody?.content['application/json'];
  if (body === undefined) throw new Error(`${id} takes no body`);
  return body;
}

/** The schema with every reference in it replaced by what it refers to, as a parser. */
function parserOf(schema: unknown): z.ZodType {
  const resolved = JSON.parse(JSON.stringify(schema), (_key, value: unknown) => {
    const ref = typeof value === 'object' && value !== null ? (value as { $ref?: string }).$ref : undefined;
    return ref === undefined ? value : components['schemas']?.[ref.split('/').at(-1) ?? ''];
  }) as Parameters<typeof z.fromJSONSchema>[0];
  return z.fromJSONSchema(resolved);
}

function codesOf({ responses }: Operation, status?: number): string[] {
  return Object.entries(responses)
    .filter(([each]) => status === undefined || each === String(status))
    .flatMap(([, { content }]) => content?.['application/problem+json']?.schema.allOf ?? [])
    .flatMap((part) => (part as { properties?: { code: { enum: string[] } } }).properties?.code.enum ?? []);
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === '$ref' && typeof member === 'string' ? [member] : referencesIn(member),
  );
}

describe('the OpenAPI document', () => {
  it('has every command and query under its name, and the addresses that need no token', () => {
    expect(Object.keys(paths).sort()).toEqual(
      [
        ...householdCommands.map(({ contract }) => `/v1/commands/${contract.name}`),
        ...householdQueries.map(({ contract }) => `/v1/queries/${contract.name}`),
        '/v1/commands',
        '/v1/queries',
        '/v1/meta',
        '/v1/dev/tokens',
        '/v1/dev/clock',
        '/health/live',
        '/health/startup',
        '/health/ready',
      ].sort(),
    );
    for (const id of ['getMeta', 'issueDevToken', 'healthReady']) expect(operation(id).security).toEqual([]);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  });

  it('has dev tokens and the test clock only in dev mode', () => {
    expect(documentFor('oidc').paths['/v1/dev/clock']).toBeUndefined();
    expect(documentFor('oidc').paths['/v1/dev/tokens']).toBeUndefined();
  });

  it.each(contracts.map((contract) => [contract.name, contract] as const))('lists every code %s may answer', (name, contract) => {
    expect(codesOf(operation(name)).sort()).toEqual([...refusalsOf(contract)].sort());
  });

  it('lists codes of the closed list only, each under its own status', () => {
    const statuses = new Map<string, number>(errorReference().map(({ code, status }) => [code, status]));
    for (const one of operations) {
      for (const status of Object.keys(one.responses)) {
        for (const code of codesOf(one, Number(status))) {
          expect([code, code in ERRORS, statuses.get(code)]).toEqual([code, true, Number(status)]);
        }
      }
    }
  });

  it.each(operations.map((one) => [one.operationId, one] as const))('lists for %s every status the edge answers anywhere', (_, one) => {
    const statuses = Object.keys(one.responses).map(Number);
    expect(statuses).toEqual(expect.arrayContaining([200, 400, 405, 408, 413, 421, 431, 500]));
    expect(statuses.includes(415)).toBe(one.requestBody !== undefined);
  });

  it('names ACTOR_MISMATCH only where a caller can be named', () => {
    const naming = contracts.filter((contract) => 'userId' in ((argumentsSchema(contract)['properties'] ?? {}) as object));
    expect(operations.filter((one) => codesOf(one).includes('ACTOR_MISMATCH')).map((one) => one.operationId)).toEqual(
      naming.map(({ name }) => name),
    );
  });

  it('names the headers of an answer where they occur', () => {
    const headersOf = (id: string, status: number) => Object.keys(operation(id).responses[status]?.headers ?? {});
    expect(headersOf('createFamily', 200)).toEqual([
      'Daybook-Trace-Id',
      'Daybook-Position',
      'Idempotency-Replayed',
      'Preference-Applied',
    ]);
    expect(headersOf('getFamilyDetails', 200)).toEqual(['Daybook-Trace-Id', 'Daybook-Position', 'ETag']);
    expect(headersOf('getFamilyDetails', 304)).toEqual(['Daybook-Trace-Id', 'Daybook-Position', 'ETag']);
    expect(headersOf('createFamily', 401)).toContain('WWW-Authenticate');
    expect(headersOf('createFamily', 405)).toContain('Allow');
    for (const status of [409, 429, 503]) expect(headersOf('createFamily', status)).toContain('Retry-After');
    expect(headersOf('createFamily', 500)).not.toContain('Retry-After');
  });

  it.each(operations.filter(({ requestBody }) => requestBody !== undefined).map(({ operationId }) => operationId))(
    'has an example of the body of %s that fits its own schema',
    (id) => {
      const { schema, example } = bodyOf(id);
      expect(parserOf(schema).safeParse(example)).toMatchObject({ success: true });
    },
  );

  it.each(householdQueries.map(({ contract }) => [contract.name, contract] as const))(
    'has an example of each argument of %s that fits, also as the text it is in a query string',
    (name, { args, example }) => {
      const given = Object.entries(example as Readonly<Record<string, unknown>>);
      for (const [argument, value] of given) {
        const parameter = operation(name).parameters?.find((one) => one.name === argument);
        expect([argument, parameter?.example]).toEqual([argument, value]);
        expect(parserOf(parameter?.schema).safeParse(value)).toMatchObject({ success: true });
      }
      expect(args.safeParse(Object.fromEntries(given.map(([argument, value]) => [argument, String(value)])))).toMatchObject({ success: true });
    },
  );

  it('says of every list that it comes in pages, and of nothing else', () => {
    for (const { contract } of householdQueries) {
      const shown = operation(contract.name).responses[200]?.content?.['application/json']?.schema as { required?: string[] } | undefined;
      const isList = operation(contract.name).parameters?.some(({ name }) => name === 'cursor') === true;
      expect([contract.name, shown?.required?.includes('nextCursor')]).toEqual([contract.name, isList]);
    }
  });

  it('refers to nothing it does not have', () => {
    for (const reference of referencesIn(documentFor('dev'))) {
      const [, , kind = '', name = ''] = reference.split('/');
      expect([reference, components[kind]?.[name] !== undefined]).toEqual([reference, true]);
    }
  });

  it('describes the arguments as narrowly as they are taken', () => {
    expect(bodyOf('createFamily').schema).toEqual({ $ref: '#/components/schemas/createFamilyArgs' });
    const { properties } = components['schemas']?.['createFamilyArgs'] as { properties: unknown };
    expect(properties).toMatchObject({
      familyId: { type: 'string', format: 'uuid' },
      name: { type: 'string', minLength: 1, maxLength: 80 },
      currency: { type: 'string', pattern: '^[A-Z]{3}$', default: 'USD' },
      timeZone: { type: 'string', default: 'UTC', examples: ['Europe/London'] },
    });
    const [familyId, minPosition] = operation('getFamilyDetails').parameters ?? [];
    expect(familyId).toMatchObject({ name: 'familyId', required: true, schema: { format: 'uuid' } });
    expect(minPosition).toMatchObject({ name: 'minPosition', required: false });
    for (const one of operations) {
      for (const { name, description } of one.parameters ?? []) expect([name, description]).toEqual([name, expect.any(String)]);
    }
  });
});

describe('what the edge answers', () => {
  const headers = { host: 'localhost:3000', 'content-type': 'application/json' };
  const command = '/v1/commands/createFamily';

  it.each([
    ['a page of a foreign origin', { headers: { ...headers, origin: 'http://evil.example' } }],
    ['a foreign host', { headers: { ...headers, host: 'evil.example' } }],
    ['another media type', { headers: { ...headers, 'content-type': 'text/plain' } }],
    ['a reader of pages', { headers: { ...headers, accept: 'text/html' } }],
    ['a body beyond the limit', { payload: `"${'x'.repeat(256 * 1024)}"` }],
    ['a body that is no JSON', { payload: '{' }],
    ['another method', { method: 'PUT' as const }],
    ['a fault of ours', {}],
  ])('to %s is in the document', async (_, request) => {
    const { app } = edgeApp();
    app.post(command, () => {
      throw new Error('a fault of ours');
    });
    const answer = await app.inject({ method: 'POST', url: command, headers, payload: '{}', ...request });
    expect(codesOf(operation('createFamily'), answer.statusCode)).toContain(answer.json<{ code: string }>().code);
  });
});
