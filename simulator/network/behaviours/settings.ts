import type { Answering, AnsweringName } from './api.ts';
import { answerings } from './api.ts';
import type { Reporting, ReportingName } from './callbacks.ts';
import { reportings } from './callbacks.ts';
import type { CallDoing, CallDoingName } from './calls.ts';
import { callDoings } from './calls.ts';
import type { TextDoing, TextDoingName } from './texts.ts';
import { textDoings } from './texts.ts';

export type Kind = 'calls' | 'texts';

/** How one number is set: what the phone does, how the network reports, how the API answers; calls and texts apart. */
export interface Behaviour {
  readonly calls: CallDoingName;
  readonly texts: TextDoingName;
  readonly callbacks: Readonly<Record<Kind, ReportingName>>;
  readonly api: Readonly<Record<Kind, AnsweringName>>;
}

/** What is to be different; the rest stays. One name for `callbacks` or `api` stands for calls and texts. */
export interface BehaviourChange {
  readonly calls?: CallDoingName;
  readonly texts?: TextDoingName;
  readonly callbacks?: ReportingName | Readonly<Partial<Record<Kind, ReportingName>>>;
  readonly api?: AnsweringName | Readonly<Partial<Record<Kind, AnsweringName>>>;
}

export const usual: Behaviour = {
  calls: 'rings',
  texts: 'at-once',
  callbacks: { calls: 'normal', texts: 'normal' },
  api: { calls: 'answers', texts: 'answers' },
};

/** An office answers by its switchboard, and takes no texts. */
export const usualOffice: Behaviour = { ...usual, calls: 'switchboard', texts: 'landline' };

export const callDoing = ({ calls }: Behaviour): CallDoing => callDoings[calls];
export const textDoing = ({ texts }: Behaviour): TextDoing => textDoings[texts];
export const reporting = ({ callbacks }: Behaviour, kind: Kind): Reporting => reportings[callbacks[kind]];
export const answering = (name: AnsweringName): Answering => answerings[name];

const isIn =
  <Name extends string>(table: Readonly<Record<Name, unknown>>) =>
  (value: unknown): value is Name =>
    typeof value === 'string' && Object.hasOwn(table, value);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const both = (value: unknown): unknown =>
  typeof value === 'string' || value === undefined ? { calls: value, texts: value } : value;
const kinds: readonly string[] = ['calls', 'texts'] satisfies readonly Kind[];
const isPair = (value: unknown, is: (name: unknown) => boolean): boolean =>
  isRecord(value) &&
  Object.entries(value).every(([kind, name]) => kinds.includes(kind) && (name === undefined || is(name)));

const checks: Readonly<Record<string, (value: unknown) => boolean>> = {
  calls: isIn(callDoings),
  texts: isIn(textDoings),
  callbacks: value => isPair(both(value), isIn(reportings)),
  api: value => isPair(both(value), isIn(answerings)),
};

/** An untrusted value as a change. Undefined: it is none. */
export const readChange = (value: unknown): BehaviourChange | undefined => {
  if (!isRecord(value)) return undefined;
  const good = Object.entries(value).every(([name, part]) => Object.hasOwn(checks, name) && checks[name]?.(part));
  return good ? value : undefined;
};

export const isAnswering = isIn(answerings);

const given = (value: unknown): object =>
  Object.fromEntries(Object.entries(both(value) as object).filter(([, name]) => name !== undefined));

/** How a number is set after a change. */
export const changed = (was: Behaviour, { calls, texts, callbacks, api }: BehaviourChange): Behaviour => ({
  calls: calls ?? was.calls,
  texts: texts ?? was.texts,
  callbacks: { ...was.callbacks, ...given(callbacks) },
  api: { ...was.api, ...given(api) },
});
