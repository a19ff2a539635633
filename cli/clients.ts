/**
 * Adds the commands `clients …`: relying parties. Each command has a file in `clients/`.
 *
 * `clients/options.ts` lists the options that describe a client, for `add` and `set`.
 */
import type { Command } from 'commander';
import { declareApproval } from './clients/approve.ts';
import { declareAdd } from './clients/add.ts';
import { declareApply } from './clients/apply.ts';
import { declareList } from './clients/list.ts';
import { declareSecrets } from './clients/new-secret.ts';
import { declareRemove } from './clients/remove.ts';
import { declareSet } from './clients/set.ts';
import { declareShow } from './clients/show.ts';
import { declareTeam } from './clients/team.ts';

/** Adds them to `program`. */
export const addClientCommands = (program: Command): void => {
  const clients = program.command('clients').description('relying parties');
  declareAdd(clients);
  declareList(clients);
  declareShow(clients);
  declareSet(clients);
  declareSecrets(clients);
  declareRemove(clients);
  declareApply(clients);
  declareApproval(clients);
  declareTeam(clients);
};
