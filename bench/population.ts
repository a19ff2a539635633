/** Fills a store in bulk: people with their second factor, sessions and tokens as after one sign-in each, and clients. */
import { importDepsOf } from '../cli/people.ts';
import type { CommandServices } from '../cli/services.ts';
import { randomToken, sha256 } from '../src/crypto.ts';
import { phoneType } from '../src/mfa/authenticator-types.ts';
import type { MadeAuthenticator } from '../src/mfa/factor.ts';
import { pushType, type PushData } from '../src/mfa/push/data.ts';
import { newId } from '../src/new-id.ts';
import { documentId, toDocument } from '../src/oidc/adapter/durable.ts';
import { sessionDigest } from '../src/oidc/ended-sessions.ts';
import { key, type Inserted } from '../src/ports/stores.ts';
import type { EpochMillis, Millis } from '../src/ports/time.ts';
import { authenticatorKind, oidcDocumentKind, sessionRecordKind, userKind, type User } from '../src/records.ts';
import { signInNames } from '../src/users/sign-in-names.ts';
import { canonicalName } from '../src/users/usernames.ts';
import { apis, callerAt, client, password, personAt, serviceAt, withoutSecondStepAt } from './requests.ts';
import type { DeviceOwner, Population } from './server-spec.ts';

const perBatch = 500;
const day: Millis = 86_400_000;

/** Adds it to what is stored. @throws Error if something cannot be added */
export const populate = async (services: CommandServices, population: Population): Promise<void> => {
  const { people = 0, owners = [], withoutSecondStep = 0, callers = 0, withSessions = false } = population;
  const { services: count = 0 } = population;
  await addClients(services, count);
  const hashed = await services.passwords.hashNew(password, { name: 'bench' });
  if (!hashed.ok) throw new Error(`the password of the bench is refused: ${hashed.fault}`);
  await services.hashWorks.add(hashed.hash);
  const add = (made: readonly NewPerson[]): Promise<void> => addPeople(services, made, hashed.hash, withSessions);
  const addEach = async (all: number, personOf: (at: number) => NewPerson): Promise<void> => {
    for (let from = 0; from < all; from += perBatch)
      await add(Array.from({ length: Math.min(perBatch, all - from) }, (_, at) => personOf(from + at)));
  };
  await addEach(people, at => ({ name: personAt(at).name, authenticator: appOf(personAt(at).totpSecret) }));
  await addEach(withoutSecondStep, at => ({ name: withoutSecondStepAt(at) }));
  await addEach(callers, at => ({ name: callerAt(at).name, authenticator: telephoneOf(callerAt(at).number) }));
  for (let from = 0; from < owners.length; from += perBatch) {
    await add(owners.slice(from, from + perBatch).map(owner => ({ name: owner.name, authenticator: phoneOf(owner) })));
  }
};

interface NewPerson {
  readonly name: string;
  /** Absent: the password is all they have. */
  readonly authenticator?: MadeAuthenticator;
}

const addPeople = async (
  services: CommandServices,
  people: readonly NewPerson[],
  passwordHash: string,
  withSessions: boolean,
): Promise<void> => {
  const { durable, clock } = services.resources;
  const now = clock();
  const made = people.map(({ name, authenticator }) => {
    const id = newId();
    const record = authenticator && services.authenticators.sealedRecord(id, authenticator);
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
  const records = made.flatMap(({ record }) => record ?? []);
  expectAll(await durable.collection(authenticatorKind).insertMany(records));
  expectAll(await durable.collection(userKind).insertMany(made.map(({ user }) => user)));
  if (withSessions)
    await addSessions(
      services,
      made.map(({ user }) => user.id),
      now,
    );
};

const expectAll = (outcomes: readonly Inserted[]): void => {
  const refused = outcomes.filter(outcome => outcome !== 'inserted').length;
  if (refused > 0)
    throw new Error(`${refused} of ${outcomes.length} documents are there already, expected an empty store`);
};

/** Sealed texts of the length that a real session has. The bench never opens them. */
const sealedSession = 'x'.repeat(488);
const sealedPointer = 'x'.repeat(152);

/** What one sign-in of each account leaves: a session, its record, a grant, a refresh token, and audit. */
const addSessions = async (services: CommandServices, accounts: readonly string[], now: EpochMillis): Promise<void> => {
  const { durable, shortLived } = services.resources;
  const sessions = accounts.map(accountId => {
    const [uid, grantId] = [randomToken(16), randomToken(32)];
    return { accountId, uid, grantId, session: sessionDigest(uid), sid: randomToken(16) };
  });
  const documents = sessions.flatMap(({ accountId, grantId, uid }) => {
    const issued = {
      accountId,
      clientId: client.id,
      iat: Math.floor(now / 1000),
      exp: Math.floor((now + 14 * day) / 1000),
    };
    const openid = { scope: 'openid profile' };
    const token = {
      ...issued,
      ...openid,
      grantId,
      sessionUid: uid,
      rotations: 0,
      gty: 'authorization_code',
      acr: 'aal2',
    };
    return [
      toDocument('Grant', grantId, { ...issued, kind: 'Grant', openid }, now + 14 * day),
      toDocument(
        'RefreshToken',
        randomToken(32),
        { ...token, kind: 'RefreshToken', amr: ['pwd', 'otp', 'mfa'] },
        now + 14 * day,
      ),
    ];
  });
  const records = sessions.map(({ accountId, session, grantId, sid }) => ({
    id: `${session}:${accountId}`,
    rev: 1,
    accountId,
    session,
    startedAt: now,
    signedInAt: now,
    usedAt: now,
    address: '192.0.2.1',
    browser: 'Firefox on Linux',
    acr: 'aal2',
    method: 'totp',
    clients: [{ clientId: client.id, sid, grantId }],
    expiresAt: now + day,
  }));
  await Promise.all([
    durable.collection(oidcDocumentKind).insertMany(documents).then(expectAll),
    durable.collection(sessionRecordKind).insertMany(records).then(expectAll),
    importDepsOf(services).bulkAudit(
      accounts.map(subject => ({ event: 'sign-in.finished', actor: `user:${subject}`, subject, outcome: 'success' })),
    ),
    ...sessions.flatMap(({ session }) => [
      shortLived.ephemeral.put(key('oidc', 'Session', session), sealedSession, day),
      shortLived.ephemeral.put(key('oidc', 'Session', 'id', sha256(randomToken(32))), sealedPointer, day),
    ]),
  ]);
};

const addClients = async (services: CommandServices, count: number): Promise<void> => {
  const clients = await services.clients();
  const { id, secret, redirectUri } = client;
  await clients.write({
    client_id: id,
    client_name: 'Bench',
    client_secret: secret,
    redirect_uris: [redirectUri],
    first_party: true,
  });
  if (count === 0) return;
  for (const [format, resource] of Object.entries(apis)) {
    await clients.write({
      client_id: `api-${format}`,
      client_name: `API with ${format} tokens`,
      client_secret: secret,
      redirect_uris: [],
      resource,
      resource_scopes: ['read'],
      access_token_format: format === 'jwt' ? 'jwt' : 'opaque',
    });
  }
  const first = serviceAt(0);
  await clients.write({
    client_id: first.id,
    client_name: 'Service',
    client_secret: first.secret,
    redirect_uris: [],
    grant_types: ['client_credentials'],
    service_scopes: ['read'],
  });
  // The others are copies of the checked one: to check ten thousand would take half a minute.
  const documents = services.resources.durable.collection(oidcDocumentKind);
  const checked = await documents.get(documentId('Client', first.id));
  if (checked === undefined) throw new Error('the first service is not stored');
  for (let from = 1; from < count; from += perBatch) {
    const copies = Array.from({ length: Math.min(perBatch, count - from) }, (_, at) => serviceAt(from + at).id);
    expectAll(
      await documents.insertMany(
        copies.map(each => toDocument('Client', each, { ...checked.payload, client_id: each })),
      ),
    );
  }
};

const appOf = (secret: string): MadeAuthenticator => ({ type: 'totp', label: 'App', data: { secret, lastStep: -1 } });

const telephoneOf = (number: string): MadeAuthenticator => ({ type: phoneType, label: 'mobile', data: { number } });

const phoneOf = ({ handle, key: deviceKey }: DeviceOwner): MadeAuthenticator => ({
  type: pushType,
  label: 'Phone',
  handle,
  data: { key: deviceKey, push: 'none', language: 'en', unlock: 'none', pairedAt: 0 } satisfies PushData,
});
