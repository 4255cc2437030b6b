import { Command } from 'commander';
import { checkCommand } from './check-command.js';
import { copyCommand } from './copy-command.js';
import { statsCommand } from './stats-command.js';

export function storeCommand(): Command {
  const store = new Command('store').description('look after the log: check its files, count it, move it to a cluster');
  for (const verb of [checkCommand(), statsCommand(), copyCommand()]) store.addCommand(verb);
  return store;
}
