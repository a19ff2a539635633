/** Keeps cookies as a browser does (RFC 6265 §5): by name and path, until they expire by the clock of the test. */
import type { Clock } from '../../../src/ports/time.ts';

export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly expires?: number;
  /** The whole header, for tests that check attributes. */
  readonly header: string;
}

const attribute = (header: string, name: string): string | undefined =>
  new RegExp(`;\\s*${name}=([^;]*)`, 'i').exec(header)?.[1];

const read = (header: string, now: number): Cookie => {
  const [pair = ''] = header.split(';', 1);
  const cut = pair.indexOf('=');
  const [age, date] = [attribute(header, 'max-age'), attribute(header, 'expires')];
  const expires = age === undefined ? date && Date.parse(date) : now + Number(age) * 1000;
  return {
    name: pair.slice(0, cut),
    value: pair.slice(cut + 1),
    path: attribute(header, 'path') ?? '/',
    header,
    ...(typeof expires === 'number' && { expires }),
  };
};

const covers = (path: string, of: string): boolean =>
  of === path || (of.startsWith(path) && (path.endsWith('/') || of.charAt(path.length) === '/'));

export class Jar {
  readonly #clock: Clock;
  #kept: readonly Cookie[];
  /** Every cookie that any answer set. */
  readonly seen: Cookie[] = [];

  constructor(clock: Clock, kept: readonly Cookie[] = []) {
    this.#clock = clock;
    this.#kept = kept;
  }

  /** Stores the cookies that an answer set. */
  take(headers: readonly string[]): void {
    const now = this.#clock();
    for (const header of headers) {
      const cookie = read(header, now);
      this.seen.push(cookie);
      this.#kept = this.#kept.filter(each => each.name !== cookie.name || each.path !== cookie.path);
      if (cookie.expires === undefined || cookie.expires > now) this.#kept = [...this.#kept, cookie];
    }
  }

  /** The `Cookie` header for a path, longest paths first. */
  for(path: string): string {
    const now = this.#clock();
    return this.#kept
      .filter(each => covers(each.path, path) && (each.expires === undefined || each.expires > now))
      .toSorted((a, b) => b.path.length - a.path.length)
      .map(each => `${each.name}=${each.value}`)
      .join('; ');
  }

  get cookies(): readonly Cookie[] {
    return this.#kept;
  }

  /** Another jar with these cookies; all by default. */
  copy(keep: (cookie: Cookie) => boolean = () => true): Jar {
    return new Jar(this.#clock, this.#kept.filter(keep));
  }

  drop(name: string): void {
    this.#kept = this.#kept.filter(each => each.name !== name && each.name !== `${name}.sig`);
  }
}
