/** Reads the static parts of a template once: where each hole stands, and whether it may stand there. */

/** A hole in text has no name; one in an attribute has. `whole`: the value is all of the attribute. `url`: a browser follows it. */
export interface Hole {
  readonly name?: string;
  readonly whole?: boolean;
  readonly url?: boolean;
}
export interface Blueprint {
  /** One more than holes. Of a whole attribute name and quotes are left out here: an absent value takes them away. */
  readonly parts: readonly string[];
  readonly holes: readonly Hole[];
}

const mark = '\u0000';
const urls = new Set(['href', 'src', 'action', 'formaction', 'poster', 'data', 'xlink:href']);
const refusedAttribute = /^(?:on.*|style|srcdoc)$/iu;
// Their content is not markup to a browser, so escaping would not hold there.
const refusedTag = /^(?:style|xmp|plaintext|iframe|noembed|noframes|base)$/iu;

const text = /[^<]+/uy;
const doctype = /<!doctype [^<>\0]*>/iuy;
const comment = /<!--[^\0]*?-->/uy;
const closing = /<\/[a-z][a-z0-9-]*\s*>/iuy;
const opening = /<([a-z][a-z0-9-]*)/iuy;
const attribute = /\s+([^\s"'<>/=\0]+)(?:=(?:"([^"]*)"|'([^']*)'))?(?=[\s/>])/uy;
const tagEnd = /\s*\/?>/uy;

const read = (statics: readonly string[]): Blueprint => {
  if (statics.some(part => part.includes(mark))) throw new TypeError('a template with a NUL in it');
  const source = statics.join(mark);
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  const refuse = (reason: string): never => {
    throw new TypeError(`${reason}: …${source.slice(Math.max(0, at - 30), at + 30).replaceAll(mark, '${}')}…`);
  };

  const holes: Hole[] = [];
  let out = '';
  const readAttribute = (match: RegExpExecArray): string => {
    const name = match[1] ?? '';
    const value = match[2] ?? match[3] ?? '';
    if (refusedAttribute.test(name)) refuse(`${name} is not allowed`);
    const count = value.split(mark).length - 1;
    const whole = value === mark;
    const url = urls.has(name.toLowerCase());
    // Where a hole begins an address it could choose the scheme, and only a whole value is looked at for one.
    if (url && !whole && value.startsWith(mark)) refuse(`a value that begins ${name} must be all of it`);
    for (let i = 0; i < count; i += 1) holes.push({ name, whole, url });
    out += whole ? mark : match[0];
    return name.toLowerCase();
  };
  const readTag = (tag: string): void => {
    if (refusedTag.test(tag)) refuse(`<${tag}> is not allowed`);
    const names: string[] = [];
    out += `<${tag}`;
    for (let found = take(attribute); found !== null; found = take(attribute)) names.push(readAttribute(found));
    const end = take(tagEnd) ?? refuse('an unquoted value, a value in a tag, or an unfinished tag');
    out += end[0];
    if (tag.toLowerCase() !== 'script') return;
    if (!names.includes('src') || !source.startsWith('</script>', at)) refuse('inline script is not allowed');
  };

  while (at < source.length) {
    const words = take(text);
    const rest = words ?? take(doctype) ?? take(comment) ?? take(closing);
    if (words !== null) for (let i = words[0].split(mark).length; i > 1; i -= 1) holes.push({});
    if (rest !== null) out += rest[0];
    else readTag((take(opening) ?? refuse('a bare <, or a value in a comment or tag'))[1] ?? '');
  }
  return { parts: out.split(mark), holes };
};

const known = new WeakMap<TemplateStringsArray, Blueprint>();

/** @throws TypeError naming what is wrong with the template. */
export const blueprintOf = (statics: TemplateStringsArray): Blueprint => {
  const before = known.get(statics);
  if (before !== undefined) return before;
  const blueprint = read(statics);
  known.set(statics, blueprint);
  return blueprint;
};
