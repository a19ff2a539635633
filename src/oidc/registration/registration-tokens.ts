/**
 * Keeps initial access tokens (RFC 7591 §3). An operator makes one for a developer who may register clients: it has a number of uses
 * and an expiry.
 * A token is `id.secret`. Only a hash of its secret is stored, so that neither a list nor a backup registers clients.
 */
import { allOf } from '../../all-pages.ts';
import { constantTimeEqual, randomToken, sha256 } from '../../crypto.ts';
import { Problem } from '../../errors.ts';
import type { Audit } from '../../audit.ts';
import { newId } from '../../new-id.ts';
import { replacing, type Collection, type Write } from '../../ports/stores.ts';
import type { Clock, Millis } from '../../ports/time.ts';
import { registrationTokenKind, type RegistrationToken } from '../../records.ts';

export interface RegistrationTokensDeps {
  /** `durable.collection(registrationTokenKind)` */
  readonly tokens: Collection<RegistrationToken>;
  readonly clock: Clock;
  readonly audit: Audit;
}

/** What an operator says of a new token. */
export interface NewRegistrationToken {
  readonly policy: string;
  readonly uses: number;
  readonly expiresIn: Millis;
  readonly label?: string;
}

/** Most clients of one token, and most tokens at a time: both bound the clients that others can make us store. */
export const maxUses = 1000;
const maxTokens = 1000;

export class RegistrationTokens {
  readonly #deps: RegistrationTokensDeps;

  constructor(deps: RegistrationTokensDeps) {
    this.#deps = deps;
  }

  /** Makes a token, which is returned once and not stored. @throws Problem 'bad-request' where there are too many */
  async add({ policy, uses, expiresIn, label }: NewRegistrationToken, actor: string): Promise<string> {
    const { tokens, clock, audit } = this.#deps;
    if ((await this.list()).length >= maxTokens)
      throw new Problem('bad-request', `got ${maxTokens} registration tokens, expected fewer: remove one first`);
    const [id, secret, createdAt] = [newId(), randomToken(32), clock()];
    await tokens.insert({
      id,
      rev: 1,
      hash: sha256(secret),
      policy,
      ...(label !== undefined && { label }),
      usesLeft: uses,
      createdAt,
      expiresAt: createdAt + expiresIn,
    });
    await audit({
      event: 'registration-token.added',
      actor,
      outcome: 'success',
      record: id,
      until: createdAt + expiresIn,
    });
    return `${id}.${secret}`;
  }

  /** The stored token; undefined: it does not exist, has expired or is used up. */
  async find(token: string): Promise<RegistrationToken | undefined> {
    const [id = '', secret = ''] = token.split('.');
    const found = await this.#deps.tokens.get(id);
    if (found === undefined || !constantTimeEqual(found.hash, sha256(secret))) return undefined;
    return found.expiresAt > this.#deps.clock() && found.usesLeft > 0 ? found : undefined;
  }

  /** All tokens, also those that are used up; the oldest first. */
  async list(): Promise<readonly RegistrationToken[]> {
    return allOf(page => this.#deps.tokens.find({}, page));
  }

  /** Removes a token. Clients that registered with it stay. False: there is none. */
  async remove(id: string, actor: string): Promise<boolean> {
    const isRemoved = await this.#deps.tokens.remove(id);
    if (isRemoved)
      await this.#deps.audit({ event: 'registration-token.removed', actor, outcome: 'success', record: id });
    return isRemoved;
  }
}

/** The write that counts one use. Of parallel ones with the same token one is carried out, and the others read it again. */
export const countingUse = (token: RegistrationToken): Write =>
  replacing(registrationTokenKind, { ...token, usesLeft: token.usesLeft - 1 });
