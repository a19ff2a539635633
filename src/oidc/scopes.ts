/**
 * Says in the log which requested scopes have no effect, and gives `offline_access` to the operator's own clients.
 *
 * The library drops `offline_access` silently where the request has no `prompt=consent` (OIDC Core §11). The same section
 * allows other conditions: people are not asked for consent at a first-party client, so the prompt would ask them for nothing.
 */
import { decodeJwt } from 'jose';
import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import type { Log } from '../log.ts';
import { ownMetadata } from './own-metadata.ts';
import { textOf } from './request.ts';

const offline = 'offline_access';

/**
 * For `extraParams` of oidc-provider. The check of an extra parameter is the library's only hook behind its own checks of an
 * authorization request, and runs for requests without that parameter too. No client sends this one, and its value is ignored.
 */
export const scopeCheck = (log: Pick<Log, 'info'>) => ({
  'sallyport-scopes': (ctx: KoaContextWithOIDC, _value: unknown, client: Client): void => {
    const asked = requestedScopes(ctx);
    if (asked.has(offline) && !ctx.oidc.requestParamScopes.has(offline) && mayStay(client)) addOffline(ctx);
    // A pushed request was logged when it was pushed.
    if (ctx.oidc.entities.PushedAuthorizationRequest === undefined) logIgnored(log, ctx, asked, client);
  },
});

/** The scopes as they were sent, before the library drops unknown ones and `offline_access`. */
const requestedScopes = ({ oidc, query }: KoaContextWithOIDC): ReadonlySet<string> => {
  const pushed = textOf(Reflect.get(oidc.entities.PushedAuthorizationRequest ?? {}, 'request'));
  const plain = oidc.body ?? query;
  // Its signature was verified before.
  const signed = pushed ?? textOf(plain['request']);
  const sent = signed === undefined ? plain['scope'] : decodeJwt(signed)['scope'];
  return new Set(textOf(sent)?.split(' '));
};

/** Whether a client of the operator may have `offline_access` without the prompt. */
const mayStay = (client: Client): boolean =>
  ownMetadata(client).first_party === true &&
  client.grantTypeAllowed('refresh_token') &&
  (client.scope === undefined || client.scope.split(' ').includes(offline));

const addOffline = ({ oidc }: KoaContextWithOIDC): void => {
  if (oidc.params !== undefined) oidc.params['scope'] = [...oidc.requestParamScopes, offline].join(' ');
};

const logIgnored = (
  log: Pick<Log, 'info'>,
  { oidc }: KoaContextWithOIDC,
  asked: ReadonlySet<string>,
  { clientId }: Client,
): void => {
  const { requestParamScopes: kept, requestParamOIDCScopes: known, resourceServers } = oidc;
  const ofResources = new Set(Object.values(resourceServers ?? {}).flatMap(({ scopes }) => [...scopes]));
  const unknown = [...asked].filter(scope => scope !== offline && !known.has(scope) && !ofResources.has(scope));
  const note = (reason: string, scopes: readonly string[]): void =>
    log.info('scopes.ignored', { client: clientId, scopes: scopes.join(' '), reason });
  if (unknown.length > 0) note('unknown here', unknown);
  if (asked.has(offline) && !kept.has(offline)) {
    note('needs prompt=consent or a first-party client, and the grant type refresh_token', [offline]);
  }
  if (!kept.has('openid')) note('without openid there is no ID token and no userinfo', [...kept]);
};
