/**
 * Runs the TwiML of one call: requests a document, performs its verbs, and follows actions and redirects.
 *
 *     request a document → perform its verbs → Redirect, or Gather with digits → request the next document
 *                                            → Hangup, or end of the document  → end of the call
 */
import type { Pace } from '../time/pace.ts';
import { wordTime } from '../time/pace.ts';
import type { Call } from './call.ts';
import type { Connection } from './connection.ts';
import type { GatherResult } from './gather.ts';
import { onKey, onSilence } from './gather.ts';
import type { Fields } from './signature.ts';
import type { Gather, Pause, Say, Verb } from './twiml.ts';
import { readTwiml, TwimlError } from './twiml.ts';

/** A request for a TwiML document. */
export interface DocumentRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** Fields beside those that describe the call. */
  readonly extra: Fields;
}

/** What running one call needs. */
export interface CallFlowDeps {
  readonly call: Call;
  readonly connection: Connection;
  readonly pace: Pace;
  /** Gives the TwiML text. Undefined: the server gave no usable answer. */
  readonly fetch: (request: DocumentRequest) => Promise<string | undefined>;
  /** Called after each change of the call. */
  readonly changed: () => void;
  /** Called with the reason for which a document was refused. */
  readonly refused: (error: TwimlError) => void;
}

/** What follows a verb. Undefined: the next verb. */
type VerbResult = { readonly request: DocumentRequest; readonly isRedirect: boolean } | 'hang up' | undefined;

/** A document that could not be fetched or performed, with Twilio's code. */
interface Failed {
  readonly code: number;
}

/** Twilio's code for a document that an HTTP request did not bring. https://www.twilio.com/docs/api/errors/11200 */
const httpFailure = 11_200;
const maxRedirects = 20;
const maxDocuments = 100;
/** Ends a Gather that neither a finishing key nor numDigits ends. */
const maxDigits = 200;
const apology = 'We are sorry. An application error has occurred. Goodbye.';

const speak = async (deps: CallFlowDeps, say: Say, bargeIn: boolean): Promise<void> => {
  const words = say.text.split(' ').length;
  const utterance = { who: 'line' as const, text: say.text, language: say.language, words, spoken: 0 };
  deps.call.heard.push(utterance);
  const each = wordTime(deps.pace);
  while (utterance.spoken < words) {
    utterance.spoken = each === 0 ? words : utterance.spoken + 1;
    deps.changed();
    const result = each === 0 ? undefined : await deps.connection.wait(each);
    if (deps.connection.isOver || (bargeIn && result === 'key')) return;
  }
};

const pause = async (deps: CallFlowDeps, { seconds }: Pause): Promise<void> => {
  if (deps.pace !== 'instant') await deps.connection.wait(seconds * 1000);
};

/** Resolves a relative URL against the document it is in. @throws TwimlError for a URL that is not http or https. */
const resolve = (base: string, url: string): string => {
  const resolved = URL.parse(url, base);
  if (resolved?.protocol === 'http:' || resolved?.protocol === 'https:') return resolved.href;
  throw new TwimlError(11100, `not an http or https URL: ${url}`);
};

/** Reads keys until the Gather is complete. Undefined: the call ended. */
const readKeys = async ({ connection }: CallFlowDeps, gather: Gather): Promise<GatherResult | undefined> => {
  let digits = '';
  for (let pressed = 0; pressed < maxDigits && !connection.isOver; pressed += 1) {
    const result = await connection.wait(gather.timeout * 1000, 'silence');
    if (result === 'ended') return undefined;
    if (result === 'timeout') return onSilence(gather, digits);
    const next = onKey(gather, digits, connection.nextKey() ?? '');
    if (next.next !== 'listen') return next;
    ({ digits } = next);
  }
  return onSilence(gather, digits);
};

const performGather = async (deps: CallFlowDeps, gather: Gather, base: string): Promise<VerbResult> => {
  const { call, connection } = deps;
  connection.listen();
  call.listening = true;
  deps.changed();
  for (const prompt of gather.prompts) {
    if (prompt.verb === 'Say') await speak(deps, prompt, true);
    else await pause(deps, prompt);
    // Barge-in: the first key ends the prompts.
    if (connection.keyWaits) break;
  }
  const result = await readKeys(deps, gather);
  connection.stopListening();
  call.listening = false;
  deps.changed();
  if (result?.next !== 'submit') return undefined;
  const extra: Fields = [
    ['Digits', result.digits],
    ['FinishedOnKey', result.finishedOnKey],
    ['msg', 'Gather End'],
  ];
  return { request: { url: resolve(base, gather.action ?? base), method: gather.method, extra }, isRedirect: false };
};

const performVerb = async (deps: CallFlowDeps, verb: Verb, base: string): Promise<VerbResult> => {
  switch (verb.verb) {
    case 'Say':
      await speak(deps, verb, false);
      return undefined;
    case 'Pause':
      await pause(deps, verb);
      return undefined;
    case 'Gather':
      return performGather(deps, verb, base);
    case 'Redirect':
      return { request: { url: resolve(base, verb.url), method: verb.method, extra: [] }, isRedirect: true };
    case 'Hangup':
    default:
      return 'hang up';
  }
};

const performVerbs = async (deps: CallFlowDeps, verbs: readonly Verb[], base: string): Promise<VerbResult> => {
  for (const verb of verbs) {
    if (deps.connection.isOver) return 'hang up';
    const result = await performVerb(deps, verb, base);
    if (result !== undefined) return result;
  }
  return 'hang up';
};

/** Performs one document. Undefined: it is missing or cannot be performed. */
const performDocument = async (
  deps: CallFlowDeps,
  source: string | undefined,
  base: string,
): Promise<Exclude<VerbResult, undefined> | Failed> => {
  if (source === undefined) return { code: httpFailure };
  try {
    return (await performVerbs(deps, readTwiml(source), base)) ?? 'hang up';
  } catch (error) {
    if (!(error instanceof TwimlError)) throw error;
    deps.refused(error);
    return { code: error.code };
  }
};

/** The request to FallbackUrl after a failure. https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource */
const fallbackAfter = (
  { call }: CallFlowDeps,
  { code }: Failed,
  failed: DocumentRequest,
): DocumentRequest | undefined => {
  const { fallbackUrl, fallbackMethod } = call.parameters;
  if (fallbackUrl === undefined || failed.url === fallbackUrl) return undefined;
  const extra: Fields = [
    ['ErrorCode', String(code)],
    ['ErrorUrl', failed.url],
  ];
  return { url: fallbackUrl, method: fallbackMethod, extra };
};

/** Requests and performs documents until one ends the call. Gives the reason of the end. */
export const runCallFlow = async (deps: CallFlowDeps, first: DocumentRequest): Promise<string> => {
  let request = first;
  let redirects = 0;
  for (let documents = 0; documents < maxDocuments; documents += 1) {
    const source = await deps.fetch(request);
    if (deps.connection.isOver) return 'over';
    const result = await performDocument(deps, source, request.url);
    if (result !== 'hang up' && 'code' in result) {
      const fallback = fallbackAfter(deps, result, request);
      if (fallback !== undefined) {
        request = fallback;
        continue;
      }
      await speak(deps, { verb: 'Say', text: apology, language: 'en-US' }, false);
      return 'The server gave no usable TwiML';
    }
    if (result === 'hang up') return 'The line hung up';
    redirects += result.isRedirect ? 1 : 0;
    if (redirects > maxRedirects) return `More than ${maxRedirects} redirects`;
    ({ request } = result);
  }
  return `More than ${maxDocuments} documents`;
};
