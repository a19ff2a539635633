/** Leads people to tasks of the security page. */
import { accountPortal, callbackPathOf } from '../../../src/oidc/clients/built-in.ts';
import type { World } from './world.ts';

/** The request with which the security page leads a person to a task. */
export const taskAt = (
  { issuer }: Pick<World, 'issuer'>,
  task: string,
  more: Readonly<Record<string, string>> = {},
): string =>
  `/auth?${new URLSearchParams({
    client_id: accountPortal.clientId,
    redirect_uri: `${issuer.origin}${callbackPathOf(accountPortal)}`,
    response_type: 'code',
    scope: 'openid',
    state: 'state',
    nonce: 'nonce',
    code_challenge: 'c'.repeat(43),
    code_challenge_method: 'S256',
    task,
    ...more,
  }).toString()}`;
