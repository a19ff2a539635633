/**
 * Lists the clients that may act for a person, in all sessions and after them, and revokes their access. A grant belongs to a session
 * and a client. It still opens something while its session is open, or for longer where the person granted `offline_access`. A client
 * that the person consented to gets a new grant in the next session without a page, so it is listed without a grant too.
 */
import type { Audit } from '../audit.ts';
import type { DetailTypes } from '../config/authorization-details.ts';
import type { Notices, NoticeSource } from '../notice.ts';
import type { Ephemeral } from '../ports/stores.ts';
import type { EpochMillis } from '../ports/time.ts';
import type { User } from '../records.ts';
import { shownScopes, type OperatorScopes, type ShownScope } from '../scopes/scopes.ts';
import { grantsOf, type GrantDocument } from './consent/account-grants.ts';
import type { AccountSessions } from './sessions/account-sessions.ts';
import { endGrant } from './adapter/grants.ts';
import {
  detailId,
  isLasting,
  shownDetail,
  type RememberedDetail,
  type ShownDetail,
} from './consent/authorization-details.ts';
import type { BackChannelLogout } from './sign-out/back-channel-logout.ts';
import { ownMetadata } from './own-metadata.ts';
import { isBuiltIn } from './clients/built-in.ts';
import type { ClientDirectory } from './clients/directory.ts';
import type { Allowed, Consents } from './consent/consents.ts';
import type { OidcDocuments } from './models.ts';

/** What a person allowed beside scopes, for good. `id` from `detailId`. */
export type WithdrawableDetail = ShownDetail & Pick<RememberedDetail, 'since'> & { readonly id: string };

/** A client, with the scopes that it may use. */
export interface ConnectedClient {
  readonly clientId: string;
  readonly name: string;
  /** It belongs to the organisation, which lets it in without asking the person. */
  readonly isFirstParty: boolean;
  /** What it may see and do, as on the consent page. */
  readonly scopes: readonly ShownScope[];
  readonly details: readonly WithdrawableDetail[];
  /** Of the consent, or the oldest grant. */
  readonly since: EpochMillis;
  /** It keeps its access after the person has signed out. */
  readonly isOffline: boolean;
}

export interface ConnectedClientsDeps {
  readonly documents: OidcDocuments;
  readonly ephemeral: Ephemeral;
  readonly clients: Pick<ClientDirectory, 'find'>;
  readonly accountSessions: Pick<AccountSessions, 'list'>;
  readonly backChannelLogout: Pick<BackChannelLogout, 'end'>;
  readonly consents: Pick<Consents, 'of' | 'remove' | 'removeDetail'>;
  readonly scopes: OperatorScopes;
  readonly detailTypes: DetailTypes;
  readonly notices: Pick<Notices, 'tell'>;
  readonly audit: Audit;
}

/** The connected clients of each person. */
export class ConnectedClients {
  readonly #deps: ConnectedClientsDeps;

  constructor(deps: ConnectedClientsDeps) {
    this.#deps = deps;
  }

  /** Those that the organisation does not own first; each group by name. A removed client is not listed: its grants are gone. */
  async list(user: User): Promise<readonly ConnectedClient[]> {
    const { detailTypes } = this.#deps;
    const byClient = Map.groupBy(await this.#openGrants(user), ({ clientId }) => clientId);
    const consents = new Map((await this.#deps.consents.of(user.id)).map(each => [each.clientId, each]));
    const connected: ConnectedClient[] = [];
    for (const clientId of new Set([...byClient.keys(), ...consents.keys()])) {
      const [grants, consent] = [byClient.get(clientId) ?? [], consents.get(clientId)];
      const metadata = await this.#deps.clients.find(clientId);
      if (metadata === undefined || isBuiltIn(clientId)) continue;
      connected.push({
        clientId,
        name: typeof metadata.client_name === 'string' ? metadata.client_name : clientId,
        isFirstParty: ownMetadata(metadata).first_party === true,
        scopes: shownScopes([...grants.map(allowedBy), ...(consent === undefined ? [] : [consent])], this.#deps.scopes),
        details: (consent?.details ?? [])
          .filter(({ detail }) => isLasting(detail, detailTypes))
          .map(({ detail, since }) => ({ id: detailId(detail), since, ...shownDetail(detail, detailTypes) })),
        since: Math.min(...grants.map(sinceOf), consent?.since ?? Infinity),
        isOffline: grants.some(isOffline),
      });
    }
    return connected.toSorted((a, b) => Number(a.isFirstParty) - Number(b.isFirstParty) || (a.name < b.name ? -1 : 1));
  }

  /**
   * Forgets what the person allowed this client, ends all its grants with the tokens under them, and tells the client. unknown: it has
   * none. A client of the organisation gets a new grant when the person next opens it.
   */
  async revoke(user: User, clientId: string, by: NoticeSource): Promise<'revoked' | 'unknown'> {
    if (isBuiltIn(clientId)) return 'unknown';
    // First: a request that is under way then finds no consent for a grant that it stores after these were read (`consent/grants.ts`).
    const hadConsent = await this.#deps.consents.remove(user.id, clientId);
    return this.#endAccess(user, clientId, { by, hadConsent, reason: 'page' });
  }

  /**
   * Forgets one detail that the person allowed this client, and ends its grants as `revoke` does: any of its tokens may have the detail.
   * It gets a new grant for the rest when the person next opens it. `id` from `detailId`; unknown: the detail is not remembered.
   */
  async withdraw(user: User, clientId: string, id: string, by: NoticeSource): Promise<'revoked' | 'unknown'> {
    const hadConsent = await this.#deps.consents.removeDetail(user.id, clientId, id);
    return hadConsent ? this.#endAccess(user, clientId, { by, hadConsent, reason: 'detail' }) : 'unknown';
  }

  async #endAccess(
    user: User,
    clientId: string,
    { by, hadConsent, reason }: { readonly by: NoticeSource; readonly hadConsent: boolean; readonly reason: string },
  ): Promise<'revoked' | 'unknown'> {
    const { documents, audit, notices, backChannelLogout, clients, accountSessions } = this.#deps;
    const grants = (await grantsOf(documents, user.id)).filter(grant => grant.clientId === clientId);
    if (grants.length === 0 && !hadConsent) return 'unknown';
    for (const { grantId } of grants) await endGrant(this.#deps, grantId);
    const { actor, reference, address } = by;
    await audit({
      event: 'grant.revoked',
      actor,
      subject: user.id,
      outcome: 'success',
      reason,
      client: clientId,
      count: grants.length,
      ...(reference !== undefined && { reference }),
      ...(address !== undefined && { address }),
    });
    const metadata = await clients.find(clientId);
    const app = typeof metadata?.client_name === 'string' ? metadata.client_name : clientId;
    await notices.tell(user.id, { kind: 'app-access-revoked', app }, by);
    for (const session of await accountSessions.list(user)) {
      for (const { sid } of session.clients.filter(each => each.clientId === clientId)) {
        if (sid !== undefined) await backChannelLogout.end({ clientId, sub: user.id, sid });
      }
    }
    return 'revoked';
  }

  async #openGrants(user: User): Promise<readonly GrantDocument[]> {
    const { documents, accountSessions } = this.#deps;
    const sessions = await accountSessions.list(user);
    const inSessions = new Set(sessions.flatMap(({ clients }) => clients.map(({ grantId }) => grantId)));
    return (await grantsOf(documents, user.id)).filter(grant => inSessions.has(grant.grantId) || isOffline(grant));
  }
}

/** The parts of a grant's payload that are read here. */
interface GrantPayload {
  readonly iat?: number;
  readonly openid?: { readonly scope?: string; readonly claims?: readonly string[] };
  readonly resources?: Readonly<Record<string, string>>;
}
/** oidc-provider wrote it. */
const payloadOf = ({ payload }: GrantDocument): GrantPayload => payload;

const namesIn = (scope = ''): readonly string[] => scope.split(' ').filter(name => name !== '');
const sinceOf = (grant: GrantDocument): EpochMillis => (payloadOf(grant).iat ?? 0) * 1000;
const isOffline = (grant: GrantDocument): boolean => namesIn(payloadOf(grant).openid?.scope).includes('offline_access');

/** What a grant allows. */
const allowedBy = (grant: GrantDocument): Allowed => {
  const { openid = {}, resources = {} } = payloadOf(grant);
  return {
    scopes: namesIn(openid.scope),
    claims: openid.claims ?? [],
    resources: Object.fromEntries(Object.entries(resources).map(([at, scope]) => [at, namesIn(scope)] as const)),
  };
};
