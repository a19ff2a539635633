/** Reads every regular expression from the sources of the product, and finds shapes that can be slow. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Pattern {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

const beforeLiteral = /(?:^|[(,=:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|of|in|do|else|await|yield))\s*$/;
const literal = /\/((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+)\/([dgimsuvy]*)/y;

/** Finds the literals in code, and skips comments and strings. `${…}` in a template is code. */
export const literalsIn = (code: string): readonly { readonly source: string; readonly flags: string }[] => {
  const found: { source: string; flags: string }[] = [];
  const templates: number[] = [];
  let braces = 0;
  let at = 0;
  const skipTemplate = (): void => {
    for (; at < code.length; at += 1) {
      if (code[at] === '\\') at += 1;
      else if (code[at] === '`') return;
      else if (code.startsWith('${', at)) {
        at += 1;
        templates.push(braces);
        braces += 1;
        return;
      }
    }
  };
  for (; at < code.length; at += 1) {
    const character = code[at];
    if (code.startsWith('//', at)) at = (code.indexOf('\n', at) + code.length + 1) % (code.length + 1) || code.length;
    else if (code.startsWith('/*', at)) at = code.indexOf('*/', at) + 1;
    else if (character === "'" || character === '"') {
      for (at += 1; at < code.length && code[at] !== character; at += 1) if (code[at] === '\\') at += 1;
    } else if (character === '`') {
      at += 1;
      skipTemplate();
    } else if (character === '{') braces += 1;
    else if (character === '}') {
      braces -= 1;
      if (templates.at(-1) === braces) {
        templates.pop();
        at += 1;
        skipTemplate();
      }
    } else if (character === '/' && beforeLiteral.test(code.slice(Math.max(0, at - 40), at))) {
      literal.lastIndex = at;
      const [whole = '', source = '', flags = ''] = literal.exec(code) ?? [];
      if (whole === '') continue;
      found.push({ source, flags });
      at += whole.length - 1;
    }
  }
  return found;
};

const root = join(import.meta.dirname, '../../..');
export const patterns: readonly Pattern[] = globSync('{src,server,cli,interactions,adapters,web}/**/*.ts', {
  cwd: root,
})
  .toSorted()
  .flatMap(file => literalsIn(readFileSync(join(root, file), 'utf8')).map(each => ({ file, ...each })));

/** One element of a sequence: the characters that it consumes (an assertion consumes no character), and how often. */
interface Term {
  readonly text: string;
  readonly kind: 'set' | 'group' | 'look' | 'assertion';
  readonly inside: readonly (readonly Term[])[];
  readonly least: number;
  readonly most: number;
}

/** More repetitions than this count as unlimited; fewer are a constant. */
const endless = 64;

const element =
  /\[(?:\\.|[^\]\\])*\]|\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c.|k<[^>]*>|.)|[^]/uy;
const quantifier = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;
const opening = /\((\?(?:[:=!]|<[=!]|<[A-Za-z][^>]*>))?/y;

const termsOf = (pattern: string): readonly (readonly Term[])[] => {
  let at = 0;
  const take = (what: RegExp): RegExpExecArray | undefined => {
    what.lastIndex = at;
    const match = what.exec(pattern) ?? undefined;
    at += match?.[0].length ?? 0;
    return match;
  };
  const counted = (): { least: number; most: number } => {
    const [, sign, least, comma, most] = take(quantifier) ?? [];
    if (sign !== undefined) return { least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Infinity };
    if (least === undefined) return { least: 1, most: 1 };
    return { least: Number(least), most: comma === undefined ? Number(least) : most ? Number(most) : Infinity };
  };
  const alternatives = (): Term[][] => {
    const all: Term[][] = [[]];
    while (at < pattern.length && pattern[at] !== ')') {
      if (pattern[at] === '|') {
        at += 1;
        all.push([]);
        continue;
      }
      const start = at;
      const group = take(opening);
      if (group === undefined) {
        const text = take(element)?.[0] ?? '';
        const kind = /^(?:\^|\$|\\[bB])$/.test(text) ? 'assertion' : 'set';
        all.at(-1)?.push({ text, kind, inside: [], ...counted() });
        continue;
      }
      const inside = alternatives();
      at += 1;
      const text = pattern.slice(start, at);
      all.at(-1)?.push({ text, kind: /^\?<?[=!]/.test(group[1] ?? '') ? 'look' : 'group', inside, ...counted() });
    }
    return all;
  };
  return alternatives();
};

/** Characters that distinguish sets: all of ASCII, and some of each kind beyond. */
const samples = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  ...Array.from('\u0085\u00A0\u00ADäßø\u0301\u0307\u200B\u200F\u2028\u202E\u3000\uFEFFЖαא٣क一ーㅣ가💥𠮷’…'),
];

const everything = samples.filter(each => each.length === 1);

/** Characters with which a term can begin. */
const firstCharacters = (term: Term, flags: string): ReadonlySet<string> => {
  if (term.kind === 'set') {
    const set = new RegExp(`^${term.text}$`, flags.replaceAll(/[gy]/g, ''));
    return new Set(samples.filter(each => set.test(each)));
  }
  if (term.kind !== 'group') return new Set();
  return new Set(term.inside.flatMap(sequence => [...firstCharactersOf(sequence, flags)]));
};
/** Characters with which a sequence can begin: those of all terms up to the first required one. */
const firstCharactersOf = (sequence: readonly Term[], flags: string): ReadonlySet<string> => {
  const all = new Set<string>();
  for (const term of sequence) {
    for (const each of firstCharacters(term, flags)) all.add(each);
    if (term.least > 0 && (term.kind === 'set' || term.kind === 'group')) break;
  }
  return all;
};
const overlap = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some(each => b.has(each));
const varies = ({ least, most }: Term): boolean => most !== least;
const isEndless = ({ most }: Term): boolean => most > endless;
const consumes = ({ kind }: Term): boolean => kind === 'set' || kind === 'group';

/** `[^]*` up to the end takes the rest. It never fails, so earlier terms are not tried again. */
const takesTheRest = (sequence: readonly Term[], at: number, flags: string): boolean => {
  const [term, end, ...more] = sequence.slice(at);
  if (term?.kind !== 'set' || term.least > 0 || !isEndless(term)) return false;
  const isEnd = end === undefined || (end.text === '$' && !flags.includes('m'));
  return isEnd && more.length === 0 && everything.every(each => firstCharacters(term, flags).has(each));
};

/** Places where a sequence is slow, because two ways to take the same text multiply. */
const faultsOf = (sequence: readonly Term[], flags: string, isRepeated: boolean): readonly string[] => {
  const found: string[] = [];
  for (const [at, term] of sequence.entries()) {
    const rest = sequence.slice(at + 1).filter(consumes);
    const own = firstCharacters(term, flags);
    if (term.kind === 'group' && term.most > 1) {
      const starts = term.inside.map(each => firstCharactersOf(each, flags));
      if (starts.some((one_, index) => starts.slice(index + 1).some(other => overlap(one_, other)))) {
        found.push(`alternatives of ${term.text} overlap`);
      }
    }
    found.push(...term.inside.flatMap(each => faultsOf(each, flags, term.most > 1)));
    if (!consumes(term) || !varies(term)) continue;
    // Inside a repetition the end is followed by the beginning.
    const after = isRepeated ? [...rest, ...sequence.slice(0, at + 1).filter(consumes)] : rest;
    for (const next of after) {
      if (!isRepeated && takesTheRest(sequence, sequence.indexOf(next), flags)) break;
      const shared = overlap(own, firstCharacters(next, flags));
      const multiplies = isRepeated ? shared : shared && isEndless(term) && isEndless(next);
      if (multiplies) found.push(`${term.text} runs into ${next.text}`);
      if (next.least > 0 && !shared) break;
    }
  }
  return found;
};

/** Terms that restart at every character of a long run and fail after it: n starts of n steps. Look-aheads count too. */
const restarts = (sequence: readonly Term[], flags: string, lead: readonly Term[] = []): readonly string[] => {
  if (lead.length === 0 && (flags.includes('y') || (sequence[0]?.text === '^' && !flags.includes('m')))) return [];
  const found = sequence.flatMap((term, at) =>
    term.kind === 'look'
      ? term.inside.flatMap(inside => restarts(inside, flags, [...lead, ...sequence.slice(0, at)]))
      : [],
  );
  const at = sequence.findIndex(term => consumes(term) && isEndless(term));
  const term = sequence[at];
  if (term === undefined || takesTheRest(sequence, at, flags)) return found;
  const run = firstCharacters(term, flags);
  const isWithin = [...lead, ...sequence.slice(0, at)]
    .filter(each => consumes(each) && each.least > 0)
    .every(each => overlap(firstCharacters(each, flags), run));
  const canFail = sequence.slice(at + 1).some(each => each.least > 0 || each.kind === 'look');
  return isWithin && canFail ? [...found, `${term.text} is begun anew at every character`] : found;
};

const maxSequences = 256;

/** All sequences without optional groups that the sequence stands for. */
const withoutOptionalGroups = (sequence: readonly Term[]): readonly (readonly Term[])[] => {
  let all: readonly (readonly Term[])[] = [[]];
  for (const term of sequence) {
    const isOpen = term.kind === 'group' && term.most === 1;
    const next = isOpen ? [...term.inside.flatMap(withoutOptionalGroups), ...(term.least === 0 ? [[]] : [])] : [[term]];
    all = all.flatMap(each => next.map(more => [...each, ...more]));
    if (all.length > maxSequences) return [sequence];
  }
  return all;
};

/** Reasons why a pattern may take more than a few steps for each character; empty: its shape is linear. */
export const slowness = ({ source, flags }: Pick<Pattern, 'source' | 'flags'>): readonly string[] =>
  termsOf(source)
    .flatMap(withoutOptionalGroups)
    .flatMap(sequence => [...faultsOf(sequence, flags, false), ...restarts(sequence, flags)]);

/** Long texts of the pattern's own characters with an end that does not match. */
export const adversaries = ({ source, flags }: Pattern, length: number): readonly string[] => {
  const all = (sequence: readonly Term[]): readonly Term[] =>
    sequence.flatMap(term => [term, ...term.inside.flatMap(all)]);
  const letters = termsOf(source)
    .flatMap(all)
    .filter(({ kind }) => kind === 'set')
    .map(term => [...firstCharacters(term, flags)].at(0) ?? 'a');
  const units = new Set([...letters, letters.join(''), letters.slice(0, 2).join(''), ' ', '.', 'a', '\u0301', 'aA1']);
  return [...units].map(unit => `${unit.repeat(Math.ceil(length / Math.max(1, unit.length)))}\0`);
};
