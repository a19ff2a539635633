/** Turns a refused change of a client into the failure of a command. */
import { Problem } from '../../src/errors.ts';
import type { RefusedChange } from '../../src/oidc/clients/outcomes.ts';

/** The failure to throw. */
export const problemOf = ({ reason, message }: RefusedChange): Problem =>
  new Problem(reason === 'unknown' ? 'not-found' : 'bad-request', message);
