import type { Refusal } from './behaviours/api.ts';
import { refuse } from './rest-error.ts';
import { isWhole } from './parameters.ts';

type Resource = Readonly<Record<string, unknown>>;

/** A list of the REST API: what is asked for by `filters`, a page of it, and where the next one is. */
export interface Listing {
  /** `/2010-04-01/Accounts/AC…/Calls.json` */
  readonly path: string;
  /** The member that holds the resources: `calls`. */
  readonly name: string;
  /** Query parameter → member of the resource it is compared with. */
  readonly filters: Readonly<Record<string, string>>;
}

const usualSize = 50;

/** One page of `all`, which come newest first, or why the query is refused. */
export const page = (query: URLSearchParams, all: readonly Resource[], listing: Listing): Resource | Refusal => {
  const { path, name, filters } = listing;
  const known = new Set([...Object.keys(filters), 'PageSize', 'Page', 'PageToken']);
  const strange = [...query.keys()].find(each => !known.has(each));
  if (strange !== undefined) return refuse(20001, `Parameter ${strange} is not known to this network`);
  if (!isWhole(query.get('PageSize'), 1, 1000)) return refuse(20001, 'PageSize must be between 1 and 1000');
  if (!isWhole(query.get('Page'), 0, 999_999)) return refuse(20001, 'Page must be a whole number from 0');
  const [size, index] = [Number(query.get('PageSize') ?? usualSize), Number(query.get('Page') ?? 0)];
  const wanted = all.filter(each =>
    Object.entries(filters).every(([parameter, member]) => {
      const value = query.get(parameter);
      return value === null || each[member] === value;
    }),
  );
  const shown = wanted.slice(index * size, (index + 1) * size);
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
    next_page_uri: (index + 1) * size < wanted.length ? uri(index + 1) : null,
    previous_page_uri: index > 0 ? uri(index - 1) : null,
  };
};
