/** Reads authorization details (RFC 9396 §2): as people see them, and whether their answer still counts. Without oidc-provider. */
import { isDeepStrictEqual } from 'node:util';
import type { DetailTypes } from '../../config/authorization-details.ts';
import { sha256 } from '../../crypto.ts';
import type { Sentences } from '../../locales/sentences.ts';
import type { EpochMillis } from '../../ports/time.ts';

/** One element of `authorization_details`. */
export type Detail = Readonly<Record<string, unknown>> & { readonly type: string };

/** Details in a value of oidc-provider or of the store, which have checked their form. */
export const asDetails = (value: unknown): Detail[] => (Array.isArray(value) ? value.filter(isDetail) : []);
const isDetail = (value: unknown): value is Detail =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'type') === 'string';

/** Whether one of these details is the same in each member. */
export const hasDetail = (details: readonly Detail[], wanted: Detail): boolean =>
  details.some(each => isDeepStrictEqual(each, wanted));

/** Whether an answer for this detail counts again: the operator lets its type be remembered. */
export const isLasting = ({ type }: Detail, types: DetailTypes): boolean => types.get(type)?.remember === true;

/** Those for which an answer counts again. */
export const lastingDetails = (details: readonly Detail[], types: DetailTypes): Detail[] =>
  details.filter(each => isLasting(each, types));

/** A detail that a person allowed a client for good. */
export interface RememberedDetail {
  readonly detail: Detail;
  /** When they allowed it for the first time. */
  readonly since: EpochMillis;
}

/** Remembered details in a value of the store. */
export const asRemembered = (value: unknown): RememberedDetail[] =>
  Array.isArray(value) ? value.filter(isRemembered) : [];
const isRemembered = (value: unknown): value is RememberedDetail =>
  typeof value === 'object' &&
  value !== null &&
  isDetail(Reflect.get(value, 'detail')) &&
  typeof Reflect.get(value, 'since') === 'number';

/** Most characters of the details that one consent remembers, as JSON. */
const maxCharacters = 8192;

/** Adds details that were just allowed. The oldest ones are forgotten where all of them would be too long: the person is asked again. */
export const withDetails = (
  before: readonly RememberedDetail[],
  added: readonly Detail[],
  now: EpochMillis,
): RememberedDetail[] => {
  const kept = before.filter(({ detail }) => !hasDetail(added, detail));
  const sinceOf = (wanted: Detail): EpochMillis =>
    before.find(({ detail }) => hasDetail([detail], wanted))?.since ?? now;
  const all = [...kept, ...added.map(detail => ({ detail, since: sinceOf(detail) }))];
  while (JSON.stringify(all).length > maxCharacters) all.shift();
  return all;
};

/** Names a remembered detail of a client, in a form. 43 characters. */
export const detailId = (detail: Detail): string => sha256(JSON.stringify(detail));

/** A detail as people see it. */
export interface ShownDetail {
  /** The operator's words for its type. */
  readonly words: Sentences;
  /** Names and values, as the client sent them. */
  readonly members: readonly { readonly name: string; readonly value: string }[];
}

/** Everything that a client says about what it asks for, so that a page hides no part of it. */
export const shownDetail = ({ type, ...members }: Detail, types: DetailTypes): ShownDetail => ({
  words: types.get(type)?.words ?? { en: type },
  members: linesOf('', members),
});

/** A line for each value. Those of a list have the same name. An empty list or map is shown as it was sent. */
const linesOf = (name: string, value: unknown): ShownDetail['members'] => {
  const parts: readonly (readonly [string, unknown])[] =
    typeof value !== 'object' || value === null
      ? []
      : Array.isArray(value)
        ? value.map(each => [name, each] as const)
        : Object.entries(value).map(([key, each]) => [name === '' ? key : `${name}.${key}`, each] as const);
  if (parts.length > 0) return parts.flatMap(([part, each]) => linesOf(part, each));
  return name === '' ? [] : [{ name, value: typeof value === 'string' ? value : JSON.stringify(value) }];
};
