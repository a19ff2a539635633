/**
 * Reads XML 1.0 documents: elements, attributes, text, CDATA, comments and the predefined entities. No DTD.
 * By hand, because fast-xml-parser 5.12 with its validator accepts two roots, unknown entities, `<` in attributes and more.
 */

/** An element with its attributes, and its child elements and texts in order. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (Element | string)[];
}

/** Says why a text is not well-formed, and where. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

const nameAt = /[A-Za-z_:][\w:.-]*/y;
const spaceAt = /[ \t\r\n]*/y;
const attributeAt = /[ \t\r\n]+([A-Za-z_:][\w:.-]*)[ \t\r\n]*=[ \t\r\n]*(?:"([^"<]*)"|'([^'<]*)')/y;
const textAt = /[^<]+/y;
const declarationAt = /<\?xml(?:[ \t\r\n][^?]*)?\?>/y;
const commentAt = /<!--(?:[^-]|-(?!-))*-->/y;
const dataAt = /<!\[CDATA\[([\s\S]*?)\]\]>/y;
/** Characters that no document may contain, not even as a reference (XML 1.0 §2.2). */
// oxlint-disable-next-line no-control-regex -- these characters are the subject
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const maxDepth = 20;

const character = (reference: string): string => {
  const plain = named[reference];
  if (plain !== undefined) return plain;
  const digits = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(reference);
  const [, hex, decimal] = digits ?? [];
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const surrogate = code >= 0xd800 && code <= 0xdfff;
  if (!Number.isInteger(code) || code > 0x10ffff || surrogate || forbidden.test(String.fromCodePoint(code))) {
    throw new XmlError(`unknown reference &${reference};`);
  }
  return String.fromCodePoint(code);
};

const unescape = (text: string): string =>
  text.replace(/&([^;&]{0,10};)?/g, (whole, reference?: string) => {
    if (reference === undefined) throw new XmlError(`an ampersand that does not begin a reference: ${whole}`);
    return character(reference.slice(0, -1));
  });

/** Reads one document and gives its root. @throws XmlError when it is not well-formed. */
export const readXml = (source: string): Element => {
  if (forbidden.test(source)) throw new XmlError('a control character');
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(source) ?? undefined;
    if (found !== undefined) at = pattern.lastIndex;
    return found;
  };
  const error = (what: string): XmlError => new XmlError(`${what} at character ${at}`);
  const expect = (text: string): void => {
    if (!source.startsWith(text, at)) throw error(`expected ${text}`);
    at += text.length;
  };
  const skipMisc = (): void => {
    do take(spaceAt);
    while (take(commentAt) !== undefined);
  };

  const readAttributes = (): Map<string, string> => {
    const attributes = new Map<string, string>();
    for (let found = take(attributeAt); found !== undefined; found = take(attributeAt)) {
      const [, name = '', double, single = ''] = found;
      if (attributes.has(name)) throw error(`attribute ${name} twice`);
      attributes.set(name, unescape(double ?? single).replace(/[\t\r\n]/g, ' '));
    }
    take(spaceAt);
    return attributes;
  };

  const readChildren = (depth: number): (Element | string)[] => {
    const children: (Element | string)[] = [];
    while (!source.startsWith('</', at)) {
      const data = take(dataAt);
      const text = data === undefined ? take(textAt) : undefined;
      if (data !== undefined) children.push(data[1] ?? '');
      else if (text === undefined && take(commentAt) !== undefined) continue;
      else if (text === undefined) children.push(readElement(depth + 1));
      else if (text[0].includes(']]>')) throw error(']]> in text');
      else children.push(unescape(text[0]));
    }
    return children;
  };

  const readElement = (depth: number): Element => {
    if (depth > maxDepth) throw error(`more than ${maxDepth} elements inside one another`);
    expect('<');
    const name = take(nameAt)?.[0];
    if (name === undefined) throw error('expected the name of an element');
    const attributes = readAttributes();
    if (source.startsWith('/>', at)) {
      at += 2;
      return { name, attributes, children: [] };
    }
    expect('>');
    const children = readChildren(depth);
    expect(`</${name}`);
    take(spaceAt);
    expect('>');
    return { name, attributes, children };
  };

  if (source.startsWith('\uFEFF')) at = 1;
  take(declarationAt);
  skipMisc();
  const root = readElement(1);
  skipMisc();
  if (at !== source.length) throw error('content after the end of the document');
  return root;
};
