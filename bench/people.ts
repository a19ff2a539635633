/** Makes people in bulk as the product would, and stores them: each with a second factor and, if asked, what a sign-in leaves. */
import { importDepsOf } from '../cli/people.ts';
import type { CommandServices } from '../cli/services.ts';
import type { AuditEvent } from '../src/audit.ts';
import { randomToken, sha256 } from '../src/crypto.ts';
import type { MadeAuthenticator } from '../src/mfa/factor.ts';
import { newId } from '../src/new-id.ts';
import { toDocument } from '../src/oidc/adapter/durable.ts';
import { sessionDigest } from '../src/oidc/ended-sessions.ts';
import { decide } from '../src/policy/decide.ts';
import { noPolicy } from '../src/policy/policy.ts';
import { traceText } from '../src/policy/trace.ts';
import { key, type Collection, type Doc, type EphemeralEntry } from '../src/ports/stores.ts';
import type { EpochMillis, Millis } from '../src/ports/time.ts';
import {
  authenticatorKind,
  oidcDocumentKind,
  sessionRecordKind,
  userKind,
  type AuthenticatorRecord,
  type OidcDocument,
  type SessionRecord,
  type User,
} from '../src/records.ts';
import { signInNames } from '../src/users/names/sign-in-names.ts';
import { canonicalName } from '../src/users/names/usernames.ts';
import { client, scope } from './requests.ts';

const day: Millis = 86_400_000;
const address = '192.0.2.1';

/** Who is added. */
export interface NewPerson {
  readonly name: string;
  /** Absent: the password is all they have. */
  readonly authenticator?: MadeAuthenticator;
}

/** The documents of some people. Members of the last four are empty where no sessions were asked for. */
interface MadePeople {
  readonly users: readonly User[];
  readonly authenticators: readonly AuthenticatorRecord[];
  readonly tokens: readonly OidcDocument[];
  readonly sessions: readonly SessionRecord[];
  readonly ephemeral: readonly EphemeralEntry[];
  readonly audit: readonly AuditEvent[];
}

/** Sealed texts of the length that a real session has. The bench never opens them. */
const sealedSession = 'x'.repeat(488);
const sealedPointer = 'x'.repeat(152);

/** Makes their documents. All have one hash, because a million hashes would take hours. */
export const makePeople = (
  { authenticators, resources }: CommandServices,
  people: readonly NewPerson[],
  { passwordHash, withSessions }: { readonly passwordHash: string; readonly withSessions: boolean },
): MadePeople => {
  const now = resources.clock();
  const made = people.map(({ name, authenticator }) => {
    const id = newId();
    const record = authenticator && authenticators.sealedRecord(id, authenticator);
    const user: User = {
      id,
      rev: 1,
      name,
      displayName: name,
      signInNames: signInNames(canonicalName(name) ?? name, undefined),
      passwordHash,
      createdAt: now,
      authenticators: record === undefined ? [] : [record.id],
      ...(record !== undefined && { firstMethodAt: now, everHadMethodAt: now }),
    };
    return { user, record };
  });
  const left = withSessions ? made.map(({ user }) => signedIn(user.id, now)) : [];
  return {
    users: made.map(({ user }) => user),
    authenticators: made.flatMap(({ record }) => record ?? []),
    tokens: left.flatMap(({ tokens }) => tokens),
    sessions: left.map(({ session }) => session),
    ephemeral: left.flatMap(({ ephemeral }) => ephemeral),
    audit: left.map(({ audit }) => audit),
  };
};

/** What one sign-in of an account leaves: a session, its record, a grant, a refresh token, and audit. */
const signedIn = (accountId: string, now: EpochMillis) => {
  const [uid, grantId] = [randomToken(16), randomToken(32)];
  const session = sessionDigest(uid);
  const [seconds, ends] = [Math.floor(now / 1000), now + 14 * day];
  const issued = { accountId, clientId: client.id, iat: seconds };
  const token = {
    ...issued,
    exp: Math.floor(ends / 1000),
    acr: 'aal2',
    amr: ['pwd', 'otp', 'mfa'],
    authTime: seconds,
    expiresWithSession: true,
    grantId,
    gty: 'authorization_code',
    rotations: 0,
    scope,
    sessionUid: uid,
    kind: 'RefreshToken',
    iiat: seconds,
  };
  const grantEnds = now + 90 * day;
  const grant = { ...issued, exp: Math.floor(grantEnds / 1000), kind: 'Grant', openid: { scope, claims: [] } };
  const decision = decide(noPolicy, {
    server: 'sfa',
    client: { id: client.id },
    request: { acr: 'sfa' },
    person: { groups: [], hasMethod: true },
    address,
    at: now,
  });
  const signIn = { client: client.id, address, acr: 'aal2', amr: 'pwd otp mfa', reason: 'interaction' } as const;
  return {
    tokens: [toDocument('Grant', grantId, grant, grantEnds), toDocument('RefreshToken', randomToken(32), token, ends)],
    session: {
      id: `${session}:${accountId}`,
      rev: 1,
      accountId,
      session,
      startedAt: now,
      signedInAt: now,
      usedAt: now,
      address,
      browser: 'Firefox on Linux',
      acr: 'aal2',
      method: 'totp',
      clients: [{ clientId: client.id, sid: randomToken(16), grantId }],
      expiresAt: now + day,
    },
    ephemeral: [
      { key: key('oidc', 'Session', session), value: sealedSession, ttl: day },
      { key: key('oidc', 'Session', 'id', sha256(randomToken(32))), value: sealedPointer, ttl: day },
    ],
    audit: {
      event: 'sign-in.finished',
      actor: 'browser',
      subject: accountId,
      outcome: 'success',
      reference: 'AA0FBRVX',
      policy: traceText(decision, { how: 'asked', factor: 'totp' }),
      ...signIn,
    } as const,
  };
};

/** Stores them. @throws Error if something is there already */
export const storePeople = async (services: CommandServices, made: MadePeople): Promise<void> => {
  const { durable, shortLived } = services.resources;
  await Promise.all([
    storeAll(durable.collection(authenticatorKind), made.authenticators),
    storeAll(durable.collection(userKind), made.users),
    storeAll(durable.collection(oidcDocumentKind), made.tokens),
    storeAll(durable.collection(sessionRecordKind), made.sessions),
    importDepsOf(services).bulkAudit(made.audit),
  ]);
  // Afterwards, because SQLite blocks this process, and Redis must answer within half a second. In one call, because `put` would
  // have a transaction for each.
  const [last, ...others] = made.ephemeral;
  if (last !== undefined) await shortLived.ephemeral.setWith(others, last.key, last.value, last.ttl);
};

/** Inserts documents in bulk. @throws Error if one of them is there already */
export const storeAll = async <D extends Doc>(to: Collection<D>, documents: readonly D[]): Promise<void> => {
  const outcomes = await to.insertMany(documents);
  const refused = outcomes.filter(outcome => outcome !== 'inserted').length;
  if (refused > 0)
    throw new Error(`${refused} of ${outcomes.length} documents are there already, expected an empty store`);
};
