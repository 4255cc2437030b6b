import fs from 'node:fs';
import readline from 'node:readline';
import { parseLine, printLine, type Line, type Operation, type SeenEvent } from './history.js';

export interface History {
  readonly operations: readonly Operation[];
  /** The log as it is in the end. */
  readonly log: readonly SeenEvent[];
}

const DUMP_LINE_EVENTS = 1_000;
const BUFFERED_CHARACTERS = 1 << 16;

export class HistoryCollector {
  readonly operations: Operation[] = [];
  readonly log: SeenEvent[] = [];

  add(line: Line): void {
    if (line.op === 'dump') for (const event of line.value.events) this.log.push(event);
    else this.operations.push(line);
  }
}

export async function readHistory(file: string): Promise<History> {
  const history = new HistoryCollector();
  let number = 0;
  for await (const text of readline.createInterface({ input: fs.createReadStream(file), crlfDelay: Infinity })) {
    number += 1;
    if (text === '') continue;
    try {
      history.add(parseLine(text));
    } catch (error) {
      throw new Error(`line ${number}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return history;
}

/** Appends lines to a file that lies outside whatever is killed. */
export class HistoryWriter {
  private readonly file: number;
  private waiting: string[] = [];
  private characters = 0;

  constructor(path: string) {
    this.file = fs.openSync(path, 'a');
  }

  write(line: Line): void {
    const text = `${printLine(line)}\n`;
    this.waiting.push(text);
    this.characters += text.length;
    if (this.characters > BUFFERED_CHARACTERS) this.flush();
  }

  writeLog(events: readonly SeenEvent[]): void {
    for (let first = 0; first < events.length; first += DUMP_LINE_EVENTS) {
      this.write({ op: 'dump', value: { events: events.slice(first, first + DUMP_LINE_EVENTS) } });
    }
  }

  close(): void {
    this.flush();
    fs.closeSync(this.file);
  }

  private flush(): void {
    fs.writeSync(this.file, this.waiting.join(''));
    this.waiting = [];
    this.characters = 0;
  }
}
