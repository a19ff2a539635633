/** Counts how often control passes from file to file in a trace, with and without leaves. */
import type { Entry } from './probes.ts';

/** Consecutive entries in one file. */
export interface Stay {
  readonly file: string;
  /** The functions, in order. */
  readonly names: readonly string[];
  /** The file was left before and is entered again. */
  readonly isReturn: boolean;
}

/**
 * Files that answer a question and decide no path, so that a call of one is no detour to a reader. The patterns fit a file and
 * the folder that it may become.
 */
export const leaves: Readonly<Record<string, RegExp>> = {
  pages: /^web\//,
  wording: /^src\/locales[./]/,
  sqlite: /^adapters\/sqlite[./]/,
  ports: /^src\/ports[./]/,
  crypto: /^src\/crypto\.ts$/,
  'keys of cookies': /^src\/oidc\/http\/cookie-keys\.ts$/,
  assurance: /^src\/mfa\/assurance\.ts$/,
  'challenge record': /^src\/mfa\/challenge-state\/record\.ts$/,
  'checks of a factor': /^src\/mfa\/factor\.ts$/,
  audit: /^src\/audit\.ts$/,
  masking: /^src\/masking\.ts$/,
  reference: /^src\/reference\.ts$/,
  'catch around a request': /^src\/http\/problems\.ts$/,
};

const isLeaf = (file: string): boolean => Object.values(leaves).some(pattern => pattern.test(file));

export const staysOf = (entries: readonly Entry[]): readonly Stay[] => {
  const stays: (Stay & { readonly names: string[] })[] = [];
  const seen = new Set<string>();
  for (const { file, name } of entries) {
    const last = stays.at(-1);
    if (last?.file === file) last.names.push(name);
    else stays.push({ file, names: [name], isReturn: seen.has(file) });
    seen.add(file);
  }
  return stays;
};

/** Without leaves. */
export const pathOf = (entries: readonly Entry[]): readonly Stay[] =>
  staysOf(entries.filter(({ file }) => !isLeaf(file)));
