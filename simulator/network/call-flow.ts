import type { Pace } from '../time/pace.ts';
import { wordTime } from '../time/pace.ts';
import type { Call } from './call.ts';
import type { Connection } from './connection.ts';
import { onKey, onSilence } from './gather.ts';
import type { Fields } from './signature.ts';
import type { Gather, Pause, Say, Verb } from './twiml.ts';
import { readTwiml, TwimlFault } from './twiml.ts';

/** A document to be asked for. */
export interface Wanted {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** Fields beside those that tell of the call. */
  readonly extra: Fields;
}

/** What one call needs to be performed. `fetch` gives the TwiML text, or undefined when the server gave none. */
export interface Stage {
  readonly call: Call;
  readonly connection: Connection;
  readonly pace: Pace;
  readonly fetch: (wanted: Wanted) => Promise<string | undefined>;
  readonly changed: () => void;
  /** A document was refused: shown on the wire. */
  readonly refused: (fault: TwimlFault) => void;
}

/** Undefined: on to the next verb. */
type Turn = { readonly ask: Wanted; readonly redirected: boolean } | 'hang up' | undefined;

const mostRedirects = 20;
const mostDocuments = 100;
const apology = 'We are sorry. An application error has occurred. Goodbye.';

const speak = async (stage: Stage, say: Say, bargeIn: boolean): Promise<void> => {
  const words = say.text.split(' ').length;
  const utterance = { who: 'line' as const, text: say.text, language: say.language, words, spoken: 0 };
  stage.call.heard.push(utterance);
  const each = wordTime(stage.pace);
  while (utterance.spoken < words) {
    utterance.spoken = each === 0 ? words : utterance.spoken + 1;
    stage.changed();
    const woken = each === 0 ? undefined : await stage.connection.wait(each);
    if (stage.connection.isOver || (bargeIn && woken === 'key')) return;
  }
};

const pause = async (stage: Stage, { seconds }: Pause): Promise<void> => {
  if (stage.pace !== 'instant') await stage.connection.wait(seconds * 1000);
};

/** Relative addresses count from the document they stand in. */
const resolve = (base: string, url: string): string => {
  const address = URL.parse(url, base);
  if (address?.protocol === 'http:' || address?.protocol === 'https:') return address.href;
  throw new TwimlFault(11100, `not an address to ask: ${url}`);
};

const listenFor = async (stage: Stage, gather: Gather) => {
  const { connection } = stage;
  let digits = '';
  // A finishing key or numDigits ends it; without either, this many keys do.
  for (let pressed = 0; pressed < 200 && !connection.isOver; pressed += 1) {
    const woken = await connection.wait(gather.timeout * 1000, 'silence');
    if (woken === 'over') return undefined;
    if (woken === 'time') return onSilence(gather, digits);
    const step = onKey(gather, digits, connection.nextKey() ?? '');
    if (step.next !== 'listen') return step;
    ({ digits } = step);
  }
  return onSilence(gather, digits);
};

const perform = async (stage: Stage, gather: Gather, base: string): Promise<Turn> => {
  const { call, connection } = stage;
  connection.listen();
  call.listening = true;
  stage.changed();
  for (const prompt of gather.prompts) {
    if (prompt.verb === 'Say') await speak(stage, prompt, true);
    else await pause(stage, prompt);
    // Barge-in: the first key silences what is left.
    if (connection.keyWaits) break;
  }
  const step = await listenFor(stage, gather);
  connection.deafen();
  call.listening = false;
  stage.changed();
  if (step?.next !== 'submit') return undefined;
  const extra: Fields = [
    ['Digits', step.digits],
    ['FinishedOnKey', step.finishedOnKey],
    ['msg', 'Gather End'],
  ];
  return { ask: { url: resolve(base, gather.action ?? base), method: gather.method, extra }, redirected: false };
};

const performOne = async (stage: Stage, verb: Verb, base: string): Promise<Turn> => {
  switch (verb.verb) {
    case 'Say':
      await speak(stage, verb, false);
      return undefined;
    case 'Pause':
      await pause(stage, verb);
      return undefined;
    case 'Gather':
      return perform(stage, verb, base);
    case 'Redirect':
      return { ask: { url: resolve(base, verb.url), method: verb.method, extra: [] }, redirected: true };
    case 'Hangup':
    default:
      return 'hang up';
  }
};

const performAll = async (stage: Stage, verbs: readonly Verb[], base: string): Promise<Turn> => {
  for (const verb of verbs) {
    if (stage.connection.isOver) return 'hang up';
    const turn = await performOne(stage, verb, base);
    if (turn !== undefined) return turn;
  }
  return 'hang up';
};

/** Performs one document. Undefined: there was none that can be performed. */
const follow = async (stage: Stage, source: string | undefined, base: string): Promise<Turn> => {
  if (source === undefined) return undefined;
  try {
    return await performAll(stage, readTwiml(source), base);
  } catch (error) {
    if (!(error instanceof TwimlFault)) throw error;
    stage.refused(error);
    return undefined;
  }
};

/** Performs documents until one ends the call. Gives why it ended. */
export const converse = async (stage: Stage, first: Wanted): Promise<string> => {
  let wanted = first;
  let redirects = 0;
  for (let documents = 0; documents < mostDocuments; documents += 1) {
    const source = await stage.fetch(wanted);
    if (stage.connection.isOver) return 'over';
    const turn = await follow(stage, source, wanted.url);
    if (turn === undefined) {
      await speak(stage, { verb: 'Say', text: apology, language: 'en-US' }, false);
      return 'The server gave no usable TwiML';
    }
    if (turn === 'hang up') return 'The line hung up';
    redirects += turn.redirected ? 1 : 0;
    if (redirects > mostRedirects) return `More than ${mostRedirects} redirects`;
    wanted = turn.ask;
  }
  return `More than ${mostDocuments} documents`;
};
