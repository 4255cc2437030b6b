import { EXAMPLE_NOW, exampleCommands, exampleQueries, queryString } from '../support/examples.js';
import { endInstances, Instance, temporaryDirectory } from '../support/instance.js';

jest.setTimeout(60_000);

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let instance: Instance;
let token: string;
let position = '';

beforeAll(async () => {
  directory = await temporaryDirectory();
  instance = await Instance.start({ dataDirectory: directory.path });
  token = await instance.token('ada');
  await instance.send('POST', '/v1/dev/clock', { body: { now: EXAMPLE_NOW } });
});
afterAll(async () => {
  await endInstances(directory.path);
  await directory.remove();
});

/** An answer that its contract describes whole: nothing is missing, and nothing is said that is not described. */
function expectDescribed(schema: { parse(value: unknown): unknown }, said: unknown): void {
  expect(schema.parse(said)).toEqual(said);
}

describe('the example of every command', () => {
  it.each(exampleCommands().map((one, index) => [one.contract.name, one, `example-${index}`] as const))(
    '%s works as it stands, and once',
    async (name, { contract, args }, key) => {
      const send = () => instance.send('POST', `/v1/commands/${name}`, { token, body: args, headers: { 'idempotency-key': key } });
      const answer = await send();
      expect(answer).toMatchObject({ status: 200 });
      const body = answer.body as { position: string; result: unknown };
      expectDescribed(contract.answer, body.result);
      const again = await send();
      expect([again.headers.get('idempotency-replayed'), again.body]).toEqual(['true', answer.body]);
      if (body.position > position) position = body.position;
    },
  );
});

describe('the example of every query', () => {
  it.each(exampleQueries().map((one) => [one.contract.name, one] as const))(
    '%s works as it stands, and answers the same in a batch',
    async (name, { contract, args }) => {
      const answer = await instance.send('GET', `/v1/queries/${name}?${queryString({ ...args, minPosition: position })}`, { token });
      expect(answer).toMatchObject({ status: 200 });
      const { data } = answer.body as { data: unknown };
      expectDescribed(contract.answer, data);
      const batch = await instance.send('POST', '/v1/queries', { token, body: { queries: [{ name, args }], minPosition: position } });
      expect(batch.body).toMatchObject({ results: [{ data }] });
    },
  );
});
