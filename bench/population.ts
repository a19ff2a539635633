/** Fills a store in bulk: people with their second factor, sessions and tokens as after one sign-in each, and clients. */
import type { CommandServices } from '../cli/services.ts';
import { phoneType } from '../src/mfa/authenticator-types.ts';
import type { MadeAuthenticator } from '../src/mfa/factor.ts';
import { pushType, type PushData } from '../src/mfa/push/data.ts';
import { documentId, toDocument } from '../src/oidc/adapter/durable.ts';
import { oidcDocumentKind } from '../src/records.ts';
import { makePeople, storeAll, storePeople, type NewPerson } from './people.ts';
import { apis, callerAt, client, password, personAt, serviceAt, withoutSecondStepAt } from './requests.ts';
import type { DeviceOwner, Population } from './server-spec.ts';

/** Few: while a batch is made, this process hears no answer, and Redis must be heard within half a second. */
const perBatch = 150;

/** Adds it to what is stored. @throws Error if something cannot be added */
export const populate = async (services: CommandServices, population: Population): Promise<void> => {
  const { services: count = 0, withSessions = false } = population;
  await addClients(services, count);
  const hashed = await services.passwords.hashNew(password, { name: 'bench' });
  if (!hashed.ok) throw new Error(`the password of the bench is refused: ${hashed.fault}`);
  await services.hashWorks.add(hashed.hash);
  let storing = Promise.resolve();
  for (const batch of batchesOf(population)) {
    // Made while the stores write the batch before.
    const made = makePeople(services, batch, { passwordHash: hashed.hash, withSessions });
    await storing;
    storing = storePeople(services, made);
  }
  await storing;
};

/** Everybody who is asked for, some hundreds at a time. */
const batchesOf = function* (population: Population): Generator<readonly NewPerson[]> {
  const { people = 0, owners = [], withoutSecondStep = 0, callers = 0 } = population;
  const groups: readonly (readonly [count: number, personOf: (at: number) => NewPerson])[] = [
    [people, at => ({ name: personAt(at).name, authenticator: appOf(personAt(at).totpSecret) })],
    [withoutSecondStep, at => ({ name: withoutSecondStepAt(at) })],
    [callers, at => ({ name: callerAt(at).name, authenticator: telephoneOf(callerAt(at).number) })],
  ];
  for (const [count, personOf] of groups) {
    for (let from = 0; from < count; from += perBatch)
      yield Array.from({ length: Math.min(perBatch, count - from) }, (_, at) => personOf(from + at));
  }
  for (let from = 0; from < owners.length; from += perBatch)
    yield owners.slice(from, from + perBatch).map(owner => ({ name: owner.name, authenticator: phoneOf(owner) }));
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
    await storeAll(
      documents,
      copies.map(each => toDocument('Client', each, { ...checked.payload, client_id: each })),
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
