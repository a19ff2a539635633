/** Lists the parameters of authorization requests that oidc-provider does not know. */
import type { Configuration } from 'oidc-provider';
import type { Log } from '../log.ts';
import { scopeCheck } from './scopes.ts';
import { taskParameters } from './prompts/task.ts';

/** For `extraParams` of oidc-provider. */
export const extraParameters = (log: Pick<Log, 'info'>): NonNullable<Configuration['extraParams']> => ({
  ...scopeCheck(log),
  ...taskParameters,
});
