/** Reads authorization details (RFC 9396 §2): as people see them, and whether their answer still counts. Without oidc-provider. */
import { isDeepStrictEqual } from 'node:util';
import type { DetailTypes } from '../../config/authorization-details.ts';
import type { Sentences } from '../../locales/sentences.ts';

/** One element of `authorization_details`. */
export type Detail = Readonly<Record<string, unknown>> & { readonly type: string };

/** Details in a value of oidc-provider or of the store, which have checked their form. */
export const asDetails = (value: unknown): Detail[] => (Array.isArray(value) ? value.filter(isDetail) : []);
const isDetail = (value: unknown): value is Detail =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'type') === 'string';

/** Whether one of these details is the same in each member. */
export const hasDetail = (details: readonly Detail[], wanted: Detail): boolean =>
  details.some(each => isDeepStrictEqual(each, wanted));

/** Those for which an answer counts again: the operator lets their type be remembered. */
export const lastingDetails = (details: readonly Detail[], types: DetailTypes): Detail[] =>
  details.filter(({ type }) => types.get(type)?.remember === true);

/** Most characters of the details that one consent remembers, as JSON. */
const mostCharacters = 8192;

/** Adds details that were just allowed. The oldest ones are forgotten where all of them would be too long: the person is asked again. */
export const withDetails = (before: readonly Detail[], added: readonly Detail[]): Detail[] => {
  const all = [...before.filter(each => !hasDetail(added, each)), ...added];
  while (JSON.stringify(all).length > mostCharacters) all.shift();
  return all;
};

/** A detail as people see it. */
export interface ShownDetail {
  /** The operator's words for its type. */
  readonly words: Sentences;
  /** Names and values, as the client sent them. */
  readonly members: readonly { readonly name: string; readonly value: string }[];
}

/** Everything that a client says about what it asks for, so that a page hides no part of it. */
export const shownDetails = (details: readonly Detail[], types: DetailTypes): readonly ShownDetail[] =>
  details.map(({ type, ...members }) => ({
    words: types.get(type)?.words ?? { en: type },
    members: linesOf('', members),
  }));

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
