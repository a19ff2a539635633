/** The command `clients apply`: makes clients equal to the files of a folder, or prints what that would change. */
import type { Command } from 'commander';
import { ConfigError } from '../../src/config.ts';
import { Problem } from '../../src/errors.ts';
import { plain } from '../../src/masking.ts';
import { applyPlan } from '../../src/oidc/client-files/apply.ts';
import { readClientFiles, type Declared } from '../../src/oidc/client-files/client-files.ts';
import { planChanges, type Difference, type PlannedStep } from '../../src/oidc/client-files/plan.ts';
import { print } from '../output.ts';
import { withServices, type CommandServices } from '../services.ts';

interface ApplyOptions {
  readonly dir?: string;
  readonly dryRun?: true;
  readonly prune?: boolean;
}

/** Declares it. */
export const declareApply = (clients: Command): void => {
  clients
    .command('apply')
    .description('makes clients equal to the files of SALLYPORT_CLIENTS_DIR, as each start of a server does')
    .option('--dir <folder>', 'another folder')
    .option('--dry-run', 'prints the differences, and changes nothing')
    .option('--prune', 'also removes clients of files that no file declares any more, with their tokens')
    .action(async (options: ApplyOptions) => withServices(async services => apply(services, options)));
};

const apply = async (services: CommandServices, { dir, dryRun, prune = false }: ApplyOptions): Promise<void> => {
  const folder = dir ?? services.resources.settings.clientsDir;
  if (folder === undefined)
    throw new Problem('bad-request', 'got neither SALLYPORT_CLIENTS_DIR nor --dir, expected a folder of files');
  const deps = { registry: await services.clients(), now: services.resources.clock() };
  const plan = await planChanges(deps, declaredIn(folder));
  if (!plan.ok) throw new ConfigError(plan.faults);
  for (const step of plan.steps) for (const line of linesOf(step, prune)) print(plain(line));
  const kept = plan.steps.filter(({ action }) => action === 'keep').length;
  print(`${kept} unchanged.`);
  if (dryRun) return print('Nothing was changed: --dry-run.');
  const { added } = await applyPlan(deps, plan.steps, { prune });
  for (const { id, secret } of added) {
    if (secret !== undefined) print(`${plain(id)}: client_secret  ${secret}`);
  }
};

/** What the files of a folder declare. @throws ConfigError with all mistakes in the files */
export const declaredIn = (folder: string): Declared => {
  const read = readClientFiles(folder);
  if (read.ok) return read.declared;
  throw new ConfigError(read.faults);
};

const linesOf = (step: PlannedStep, prune: boolean): readonly string[] => {
  const { action, id } = step;
  if (action === 'add') return [`+ ${id}  (${step.declared.file})`];
  if (action === 'not-declared') {
    return [prune ? `- ${id}` : `? ${id}  no file declares it any more; --prune removes it`];
  }
  return action === 'keep' ? [] : [`~ ${id}  (${step.declared.file})`, ...step.differences.map(differenceLine)];
};

const differenceLine = ({ member, before, after }: Difference): string => {
  if (before === undefined && after === undefined) return `    ${member}: changed`;
  return `    ${member}: ${text(before)} -> ${text(after)}`;
};

const text = (value: unknown): string => (value === undefined ? '(none)' : JSON.stringify(value));
