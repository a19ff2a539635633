/**
 * Lets clients register and manage themselves (RFC 7591, RFC 7592), through the same registry, schema and door as all others.
 *
 *     operator ─► registration token ─► POST /reg ─► client and registration access token
 *                 registration-tokens.ts             access-tokens.ts
 *     client ─ registration access token ─► GET, PUT, DELETE /reg/ID
 *
 * `policies.ts` has what an operator demands of such clients, `information.ts` the form of requests and answers.
 */
import type { ClientMetadata } from 'oidc-provider';
import { conflict, optimisticWrite } from '../../optimistic-write.ts';
import { Problem } from '../../errors.ts';
import type { Clock } from '../../ports/time.ts';
import type { NewClient } from '../client-metadata.ts';
import type { Clients } from '../clients.ts';
import type { DecidedChange } from '../clients/outcomes.ts';
import { cameBy, leftOut, registrationPolicyMember, type Registrar } from '../clients/doors.ts';
import { accessBy, newAccess, withoutPrevious } from './access-tokens.ts';
import {
  informationOf,
  metadataIn,
  refusedMetadata,
  refusedToken,
  updateProblem,
  type RefusedRegistration,
} from './information.ts';
import { completedBy, givenBy, policyNamed, policyProblem, type RegistrationPolicies } from './policies.ts';
import { countingUse, type RegistrationTokens } from './registration-tokens.ts';

export interface RegistrationsDeps {
  readonly clients: () => Promise<Clients>;
  readonly tokens: Pick<RegistrationTokens, 'find'>;
  readonly policies: RegistrationPolicies;
  readonly issuer: URL;
  readonly clock: Clock;
}

/** `information`: the JSON for the client. */
export type RegistrationOutcome =
  | { readonly ok: true; readonly id: string; readonly information: object }
  | RefusedRegistration;

const wrongToken = refusedToken('the registration token is unknown, expired or used up');
const wrongAccess = refusedToken('the registration access token is not that of this client');

export class Registrations {
  readonly #deps: RegistrationsDeps;

  constructor(deps: RegistrationsDeps) {
    this.#deps = deps;
  }

  /** Registers a client by the token of an operator. Each use counts once: of parallel ones as many succeed as are left. */
  async register(token: string, body: object): Promise<RegistrationOutcome> {
    const { clients, tokens, policies, issuer, clock } = this.#deps;
    const registry = await clients();
    return optimisticWrite<RegistrationOutcome>(
      async () => {
        const found = await tokens.find(token);
        if (found === undefined) return wrongToken;
        const policy = policyNamed(policies, found.policy);
        if (policy === undefined) return refusedMetadata(missingPolicy(found.policy));
        const [given, asked, now] = [givenBy(policy), metadataIn(body), clock()];
        const client: NewClient = { redirect_uris: [], ...completedBy(policy, { ...given, ...asked }), ...asked };
        const problem = policyProblem(policy, { ...given, ...client });
        if (problem !== undefined) return refusedMetadata(problem);
        const { token: accessToken, kept } = newAccess(now);
        const added = await registry.add(client, registeredBy(`registration-token:${found.id}`), {
          given,
          kept: { client_id_issued_at: Math.floor(now / 1000), [registrationPolicyMember]: found.policy, ...kept },
          also: () => [countingUse(found)],
        });
        if (!added.ok) return added.reason === 'raced' ? conflict : refusedMetadata(added.message);
        const { metadata } = (await registry.find(added.id)) ?? {};
        // An operator has removed it meanwhile.
        if (metadata === undefined) return wrongToken;
        const information = informationOf(metadata, { token: accessToken, issuer, secret: added.secret });
        return { ok: true, id: added.id, information };
      },
      () => {
        throw new Problem('unavailable', 'other registrations with the same token were first every time');
      },
    );
  }

  /** What is registered of the client. */
  async read(id: string, token: string): Promise<RegistrationOutcome> {
    const client = await this.#managed(id, token);
    if (client === undefined) return wrongAccess;
    await this.#noteUse(client, token);
    return { ok: true, id, information: informationOf(client, { token, issuer: this.#deps.issuer }) };
  }

  /**
   * Replaces the metadata of the client (RFC 7592 §2.2). What it leaves out gets its default, except what an operator or a policy set.
   * Its secrets stay, also two of them.
   */
  async replace(id: string, token: string, body: object): Promise<RegistrationOutcome> {
    const { clients, clock, issuer } = this.#deps;
    const registry = await clients();
    const client = await this.#managed(id, token);
    if (client === undefined) return wrongAccess;
    const wrong = updateProblem(body, id) ?? secretProblem(body, secret => registry.secrets.isOf(client, secret));
    if (wrong !== undefined) return { ok: false, error: 'invalid_request', description: wrong };
    const access = newAccess(clock(), token);
    const decide = (before: ClientMetadata): DecidedChange => this.#decide(before, { token, body, kept: access.kept });
    const changed = await registry.changeAsDecided(id, decide, registeredBy(`client:${id}`));
    if (!changed.ok) {
      return changed.reason === 'unknown' || changed.message === tokenEnded
        ? wrongAccess
        : refusedMetadata(changed.message);
    }
    const { metadata } = (await registry.find(id)) ?? {};
    if (metadata === undefined) return wrongAccess;
    return { ok: true, id, information: informationOf(metadata, { token: access.token, issuer }) };
  }

  /** Removes the client with its grants and tokens. */
  async remove(id: string, token: string): Promise<RegistrationOutcome> {
    const client = await this.#managed(id, token);
    if (client === undefined) return wrongAccess;
    const removed = await (await this.#deps.clients()).remove(id, registeredBy(`client:${id}`));
    return removed.ok ? { ok: true, id, information: {} } : wrongAccess;
  }

  #decide(
    before: ClientMetadata,
    { token, body, kept }: { readonly token: string; readonly body: object; readonly kept: object },
  ): DecidedChange {
    // Another request of the client may have replaced the token meanwhile.
    if (accessBy(before, token, this.#deps.clock()) === 'none') return { problem: tokenEnded };
    const policyName = String(Reflect.get(before, registrationPolicyMember));
    const policy = policyNamed(this.#deps.policies, policyName);
    if (policy === undefined) return { problem: missingPolicy(policyName) };
    const [given, asked] = [givenBy(policy), metadataIn(body)];
    const set = { redirect_uris: [], ...completedBy(policy, { ...given, ...asked }), ...asked };
    const unset = leftOut(before, { ...given, ...set });
    const change = { set, unset };
    return { change, given, kept, refuse: after => policyProblem(policy, after) };
  }

  /** The stored client, where it registered itself and this token manages it. */
  async #managed(id: string, token: string): Promise<ClientMetadata | undefined> {
    const client = await (await this.#deps.clients()).stored(id);
    if (client === undefined || cameBy(client) !== 'dynamic') return undefined;
    return accessBy(client, token, this.#deps.clock()) === 'none' ? undefined : client;
  }

  /** Ends the token before this one, as soon as the client has shown that it knows the new one. */
  async #noteUse(client: ClientMetadata, token: string): Promise<void> {
    const isCurrent = (each: ClientMetadata): boolean => accessBy(each, token, this.#deps.clock()) === 'current';
    if (!isCurrent(client) || withoutPrevious(client) === undefined) return;
    const registry = await this.#deps.clients();
    const { client_id: id } = client;
    await registry.changeAsDecided(
      id,
      before => ({ change: {}, kept: (isCurrent(before) && withoutPrevious(before)) || {} }),
      registeredBy(`client:${id}`),
    );
  }
}

/** A client may state its secret, to show that it means the one that it has (RFC 7592 §2.2). It cannot choose another. */
const secretProblem = (body: object, isSecret: (secret: string) => boolean): string | undefined => {
  const secret: unknown = Reflect.get(body, 'client_secret');
  if (secret === undefined || secret === null || (typeof secret === 'string' && isSecret(secret))) return undefined;
  return 'client_secret: got another one, expected that of this client, or none';
};

const tokenEnded = 'the registration access token has been replaced';
const missingPolicy = (name: string): string =>
  `the policy ${JSON.stringify(name)} of this registration does not exist any more, expected one: ask the operator of this server`;
const registeredBy = (actor: string): Registrar => ({ door: 'dynamic', actor });
