/** Reads the names that a file declares, and the titles of its tests. Node removes the types and acorn parses the rest. */
import { stripTypeScriptTypes } from 'node:module';
import { parse, type AnyNode, type CallExpression, type Expression, type Pattern } from 'acorn';
import { withoutComments } from './comments.ts';

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const childrenOf = (node: AnyNode): readonly AnyNode[] => Object.values(node).flat().filter(isNode);

const programOf = (source: string): AnyNode =>
  parse(stripTypeScriptTypes(source), { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true });

const boundBy = (pattern: Pattern): readonly string[] => {
  if (pattern.type === 'Identifier') return [pattern.name];
  if (pattern.type === 'AssignmentPattern') return boundBy(pattern.left);
  if (pattern.type === 'RestElement') return boundBy(pattern.argument);
  if (pattern.type === 'ArrayPattern') return pattern.elements.flatMap(each => (each === null ? [] : boundBy(each)));
  if (pattern.type !== 'ObjectPattern') return [];
  return pattern.properties.flatMap(each => boundBy(each.type === 'RestElement' ? each : each.value));
};

const ownNames = (node: AnyNode): readonly string[] => {
  if (node.type === 'VariableDeclarator') return boundBy(node.id);
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') return node.id ? [node.id.name] : [];
  const isMember = node.type === 'MethodDefinition' || node.type === 'PropertyDefinition';
  if (!isMember && !(node.type === 'Property' && !node.shorthand)) return [];
  const { key } = node;
  if (key.type === 'Identifier' && !node.computed) return [key.name];
  return key.type === 'PrivateIdentifier' ? [key.name] : [];
};

const typeDeclaration = /^\s*(?:export\s+)?(?:interface|type)\s+([\w$]+)/gm;

/** Names of functions, variables, classes, types and members (without `#`), at any depth. Parameters are no declarations. */
export const declaredIn = (source: string): ReadonlySet<string> => {
  const names = new Set([...withoutComments(source).matchAll(typeDeclaration)].map(([, name = '']) => name));
  const visit = (node: AnyNode): void => {
    for (const name of ownNames(node)) names.add(name);
    // The keys of a pattern are declared elsewhere; it binds their values.
    for (const child of childrenOf(node)) if (child.type !== 'ObjectPattern') visit(child);
  };
  visit(programOf(source));
  return names;
};

/** `test`, `test.each(…)` and the like: the name that begins the callee. */
const calledName = (callee: Expression | { readonly type: 'Super' }): string | undefined => {
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type === 'MemberExpression') return calledName(callee.object);
  if (callee.type === 'CallExpression') return calledName(callee.callee);
  return callee.type === 'TaggedTemplateExpression' ? calledName(callee.tag) : undefined;
};

const titleOf = ({ callee, arguments: [title] }: CallExpression): string | undefined => {
  if (!['describe', 'test', 'it'].includes(calledName(callee) ?? '')) return undefined;
  if (title?.type === 'Literal') return typeof title.value === 'string' ? title.value : undefined;
  return title?.type === 'TemplateLiteral' ? title.quasis.map(({ value }) => value.cooked ?? '').join('…') : undefined;
};

/** Titles of `describe` and of tests outside of any `describe`, as written. A test inside of one has that title before its own. */
export const outermostTitles = (source: string): readonly string[] => {
  const titles: string[] = [];
  const visit = (node: AnyNode): void => {
    const title = node.type === 'CallExpression' ? titleOf(node) : undefined;
    if (title === undefined) for (const child of childrenOf(node)) visit(child);
    else titles.push(title);
  };
  visit(programOf(source));
  return titles;
};
