import { formatMoney, parseCurrency, uuidV5 } from '@daybook/kernel';
import type { Answer, Instance } from '../support/instance.js';
import { SeededRandom } from '../simulation/seeded-random.js';

/**
 * Many people of one family write at once through several processes: they record, amend and void what is their own,
 * fight over transactions that are everybody's, and send each command one to three times, anywhere. Whoever was told
 * something remembers it; in the end the ledger must be what they remember, to the cent.
 */
export interface FamilyWriting {
  readonly apis: readonly Instance[];
  readonly writers: number;
  readonly milliseconds: number;
  readonly seed: number;
}

export interface FamilyWritten {
  readonly commands: number;
  readonly sends: number;
  readonly recorded: number;
  readonly conflicts: number;
  readonly retriedAnswers: number;
  readonly fewestOfAWriter: number;
  readonly mostOfAWriter: number;
  readonly slowestMs: number;
  /** One sentence each; must be empty. */
  readonly violations: readonly string[];
}

interface Known {
  readonly transactionId: string;
  version: number;
  amountMinor: bigint;
  isVoided: boolean;
}

interface Run {
  readonly options: FamilyWriting;
  readonly tokens: readonly string[];
  readonly familyId: string;
  readonly endsAt: number;
  readonly known: Map<string, Known>;
  readonly shared: readonly string[];
  readonly violations: string[];
  readonly counts: { commands: number; sends: number; conflicts: number; retriedAnswers: number; slowestMs: number };
  position: string;
}

interface Outcome {
  readonly status: number;
  readonly body: { readonly code?: string; readonly position?: string; readonly result?: Record<string, unknown>; readonly current?: Current };
}

interface Current {
  readonly version: number;
}

const SHARED_TRANSACTIONS = 4;
const MONTHS = ['2026-04', '2026-05', '2026-06'] as const;
const AMOUNT_MAX = 100_000;
const EUR = parseCurrency('EUR');
const ANSWERED = new Set([200, 409]);
const ATTEMPTS_MAX = 20;

export async function writeAsAFamily(options: FamilyWriting): Promise<FamilyWritten> {
  const run = await begin(options);
  const perWriter = await Promise.all(Array.from({ length: options.writers }, (_, writer) => write(run, writer)));
  await check(run);
  const { violations, known, counts } = run;
  const [fewestOfAWriter, mostOfAWriter] = [Math.min(...perWriter), Math.max(...perWriter)];
  return { ...counts, recorded: known.size, fewestOfAWriter, mostOfAWriter, violations };
}

async function begin(options: FamilyWriting): Promise<Run> {
  const tokens = await Promise.all(options.apis.map((api) => api.token('ada')));
  const familyId = uuidV5('00000000-0000-5000-8000-000000000000', `family ${options.seed}`);
  const run: Run = {
    options,
    tokens,
    familyId,
    endsAt: performance.now() + options.milliseconds,
    known: new Map(),
    shared: [],
    violations: [],
    counts: { commands: 0, sends: 0, conflicts: 0, retriedAnswers: 0, slowestMs: 0 },
    position: '',
  };
  const random = new SeededRandom(options.seed);
  const plan = { monthlyIncome: '5000', fixedExpenses: '2000', savingsGoal: '500' };
  const family = { familyId, name: 'Home', currency: 'EUR', budgetStartDate: '2026-04-01', ...plan };
  await send(run, random, 'createFamily', family, `family-${familyId}`);
  const shared = await Promise.all(
    Array.from({ length: SHARED_TRANSACTIONS }, (_, index) => record(run, random, `shared-${index}`)),
  );
  return { ...run, shared: shared.flatMap((transactionId) => transactionId ?? []) };
}

/** How many commands of this writer were carried out. */
async function write(run: Run, writer: number): Promise<number> {
  const random = new SeededRandom(run.options.seed * 1_000 + writer);
  const own: string[] = [];
  let done = 0;
  while (performance.now() < run.endsAt) {
    const dice = random.fraction();
    const mine = own[random.below(own.length)];
    const everybodys = run.shared[random.below(run.shared.length)];
    if (dice < 0.6 || mine === undefined) {
      const recorded = await record(run, random, `writer-${writer}-${done}`);
      if (recorded !== null) own.push(recorded);
    } else if (dice < 0.75) {
      await amend(run, random, mine, `amend-${writer}-${done}`, false);
    } else if (dice < 0.85) {
      await voidOne(run, random, mine, `void-${writer}-${done}`);
    } else if (everybodys !== undefined) {
      await amend(run, random, everybodys, `shared-${writer}-${done}`, true);
    }
    done += 1;
  }
  return done;
}

async function record(run: Run, random: SeededRandom, clientId: string): Promise<string | null> {
  const date = `${random.pick(MONTHS)}-${String(random.between(1, 28)).padStart(2, '0')}`;
  const amountMinor = BigInt(random.between(1, AMOUNT_MAX));
  const args = { familyId: run.familyId, amount: decimal(amountMinor), type: 'expense', category: 'variable', date, clientId };
  const { status, body } = await send(run, random, 'createTransaction', args, undefined);
  const transactionId = body.result?.['transactionId'];
  if (status !== 200 || typeof transactionId !== 'string') {
    run.violations.push(`createTransaction ${clientId} was refused: ${status} ${body.code}`);
    return null;
  }
  run.known.set(transactionId, { transactionId, version: 1, amountMinor, isVoided: false });
  return transactionId;
}

async function amend(run: Run, random: SeededRandom, transactionId: string, key: string, mayConflict: boolean): Promise<void> {
  const known = run.known.get(transactionId);
  if (known === undefined || known.isVoided) return;
  const amountMinor = BigInt(random.between(1, AMOUNT_MAX));
  const expectedVersion = known.version;
  const args = { familyId: run.familyId, transactionId, expectedVersion, amount: decimal(amountMinor) };
  const { status, body } = await send(run, random, 'amendTransaction', args, key);
  if (status === 409 && mayConflict) {
    run.counts.conflicts += 1;
    known.version = Math.max(known.version, body.current?.version ?? 0);
    return;
  }
  const version = body.result?.['version'];
  if (status !== 200 || typeof version !== 'number') {
    run.violations.push(`amendTransaction ${key} was refused: ${status} ${body.code}`);
  } else if (version >= known.version) {
    Object.assign(known, { version, amountMinor });
  }
}

async function voidOne(run: Run, random: SeededRandom, transactionId: string, key: string): Promise<void> {
  const known = run.known.get(transactionId);
  if (known === undefined || known.isVoided) return;
  const args = { familyId: run.familyId, transactionId, expectedVersion: known.version, reason: 'entered twice' };
  const { status, body } = await send(run, random, 'voidTransaction', args, key);
  if (status !== 200) run.violations.push(`voidTransaction ${key} was refused: ${status} ${body.code}`);
  else Object.assign(known, { version: known.version + 1, isVoided: true });
}

/** One to three times at once, to any process; all answers must say the same. */
async function send(run: Run, random: SeededRandom, name: string, args: object, key: string | undefined): Promise<Outcome> {
  const times = random.between(1, 3);
  const startedAt = performance.now();
  run.counts.commands += 1;
  const answers = await Promise.all(Array.from({ length: times }, () => sendUntilAnswered(run, random, name, args, key)));
  run.counts.slowestMs = Math.max(run.counts.slowestMs, performance.now() - startedAt);
  const first = answers.find(({ status }) => status === 200) ?? answers[0];
  if (first === undefined) throw new Error('a command was sent no times');
  for (const { status, body } of answers) {
    const isSame = status === first.status && JSON.stringify(body.result) === JSON.stringify(first.body.result);
    if (!isSame && name !== 'amendTransaction') run.violations.push(`${name} ${key ?? ''} was answered in two ways`);
    if (body.position !== undefined && body.position > run.position) run.position = body.position;
  }
  return first;
}

async function sendUntilAnswered(run: Run, random: SeededRandom, name: string, args: object, key: string | undefined): Promise<Outcome> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const process = random.below(run.options.apis.length);
    const [api, token] = [run.options.apis[process], run.tokens[process]];
    if (api === undefined || token === undefined) throw new Error('there is no process to send to');
    run.counts.sends += 1;
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    const answer: Answer = await api.send('POST', `/v1/commands/${name}`, { token, body: args, headers });
    const outcome = { status: answer.status, body: answer.body as Outcome['body'] };
    if (ANSWERED.has(outcome.status) || outcome.status < 429) return outcome;
    run.counts.retriedAnswers += 1;
  }
  throw new Error(`${name} was not answered in ${ATTEMPTS_MAX} attempts`);
}

interface Listed {
  readonly transactionId: string;
  readonly version: number;
  readonly amount: string;
  readonly status: string;
}

/** What everybody may read in the end, against what the writers were told. */
async function check(run: Run): Promise<void> {
  const listed = new Map<string, Listed>();
  for (const status of ['live', 'voided']) {
    for (const one of await listAll(run, status)) {
      if (listed.has(one.transactionId)) run.violations.push(`${one.transactionId} is listed twice`);
      listed.set(one.transactionId, one);
    }
  }
  for (const { transactionId, version, amountMinor, isVoided } of run.known.values()) {
    const one = listed.get(transactionId);
    const wanted = `${isVoided ? 'voided' : 'live'} ${decimal(amountMinor)} v${version}`;
    const found = one === undefined ? 'nothing' : `${one.status} ${one.amount} v${one.version}`;
    if (found !== wanted) run.violations.push(`${transactionId} should be ${wanted} and is ${found}`);
  }
  if (listed.size !== run.known.size) run.violations.push(`${listed.size} are listed, ${run.known.size} were recorded`);
  await checkDays(run);
}

async function checkDays(run: Run): Promise<void> {
  let spent = 0n;
  for (const month of MONTHS) {
    const overview = await query(run, 'getMonthlyBudgetOverview', { familyId: run.familyId, period: `${month}-01` });
    const total = (overview as { data?: { spent?: string } }).data?.spent ?? 'nothing';
    spent += BigInt(total.replace('.', ''));
  }
  const told = [...run.known.values()].reduce((sum, one) => (one.isVoided ? sum : sum + one.amountMinor), 0n);
  if (spent !== told) run.violations.push(`the months add up to ${decimal(spent)}, the writers to ${decimal(told)}`);
}

async function listAll(run: Run, status: string): Promise<Listed[]> {
  const all: Listed[] = [];
  for (let cursor = ''; ; ) {
    const args = { familyId: run.familyId, status, limit: '200', ...(cursor !== '' && { cursor }) };
    const answer = (await query(run, 'getFamilyTransactions', args)) as { data: { transactions: Listed[] }; nextCursor: string | null };
    all.push(...answer.data.transactions);
    if (answer.nextCursor === null) return all;
    cursor = answer.nextCursor;
  }
}

async function query(run: Run, name: string, args: Record<string, string>): Promise<unknown> {
  const [api] = run.options.apis;
  const [token] = run.tokens;
  if (api === undefined || token === undefined) throw new Error('there is no process to ask');
  const parameters = new URLSearchParams({ ...args, minPosition: run.position });
  for (let attempt = 1; ; attempt += 1) {
    const { status, body } = await api.send('GET', `/v1/queries/${name}?${parameters.toString()}`, { token });
    if (status === 200) return body;
    if (status !== 503 || attempt === ATTEMPTS_MAX) throw new Error(`${name} answered ${status}: ${JSON.stringify(body)}`);
  }
}

function decimal(amountMinor: bigint): string {
  return formatMoney({ amountMinor, currency: EUR });
}
