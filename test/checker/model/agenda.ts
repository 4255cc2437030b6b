interface Entry {
  readonly at: number;
  readonly order: number;
  readonly act: (now: number) => void;
}

/** What is to happen at which microsecond of a time that only passes here: a binary heap. */
export class Agenda {
  private readonly heap: Entry[] = [];
  private count = 0;
  now = 0;

  at(time: number, act: (now: number) => void): void {
    const { heap } = this;
    const entry = { at: Math.max(time, this.now), order: this.count++, act };
    let place = heap.length;
    heap.push(entry);
    for (let above = (place - 1) >> 1; place > 0 && before(entry, heap[above]); above = (place - 1) >> 1) {
      heap[place] = heap[above] as Entry;
      place = above;
    }
    heap[place] = entry;
  }

  /** Until nothing is left to happen. */
  run(): void {
    for (let next = this.take(); next !== undefined; next = this.take()) {
      this.now = next.at;
      next.act(next.at);
    }
  }

  private take(): Entry | undefined {
    const { heap } = this;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const least = right < heap.length && before(heap[right] as Entry, heap[left]) ? right : left;
      if (least >= heap.length || !before(heap[least] as Entry, last)) break;
      heap[place] = heap[least] as Entry;
      place = least;
    }
    heap[place] = last;
    return first;
  }
}

function before(one: Entry, other: Entry | undefined): boolean {
  return other !== undefined && (one.at < other.at || (one.at === other.at && one.order < other.order));
}
