/**
 * Remembers what a person allowed a client. A grant ends with its session; the consent stays, so the same request is answered without a
 * page on another day and in another browser, and a request for more asks for the new part alone. It ends when the person revokes it, and
 * with the person or the client.
 *
 * One document for each person and client, in the collection of grants: whatever removes or moves those does the same with these.
 */
import { allOf } from '../../all-pages.ts';
import { sha256 } from '../../crypto.ts';
import { Problem } from '../../errors.ts';
import { conflict, insertIfAbsent, optimisticWrite } from '../../optimistic-write.ts';
import type { Clock, EpochMillis } from '../../ports/time.ts';
import type { OidcDocument } from '../../records.ts';
import { removeAll } from '../../remove-all.ts';
import { asRemembered, detailId, withDetails, type Detail, type RememberedDetail } from './authorization-details.ts';
import type { OidcDocuments } from '../models.ts';

/** Scopes, claims and the scopes of resource servers that a client asks for, or may use. */
export interface Allowed {
  readonly scopes: readonly string[];
  /** Claims that were requested one by one (OIDC Core §5.5). */
  readonly claims: readonly string[];
  /** By the identifier of the resource server (RFC 8707). */
  readonly resources: Readonly<Record<string, readonly string[]>>;
}

/** What one person allowed one client. */
export interface Consent extends Allowed {
  readonly clientId: string;
  /** Authorization details of types that last, the oldest first. */
  readonly details: readonly RememberedDetail[];
  /** When the person allowed something for the first time. */
  readonly since: EpochMillis;
}

/** `model` of these documents. oidc-provider has no such model. */
const model = 'Consent';

/** The parts of `asked` for which `holds` is true. */
const only = (
  { scopes, claims, resources }: Allowed,
  holds: { scope(name: string): boolean; claim(name: string): boolean; at(resource: string, scope: string): boolean },
): Allowed => ({
  scopes: scopes.filter(scope => holds.scope(scope)),
  claims: claims.filter(claim => holds.claim(claim)),
  resources: Object.fromEntries(
    Object.entries(resources)
      .map(([at, names]) => [at, names.filter(name => holds.at(at, name))] as const)
      .filter(([, names]) => names.length > 0),
  ),
});

/** The scopes of a resource server. `hasOwn`: its identifier comes from a request. */
const scopesAt = ({ resources }: Allowed, resource: string): readonly string[] =>
  (Object.hasOwn(resources, resource) && resources[resource]) || [];

/** The part of `asked` that `allowed` has too. */
export const allowedPart = (asked: Allowed, allowed: Allowed): Allowed =>
  only(asked, {
    scope: name => allowed.scopes.includes(name),
    claim: name => allowed.claims.includes(name),
    at: (resource, scope) => scopesAt(allowed, resource).includes(scope),
  });

/** The part of `asked` that `allowed` lacks. */
export const missingPart = (asked: Allowed, allowed: Allowed): Allowed =>
  only(asked, {
    scope: name => !allowed.scopes.includes(name),
    claim: name => !allowed.claims.includes(name),
    at: (resource, scope) => !scopesAt(allowed, resource).includes(scope),
  });

/** Whether there is nothing in it. */
export const isEmpty = ({ scopes, claims, resources }: Allowed): boolean =>
  scopes.length === 0 && claims.length === 0 && Object.keys(resources).length === 0;

const union = (one: readonly string[], other: readonly string[]): readonly string[] => [...new Set([...one, ...other])];

/** Dependencies of `Consents`. */
export interface ConsentsDeps {
  readonly documents: OidcDocuments;
  readonly clock: Clock;
}

/** The consents of all people. */
export class Consents {
  readonly #deps: ConsentsDeps;

  constructor(deps: ConsentsDeps) {
    this.#deps = deps;
  }

  /** What this person allowed this client; undefined: nothing, or it was revoked. */
  async find(accountId: string, clientId: string): Promise<Consent | undefined> {
    const found = await this.#deps.documents.get(idOf(accountId, clientId));
    return found && consentOf(found);
  }

  /** All consents of a person, in no order that means anything. One whose last detail was removed allows nothing, and is left out. */
  async of(accountId: string): Promise<readonly Consent[]> {
    const stored = await allOf(page => this.#deps.documents.find({ accountId, model }, page));
    return stored.map(consentOf).filter(each => !isEmpty(each) || each.details.length > 0);
  }

  /** Adds to what the person allowed the client. @throws Problem 'unavailable' where other writers win every time */
  async add(accountId: string, clientId: string, allowed: Allowed, details: readonly Detail[] = []): Promise<void> {
    const { documents, clock } = this.#deps;
    const id = idOf(accountId, clientId);
    const document = { id, rev: 1, model, accountId, clientId };
    await optimisticWrite<void>(async () => {
      const stored = await documents.get(id);
      if (stored === undefined) {
        const payload = { ...allowed, details: withDetails([], details, clock()), since: clock() };
        return (await insertIfAbsent(documents, { ...document, payload })) ? undefined : conflict;
      }
      const { scopes, claims, resources, details: known, since } = consentOf(stored);
      const names = union(Object.keys(resources), Object.keys(allowed.resources));
      const before = { scopes, claims, resources };
      const payload = {
        scopes: union(scopes, allowed.scopes),
        claims: union(claims, allowed.claims),
        resources: Object.fromEntries(
          names.map(each => [each, union(scopesAt(before, each), scopesAt(allowed, each))] as const),
        ),
        details: withDetails(known, details, clock()),
        since,
      };
      return (await documents.replace({ ...stored, payload })) === undefined ? conflict : undefined;
    }, refuseContended);
  }

  /**
   * Forgets one detail that the person allowed the client. False: it is not remembered. `id` from `detailId`.
   * @throws Problem 'unavailable' as `add`
   */
  async removeDetail(accountId: string, clientId: string, id: string): Promise<boolean> {
    const { documents } = this.#deps;
    return optimisticWrite<boolean>(async () => {
      const stored = await documents.get(idOf(accountId, clientId));
      const known = stored === undefined ? [] : consentOf(stored).details;
      const details = known.filter(({ detail }) => detailId(detail) !== id);
      if (stored === undefined || details.length === known.length) return false;
      const payload = { ...stored.payload, details };
      return (await documents.replace({ ...stored, payload })) === undefined ? conflict : true;
    }, refuseContended);
  }

  /** Forgets what the person allowed the client. False: there was nothing. */
  remove(accountId: string, clientId: string): Promise<boolean> {
    return this.#deps.documents.remove(idOf(accountId, clientId));
  }

  /** Forgets everything that the person allowed. */
  async removeAll(accountId: string): Promise<void> {
    await removeAll(this.#deps.documents, { accountId, model });
  }
}

const refuseContended = (): never => {
  throw new Problem('unavailable', 'a concurrent writer won every time this consent was written');
};

/** Hashed, so that ids of clients of any length and form fit. */
const idOf = (accountId: string, clientId: string): string =>
  `${model}:${sha256(JSON.stringify([accountId, clientId]))}`;

/** The payload of a document. */
type Stored = Partial<Omit<Consent, 'clientId'>>;

const consentOf = ({ payload, clientId = '' }: OidcDocument): Consent => {
  const { scopes = [], claims = [], resources = {}, details, since = 0 }: Stored = payload;
  return { clientId, scopes, claims, resources, details: asRemembered(details), since };
};
