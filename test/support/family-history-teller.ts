import { spending } from './budget-events.js';
import { FamilyHistory } from './family-history.js';
import type { Answer, Plan, Teller, Vector } from './vectors.js';

/** Lives a vector in memory; `ask` answers from what the folds made of it. */
export abstract class HistoryTeller implements Teller {
  readonly history: FamilyHistory;

  constructor({ family = {}, plan }: Vector) {
    this.history = new FamilyHistory(family, plan);
  }

  abstract asks(date: string): Promise<Answer> | Answer;

  on(date: string): void {
    this.history.on(date);
  }

  enters({ does, amount, date, name }: Parameters<Teller['enters']>[0]): void {
    switch (does) {
      case 'spends':
        this.history.spends(amount, date, name);
        return;
      case 'isRefunded':
        this.history.isRefunded(amount, date);
        return;
      case 'earns':
      case 'earnsExtra':
        this.history.earns(amount, does === 'earns' ? 'planned' : 'extra', date);
        return;
      case 'pays':
        this.history.pays(amount, undefined, date);
        return;
      default:
        throw new Error(`unknown entry ${JSON.stringify(does satisfies never)}`);
    }
  }

  amends(name: string, amount: number): void {
    const date = this.history.live.get(name)?.content.date ?? '';
    this.history.amends(name, spending(date, amount));
  }

  voids(name: string): void {
    this.history.voids(name);
  }

  plans({ income, savings }: Plan): void {
    this.history.plans({ income, savings });
  }

  closes(): void {
    this.history.closes();
  }
}
