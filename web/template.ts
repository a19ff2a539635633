/**
 * Parses the static text of an HTML template once: finds each place for a value, and refuses an unsafe one.
 * Understands only the markup that our pages use. Everything else is an error, so a mistake shows at the first request.
 */

/** A place for a value. */
export interface Hole {
  /** The attribute that it is in; absent in text. */
  readonly name?: string;
  /** The value is the whole attribute, not a part of it. */
  readonly whole?: boolean;
  /** The attribute is an address that a browser follows or loads. */
  readonly url?: boolean;
}

export interface ParsedTemplate {
  /**
   * The texts around the holes: one more than there are holes.
   * Name and quotes of a `whole` attribute are left out, because an absent value removes them.
   */
  readonly texts: readonly string[];
  readonly holes: readonly Hole[];
}

const mark = '\u0000';
const urls = new Set(['href', 'src', 'action', 'formaction', 'poster', 'data', 'xlink:href']);
const refusedAttribute = /^(?:on.*|style|srcdoc)$/iu;
// Browsers do not parse their content as markup, so escaping has no effect there.
const refusedTag = /^(?:style|xmp|plaintext|iframe|noembed|noframes|base)$/iu;

const text = /[^<]+/uy;
const doctype = /<!doctype [^<>\0]*>/iuy;
const comment = /<!--[^\0]*?-->/uy;
const closing = /<\/[a-z][a-z0-9-]*\s*>/iuy;
const opening = /<([a-z][a-z0-9-]*)/iuy;
const attribute = /\s+([^\s"'<>/=\0]+)(?:=(?:"([^"]*)"|'([^']*)'))?(?=[\s/>])/uy;
const tagEnd = /\s*\/?>/uy;

const parse = (statics: readonly string[]): ParsedTemplate => {
  if (statics.some(each => each.includes(mark))) throw new TypeError('a template with a NUL in it');
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
    // A value at the start of an address could choose the scheme. The scheme is checked only in a whole value.
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
    const found = take(text);
    const rest = found ?? take(doctype) ?? take(comment) ?? take(closing);
    if (found !== null) for (let i = found[0].split(mark).length; i > 1; i -= 1) holes.push({});
    if (rest !== null) out += rest[0];
    else readTag((take(opening) ?? refuse('a bare <, or a value in a comment or tag'))[1] ?? '');
  }
  return { texts: out.split(mark), holes };
};

const cache = new WeakMap<TemplateStringsArray, ParsedTemplate>();

/**
 * The template of one place in the source. JavaScript gives the same `statics` object each time, so it is parsed once.
 * @throws TypeError that names the fault and the text around it.
 */
export const parseTemplate = (statics: TemplateStringsArray): ParsedTemplate => {
  const cached = cache.get(statics);
  if (cached !== undefined) return cached;
  const parsed = parse(statics);
  cache.set(statics, parsed);
  return parsed;
};
