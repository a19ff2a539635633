/** Answers list requests of the REST API in pages. https://www.twilio.com/docs/usage/twilios-response */
import type { RestError } from './behaviours/api.ts';
import { isIntegerBetween } from './parameters.ts';
import { badRequest } from './rest-error.ts';

type Resource = Readonly<Record<string, unknown>>;

/** One list of the REST API. */
export interface Listing {
  /** `/2010-04-01/Accounts/AC…/Calls.json` */
  readonly path: string;
  /** The member of the answer that holds the resources: `calls`. */
  readonly name: string;
  /** Maps query parameters to the members of a resource that they are compared with. */
  readonly filters: Readonly<Record<string, string>>;
}

const defaultSize = 50;

/** The page of `all` that the query asks for, or an error. `all` is newest first. */
export const listPage = (query: URLSearchParams, all: readonly Resource[], listing: Listing): Resource | RestError => {
  const { path, name, filters } = listing;
  const known = new Set([...Object.keys(filters), 'PageSize', 'Page', 'PageToken']);
  const unknown = [...query.keys()].find(each => !known.has(each));
  if (unknown !== undefined) return badRequest(20001, `Parameter ${unknown} is not known to this network`);
  if (!isIntegerBetween(query.get('PageSize'), 1, 1000))
    return badRequest(20001, 'PageSize must be between 1 and 1000');
  if (!isIntegerBetween(query.get('Page'), 0, 999_999)) return badRequest(20001, 'Page must be a whole number from 0');
  const [size, index] = [Number(query.get('PageSize') ?? defaultSize), Number(query.get('Page') ?? 0)];
  const matching = all.filter(each =>
    Object.entries(filters).every(([parameter, member]) => {
      const value = query.get(parameter);
      return value === null || each[member] === value;
    }),
  );
  const shown = matching.slice(index * size, (index + 1) * size);
  const uri = (at: number): string => {
    const next = new URLSearchParams(query);
    next.set('PageSize', String(size));
    next.set('Page', String(at));
    return `${path}?${next.toString()}`;
  };
  return {
    [name]: shown,
    start: index * size,
    end: Math.max(index * size, index * size + shown.length - 1),
    page: index,
    page_size: size,
    uri: uri(index),
    first_page_uri: uri(0),
    next_page_uri: (index + 1) * size < matching.length ? uri(index + 1) : null,
    previous_page_uri: index > 0 ? uri(index - 1) : null,
  };
};
