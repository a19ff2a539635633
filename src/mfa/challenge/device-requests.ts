/** Gives a device the requests that wait for its answer. That it fetched one is shown on the page that waits. */
import type { Ephemeral } from '../../ports/stores.ts';
import { asksFor, type VerifiedDevice } from './device.ts';
import type { RequestClaims, Unlock } from '../push/protocol.ts';
import type { Ceremonies } from './ceremonies.ts';
import type { MessageStatus } from './message-status.ts';
import { keys } from '../challenge-state/keys.ts';
import type { ChallengeStore } from './store.ts';
import type { LoadedChallenge } from './loaded-challenge.ts';

interface DeviceRequestsDeps {
  readonly store: ChallengeStore;
  readonly ephemeral: Ephemeral;
  readonly ceremonies: Ceremonies;
  readonly messageStatus: MessageStatus;
}

export class DeviceRequests {
  readonly #deps: DeviceRequestsDeps;

  constructor(deps: DeviceRequestsDeps) {
    this.#deps = deps;
  }

  /** Names what waits for the devices of an account, so that two readings can be compared. Nothing of it is told. */
  async waitingFor(userId: string): Promise<string> {
    return JSON.stringify(await this.#idsFor(userId));
  }

  /** Claims of the requests that this device may answer now, to be signed. Never the number of the page. */
  async of(device: VerifiedDevice): Promise<readonly RequestClaims[]> {
    const ids = await this.#idsFor(device.userId);
    const claims = await Promise.all(ids.map(async id => (id === undefined ? undefined : this.#request(id, device))));
    return claims.flatMap(each => each ?? []);
  }

  async #idsFor(userId: string): Promise<readonly (string | undefined)[]> {
    return this.#deps.ephemeral.getMany<readonly [string, string]>(keys.ringing(userId), keys.asking(userId));
  }

  async #request(id: string, device: VerifiedDevice): Promise<RequestClaims | undefined> {
    const { store, messageStatus } = this.#deps;
    const found = await store.message(id);
    const challenge = found && (await store.load(found.sent.record));
    if (challenge === undefined || challenge.view.phase !== 'pending' || !asksFor(challenge, device)) return undefined;
    await messageStatus.update(
      { id, sent: found?.sent ?? { record: challenge.record }, challenge },
      { step: 'delivered' },
    );
    return this.#claims(challenge, device);
  }

  #claims({ record, contents }: LoadedChallenge, { handle }: VerifiedDevice): RequestClaims {
    const { request, prompt, state } = contents;
    const { browser, message, address, client, person, origin } = request;
    return {
      iss: origin,
      aud: handle,
      jti: record.id,
      nonce: this.#deps.ceremonies.context(record, request).nonce(),
      iat: Math.floor(record.begunAt / 1000),
      exp: Math.floor(record.answerBy / 1000),
      purpose: request.purpose ?? (record.purpose === 'enroll' ? 'pairing' : 'sign-in'),
      account: person.name,
      client,
      digits: prompt.kind === 'approve' ? prompt.show.length : 0,
      unlock: unlockIn(state),
      ...(address !== undefined && { address }),
      ...(browser !== undefined && { browser }),
      ...(message !== undefined && { message }),
    };
  }
}

/** How the device is unlocked for this answer, as the state of the factor says. */
const unlockIn = (state: unknown): Unlock => {
  const unlock: unknown = typeof state === 'object' && state !== null ? Reflect.get(state, 'unlock') : undefined;
  return unlock === 'pin' || unlock === 'biometric' ? unlock : 'none';
};
