/**
 * Opaque tokens name their kind in their first characters, so that a request with a token of any kind (introspection, revocation) reads
 * one record and not one for each kind. The name is no secret and proves no right: the rest is as random as before.
 */
import type { Adapter, Provider } from 'oidc-provider';
import { Problem } from '../errors.ts';

/** `~` may be in a bearer token (RFC 6750 §2.1), and is in no token of an earlier release: those are base64url. */
const marks = { AccessToken: 'at~', ClientCredentials: 'ct~', RefreshToken: 'rt~' } as const;
const separator = { character: '~', place: 2 } as const;

/** A new token of this model. */
export const markedToken = (model: keyof typeof marks, random: string): string => `${marks[model]}${random}`;

/** The adapter of a model that asks the store only for tokens that may be of this model. Those without a mark may be of each. */
export const findMarked = (model: string, adapter: Adapter): Adapter => {
  const mark = Object.entries(marks).find(([name]) => name === model)?.[1];
  if (mark === undefined) return adapter;
  const mayBe = (id: string): boolean => id.startsWith(mark) || id.charAt(separator.place) !== separator.character;
  return { ...adapter, find: async id => (mayBe(id) ? adapter.find(id) : undefined) };
};

/** Makes the provider mark access tokens and those of services. Refresh tokens get their ids in `replay.ts`; a JWT needs no mark. */
export const markTokens = (provider: Pick<Provider, 'AccessToken' | 'ClientCredentials'>): void => {
  for (const model of ['AccessToken', 'ClientCredentials'] as const) {
    const { prototype } = provider[model];
    const generate: unknown = Reflect.get(prototype, 'generateTokenId');
    if (typeof generate !== 'function') {
      throw new Problem('internal', `got a ${model} without generateTokenId, expected it in this version`);
    }
    Reflect.set(prototype, 'generateTokenId', function generateMarked(this: object): string {
      const random = String(Reflect.apply(generate, this, []));
      return Reflect.get(this, 'format') === 'jwt' ? random : markedToken(model, random);
    });
  }
};
