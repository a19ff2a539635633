/** Reads TwiML documents, strictly, so that a mistake is found here and not on a real telephone. */
import type { Element } from './xml.ts';
import { readXml, XmlError } from './xml.ts';

/** Speaks a text. */
export interface Say {
  readonly verb: 'Say';
  readonly text: string;
  /** BCP 47; Twilio's default is en-US. */
  readonly language: string;
  readonly voice?: string;
}
/** Waits in silence. */
export interface Pause {
  readonly verb: 'Pause';
  readonly seconds: number;
}
/** Collects keys, with prompts. https://www.twilio.com/docs/voice/twiml/gather */
export interface Gather {
  readonly verb: 'Gather';
  readonly action?: string;
  readonly method: 'GET' | 'POST';
  /** Undefined: no limit. */
  readonly numDigits?: number;
  /** One key; '' means no key. */
  readonly finishOnKey: string;
  /** Seconds of silence, counted from the end of the prompt or from the last key. */
  readonly timeout: number;
  readonly actionOnEmptyResult: boolean;
  readonly prompts: readonly (Say | Pause)[];
}
/** Continues with another document. */
export interface Redirect {
  readonly verb: 'Redirect';
  readonly url: string;
  readonly method: 'GET' | 'POST';
}
/** A verb that this network performs. */
export type Verb = Say | Pause | Gather | Redirect | { readonly verb: 'Hangup' };

/** A document that this network does not perform. `code` is Twilio's: 11100 not a URL, 12100 not XML, 12200 not TwiML. */
export class TwimlError extends Error {
  override readonly name = 'TwimlError';
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

type Attributes = ReadonlyMap<string, string>;

const method = /^(GET|POST)$/;
const seconds = /^[1-9][0-9]{0,2}$/;
/** The attributes of each verb. Everything else is refused. */
const grammar: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  Response: {},
  Say: { language: /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, voice: /^[\w.-]{1,80}$/ },
  Pause: { length: seconds },
  Gather: {
    input: /^dtmf$/,
    action: /^.{1,4000}$/,
    method,
    numDigits: /^[1-9][0-9]{0,2}$/,
    finishOnKey: /^[0-9#*]?$/,
    timeout: seconds,
    actionOnEmptyResult: /^(true|false)$/,
  },
  Redirect: { method },
  Hangup: {},
};

const invalid = (message: string): TwimlError => new TwimlError(12200, message);

const checkAttributes = ({ name, attributes }: Element): void => {
  const allowed = grammar[name];
  if (allowed === undefined) throw invalid(`<${name}> is not a verb this network performs`);
  for (const [attribute, value] of attributes) {
    const check = Object.hasOwn(allowed, attribute) ? allowed[attribute] : undefined;
    if (check === undefined) throw invalid(`<${name}> has no attribute ${attribute}`);
    if (!check.test(value)) throw invalid(`<${name} ${attribute}="${value}">: expected ${check.source}`);
  }
};

const textOf = (element: Element): string => {
  const texts = element.children.filter(child => typeof child === 'string');
  if (texts.length < element.children.length) throw invalid(`<${element.name}> may contain text only`);
  const text = texts.join('').replace(/\s+/g, ' ').trim();
  if (text === '') throw invalid(`<${element.name}> is empty`);
  return text;
};

const elementsOf = (element: Element): readonly Element[] =>
  element.children.flatMap(child => {
    if (typeof child !== 'string') return [child];
    if (child.trim() === '') return [];
    throw invalid(`text directly inside <${element.name}>`);
  });

const requireEmpty = (element: Element): void => {
  if (elementsOf(element).length > 0) throw invalid(`<${element.name}> must be empty`);
};

const methodOf = (attributes: Attributes): 'GET' | 'POST' => (attributes.get('method') === 'GET' ? 'GET' : 'POST');

const readGather = (element: Element): Gather => {
  const { attributes } = element;
  const action = attributes.get('action');
  const numDigits = attributes.get('numDigits');
  const prompts = elementsOf(element).map(child => {
    const verb = readVerb(child);
    if (verb.verb !== 'Say' && verb.verb !== 'Pause') throw invalid(`<${verb.verb}> inside <Gather>`);
    return verb;
  });
  return {
    verb: 'Gather',
    ...(action !== undefined && { action }),
    ...(numDigits !== undefined && { numDigits: Number(numDigits) }),
    method: methodOf(attributes),
    finishOnKey: attributes.get('finishOnKey') ?? '#',
    timeout: Number(attributes.get('timeout') ?? 5),
    actionOnEmptyResult: attributes.get('actionOnEmptyResult') === 'true',
    prompts,
  };
};

const readVerb = (element: Element): Verb => {
  checkAttributes(element);
  const { attributes } = element;
  switch (element.name) {
    case 'Say': {
      const voice = attributes.get('voice');
      const language = attributes.get('language') ?? 'en-US';
      return { verb: 'Say', text: textOf(element), language, ...(voice !== undefined && { voice }) };
    }
    case 'Pause':
      requireEmpty(element);
      return { verb: 'Pause', seconds: Number(attributes.get('length') ?? 1) };
    case 'Gather':
      return readGather(element);
    case 'Redirect':
      return { verb: 'Redirect', url: textOf(element), method: methodOf(attributes) };
    case 'Hangup':
      requireEmpty(element);
      return { verb: 'Hangup' };
    default:
      throw invalid(`<${element.name}> is not allowed here`);
  }
};

/** The verbs of a TwiML document, in order. @throws TwimlError for everything that this network does not perform. */
export const readTwiml = (source: string): readonly Verb[] => {
  try {
    const root = readXml(source);
    if (root.name !== 'Response') throw invalid(`expected <Response>, got <${root.name}>`);
    checkAttributes(root);
    return elementsOf(root).map(readVerb);
  } catch (error) {
    if (error instanceof XmlError) throw new TwimlError(12100, `not well-formed: ${error.message}`);
    throw error;
  }
};
