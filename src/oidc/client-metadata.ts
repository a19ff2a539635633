/** What our clients may say about themselves beyond OpenID Connect's own metadata, and how each member is checked. */
import { errors } from 'oidc-provider';
import { isAcr } from '../mfa/assurance.ts';
import type { Acr } from '../mfa/factor.ts';

export interface OwnMetadata {
  /** A second step is needed for this client, whatever the request says. */
  readonly require_mfa?: boolean;
  /** The least assurance for this client, whatever the request says. */
  readonly min_acr?: Acr;
  /** Seconds after which the second step is asked for again. */
  readonly mfa_max_age?: number;
  /** One of our own: people are not asked what it may know. */
  readonly first_party?: boolean;
}

const isBoolean = (value: unknown): boolean => typeof value === 'boolean';

const rules = {
  require_mfa: { expected: 'true or false', check: isBoolean },
  min_acr: { expected: 'sfa, mfa, aal2 or phr', check: isAcr },
  mfa_max_age: {
    expected: 'a number of seconds, 0 or more',
    check: (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0,
  },
  first_party: { expected: 'true or false', check: isBoolean },
} as const satisfies Record<keyof OwnMetadata, { expected: string; check: (value: unknown) => boolean }>;

/**
 * For `extraClientMetadata` of oidc-provider, which calls this for every member, absent ones too. `ctx` is there only
 * where a client registers itself: such a one says nothing about how people are asked.
 */
export const extraClientMetadata = {
  properties: Object.keys(rules),
  validator(ctx: unknown, name: string, value: unknown): void {
    const rule = isRule(name) ? rules[name] : undefined;
    if (value === undefined || rule === undefined) return;
    if (ctx !== undefined) throw new errors.InvalidClientMetadata(`${name} is not for clients to say`);
    if (!rule.check(value)) throw new errors.InvalidClientMetadata(`${name} must be ${rule.expected}`);
  },
};

const isRule = (name: string): name is keyof typeof rules => Object.hasOwn(rules, name);

/** What a client of oidc-provider says in these members; they keep their names there. */
export const ownMetadata = (client: object): OwnMetadata =>
  Object.fromEntries(
    extraClientMetadata.properties
      .map((name): [string, unknown] => [name, Reflect.get(client, name)])
      .filter(([, value]) => value !== undefined),
  );
