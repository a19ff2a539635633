/** Applies the files that declare clients, at the start of a server and before its first request. */
import { ConfigError } from '../src/config.ts';
import type { RegistrationPolicies } from '../src/oidc/registration/policies.ts';
import type { Resources, Services } from './services.ts';

/**
 * Makes the store equal to the files of SALLYPORT_CLIENTS_DIR, and gives the policies that they declare. Removes no client.
 * @throws ConfigError with all mistakes in the files, before any client is changed
 */
export const applyClientFiles = async (
  { settings, clock, log }: Pick<Resources, 'settings' | 'clock' | 'log'>,
  { clients }: Pick<Services, 'clients'>,
): Promise<RegistrationPolicies> => {
  const { clientsDir } = settings;
  if (clientsDir === undefined) return {};
  const { policiesOf, readClientFiles } = await import('../src/oidc/client-files/client-files.ts');
  const { applyPlan } = await import('../src/oidc/client-files/apply.ts');
  const { planChanges } = await import('../src/oidc/client-files/plan.ts');
  const read = readClientFiles(clientsDir);
  if (!read.ok) throw new ConfigError(read.faults);
  const deps = { registry: await clients(), now: clock() };
  const plan = await planChanges(deps, read.declared);
  if (!plan.ok) throw new ConfigError(plan.faults);
  const { added, changed, kept, notDeclared } = await applyPlan(deps, plan.steps, { prune: false });
  log.info('clients.applied', { added: added.length, changed: changed.length, kept: kept.length });
  // A secret in a log could be read for as long as the log is kept.
  for (const { id, secret } of added) if (secret !== undefined) log.warn('clients.secret-not-shown', { client: id });
  for (const id of notDeclared) log.warn('clients.not-declared', { client: id });
  return policiesOf(read.declared);
};
