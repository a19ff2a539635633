/**
 * Finds the comments of a TypeScript or JavaScript file, and no text that only looks like one.
 * Node removes the types and acorn reads what remains, so that strings, templates and regular expressions are known
 * exactly. Both keep every position, so the original text, with those literals blank, still has the comments beside types.
 */
import { stripTypeScriptTypes } from 'node:module';
import { parse, tokTypes } from 'acorn';

export interface Comment {
  /** Starts at 1. */
  readonly line: number;
  /** Without its marks, on one line. Neighbouring `//` lines are one comment. */
  readonly text: string;
}

const literals = new Set([tokTypes.string, tokTypes.template, tokTypes.regexp]);

const blank = (text: string): string => text.replaceAll(/[^\n]/g, ' ');

const withoutLiterals = (source: string): string => {
  let masked = '';
  let end = 0;
  parse(stripTypeScriptTypes(source), {
    ecmaVersion: 'latest',
    sourceType: 'module',
    allowHashBang: true,
    onToken(token) {
      if (!literals.has(token.type)) return;
      masked += source.slice(end, token.start) + blank(source.slice(token.start, token.end));
      end = token.end;
    },
  });
  return masked + source.slice(end);
};

/** A string (those that are left are types), lines of `//`, or a block. */
const pattern = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*(?:\n[ \t]*\/\/[^\n]*)*|\/\*[\s\S]*?\*\//g;

/** Neither Node nor acorn reads JSX. Its files hold no literal with the marks of a comment, which a test of ours keeps so. */
const findSpans = (source: string, path: string): readonly RegExpExecArray[] => {
  const searched = path.endsWith('.tsx') ? source : withoutLiterals(source);
  return [...searched.matchAll(pattern)].filter(([text]) => text.startsWith('/'));
};

/** By source: several rules ask for the comments of one file, and parsing it takes the time. */
const found = new Map<string, readonly RegExpExecArray[]>();
const spansOf = (source: string, path: string): readonly RegExpExecArray[] => {
  const spans = found.get(source) ?? findSpans(source, path);
  found.set(source, spans);
  return spans;
};

/** The comments of a file, from its top. `path` tells whether it has JSX. */
export const commentsOf = (source: string, path = ''): readonly Comment[] =>
  spansOf(source, path).map(({ 0: text, index }) => ({
    line: source.slice(0, index).split('\n').length,
    text: text
      .replaceAll(/^\s*(?:\/\/+|\/\*+|\*+\/|\*(?!\/))|\*+\/$/gm, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  }));

/** The file with blanks in place of its comments; positions stay. */
export const withoutComments = (source: string, path = ''): string => {
  let rest = '';
  let end = 0;
  for (const { 0: text, index } of spansOf(source, path)) {
    rest += source.slice(end, index) + blank(text);
    end = index + text.length;
  }
  return rest + source.slice(end);
};
