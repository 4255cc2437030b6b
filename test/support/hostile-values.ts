import { argumentsSchema, type CommandContract, type QueryContract } from '@daybook/platform';

/** Of no use to any argument that is not itself a list or an object. */
export const STRUCTURES: readonly unknown[] = [{}, { a: 1 }, [], [null], ['a', 'b'], [[[[[]]]]], [{ a: [] }]];

/** Wrong for most arguments; where one is right, it has to be handled. */
export const SCALARS: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  999_999_999_999_999,
  '',
  ' ',
  'NaN',
  'Infinity',
  'null',
  '1e9',
  '0x1F',
  '-0',
  '12,50',
  '99999999999999999999999999.99',
  '0.00000000000000000001',
  '١٢',
  '2026-02-30',
  '0000-00-00',
  '9998-12-31',
  '9999-12-31',
  '[object Object]',
  "'; drop table families; --",
  '../../etc/passwd',
  'a\u0007b',
  'a\u202eb',
  '\u200b',
  'ﷺ'.repeat(2_000),
];

/** As they stand in a body, for what no parser of values ever sees. */
export const RAW_JSON: readonly (readonly [string, string])[] = [
  ['a lone surrogate', '"a\\ud800"'],
  ['the character zero', '"a\\u0000b"'],
  ['an exponent', '1e2'],
  ['an exponent beyond every number', '1e400'],
  ['a negative exponent', '-1E-2'],
  ['more digits than a double has', '123456789012345678901234567890'],
  ['more decimals than a double has', '0.1000000000000000055511151231257827'],
  ['NaN', 'NaN'],
  ['a hexadecimal number', '0x10'],
  ['an array of 10 000', `[${Array.from({ length: 10_000 }, () => '0').join(',')}]`],
  ['nesting without end', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ['objects without end', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
  ['a prototype', '{"__proto__":{"isAdmin":true}}'],
  ['a constructor', '{"constructor":{"prototype":{}}}'],
  ['a key given twice', '{"a":1,"a":2}'],
  ['an unfinished text', '"abc'],
  ['a trailing comma', '[1,]'],
];

/** As they stand, encoded, in a query string. */
export const RAW_TEXT: readonly string[] = [
  '', '%20', '%00', '%07', '%0d%0a', '%ed%a0%80', '%c3%28', '%zz', '%', '%e2%80%8b', '{}', '[]', 'null', 'NaN', '1e9', '-1', 'true',
  '99999999999999999999', '2026-02-30', '..%2f..%2f', 'x'.repeat(5_000),
];

export interface Mutation {
  /** JSON pointer of what is hostile. */
  readonly pointer: string;
  readonly value: unknown;
  readonly args: unknown;
  /** A list or object stands where the contract knows of none. */
  readonly isMisplaced: boolean;
}

type Contract = CommandContract | QueryContract;
type Json = Readonly<Record<string, unknown>>;

/** The contract's example with each of its parts, and each argument it leaves out, replaced by every hostile value. */
export function mutationsOf(contract: Contract): readonly Mutation[] {
  const example = contract.example as Json;
  const properties = (argumentsSchema(contract)['properties'] ?? {}) as Readonly<Record<string, Json>>;
  const pointers = new Set([...Object.keys(properties).map((name) => `/${name}`), ...pointersIn(example, '')]);
  return [...pointers].flatMap((pointer) => {
    const schema = properties[pointer.slice(1)];
    const isScalar = schema !== undefined && !/"(array|object)"|anyOf|oneOf/.test(JSON.stringify(schema));
    return [...STRUCTURES, ...SCALARS].map((value) => ({
      pointer,
      value,
      args: replaced(example, pointer.split('/').slice(1), value),
      isMisplaced: isScalar && typeof value === 'object' && value !== null,
    }));
  });
}

/** The example with one argument less, one that nobody knows, or something else in its place. */
export function misshapen(contract: Contract): readonly Omit<Mutation, 'value' | 'isMisplaced'>[] {
  const example = contract.example as Json;
  const required = (argumentsSchema(contract)['required'] ?? []) as readonly string[];
  return [
    ...required.map((name) => ({ pointer: `/${name}`, args: Object.fromEntries(Object.entries(example).filter(([each]) => each !== name)) })),
    ...['nosuch', 'toString', 'hasOwnProperty', 'then', ''].map((name) => ({ pointer: `/${name}`, args: { ...example, [name]: 1 } })),
    ...[null, [], 'text', 5, true].map((args) => ({ pointer: '', args })),
  ];
}

function pointersIn(value: unknown, pointer: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [`${pointer}/${key}`, ...pointersIn(member, `${pointer}/${key}`)]);
}

function replaced(into: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(into)) return into.map((member: unknown, index) => (String(index) === key ? replaced(member, rest, value) : member));
  return { ...(into as Json), [key]: replaced((into as Json)[key], rest, value) };
}
