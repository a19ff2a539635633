/** Puts a probe at the entry of every function of the product while its files load, and lists the probes that were passed. */
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, type AnyNode } from 'acorn';

/** One entry of a function. */
export interface Entry {
  /** Path in the repository, with `/`. */
  readonly file: string;
  /** As the source names it, or `line 12` for a callback. */
  readonly name: string;
}

interface Insertion {
  readonly at: number;
  readonly text: string;
}

const root = join(import.meta.dirname, '../..');
const product = /^(?:adapters|cli|interactions|portals|server|src|web)\/.*\.ts$/;

let entries: Entry[] = [];

/** Gives the entries since the last time it was called, in order. */
export const takeEntries = (): readonly Entry[] => {
  const taken = entries;
  entries = [];
  return taken;
};

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const childrenOf = (node: AnyNode): readonly AnyNode[] => Object.values(node).flat().filter(isNode);

/** The name that a function takes from the node around it. */
const nameFrom = (parent: AnyNode): string | undefined => {
  if (parent.type === 'VariableDeclarator') return parent.id.type === 'Identifier' ? parent.id.name : undefined;
  if (parent.type !== 'Property' && parent.type !== 'MethodDefinition' && parent.type !== 'PropertyDefinition') {
    return undefined;
  }
  const { key } = parent;
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  return key.type === 'Identifier' ? key.name : undefined;
};

const isFunction = (node: AnyNode) =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';

/** `code` with a call of `__entered` first in the body of each function. Lines stay where they are. */
const withProbes = (file: string, code: string): string => {
  const insertions: Insertion[] = [];
  const visit = (node: AnyNode, parent: AnyNode): void => {
    if (isFunction(node)) {
      const own = node.id?.name ?? nameFrom(parent) ?? `line ${code.slice(0, node.start).split('\n').length}`;
      const probe = `__entered(${JSON.stringify(file)},${JSON.stringify(own)})`;
      const { type, start, end } = node.body;
      if (type === 'BlockStatement') insertions.push({ at: start + 1, text: `${probe};` });
      else insertions.push({ at: start, text: `(${probe},` }, { at: end, text: ')' });
    }
    for (const child of childrenOf(node)) visit(child, node);
  };
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
  visit(program, program);
  let [done, from] = ['', 0];
  for (const { at, text } of insertions.toSorted((a, b) => a.at - b.at)) {
    done += code.slice(from, at) + text;
    from = at;
  }
  return done + code.slice(from);
};

/** Affects files that are imported from now on in this process. A child process, such as the password hasher, has no probes. */
export const placeProbes = (): void => {
  Object.assign(globalThis, { __entered: (file: string, name: string) => void entries.push({ file, name }) });
  registerHooks({
    resolve(specifier, context, next) {
      // Jest's globals refuse to load outside Jest; the world of the tests needs only `afterAll` of them.
      if (specifier !== '@jest/globals') return next(specifier, context);
      return { url: 'data:text/javascript,export const afterAll = () => {}', shortCircuit: true };
    },
    load(url, context, next) {
      const path = url.startsWith('file:') ? fileURLToPath(url) : '';
      const file = relative(root, path).split(sep).join('/');
      if (!product.test(file)) return next(url, context);
      const source = withProbes(file, stripTypeScriptTypes(readFileSync(path, 'utf8')));
      return { format: 'module', source, shortCircuit: true };
    },
  });
};
