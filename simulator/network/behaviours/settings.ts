/** Combines the four tables to the settings of one number, and reads changes from untrusted input. */
import type { ApiBehaviour, ApiBehaviourName } from './api.ts';
import { apiBehaviours } from './api.ts';
import type { CallbackBehaviour, CallbackBehaviourName } from './callbacks.ts';
import { callbackBehaviours } from './callbacks.ts';
import type { CallBehaviour, CallBehaviourName } from './calls.ts';
import { callBehaviours } from './calls.ts';
import type { TextBehaviour, TextBehaviourName } from './texts.ts';
import { textBehaviours } from './texts.ts';

/** A setting may differ between calls and texts. */
export type Kind = 'calls' | 'texts';

/** The settings of one number: what the phone does, how the network reports, how the API answers. */
export interface BehaviourSettings {
  readonly calls: CallBehaviourName;
  readonly texts: TextBehaviourName;
  readonly callbacks: Readonly<Record<Kind, CallbackBehaviourName>>;
  readonly api: Readonly<Record<Kind, ApiBehaviourName>>;
}

/** Settings to change; the rest stays. One name for `callbacks` or `api` sets calls and texts. */
export interface BehaviourChange {
  readonly calls?: CallBehaviourName;
  readonly texts?: TextBehaviourName;
  readonly callbacks?: CallbackBehaviourName | Readonly<Partial<Record<Kind, CallbackBehaviourName>>>;
  readonly api?: ApiBehaviourName | Readonly<Partial<Record<Kind, ApiBehaviourName>>>;
}

/** The settings of a number that was never changed. */
export const defaultSettings: BehaviourSettings = {
  calls: 'rings',
  texts: 'at-once',
  callbacks: { calls: 'normal', texts: 'normal' },
  api: { calls: 'answers', texts: 'answers' },
};

/** The same for an office: its switchboard answers, and it takes no texts. */
export const defaultOfficeSettings: BehaviourSettings = { ...defaultSettings, calls: 'switchboard', texts: 'landline' };

/** The row that is set for calls. */
export const callBehaviourOf = ({ calls }: BehaviourSettings): CallBehaviour => callBehaviours[calls];
/** The row that is set for texts. */
export const textBehaviourOf = ({ texts }: BehaviourSettings): TextBehaviour => textBehaviours[texts];
/** The row that is set for the webhooks of calls or texts. */
export const callbackBehaviourOf = ({ callbacks }: BehaviourSettings, kind: Kind): CallbackBehaviour =>
  callbackBehaviours[callbacks[kind]];
/** The row of this name. */
export const apiBehaviourOf = (name: ApiBehaviourName): ApiBehaviour => apiBehaviours[name];

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
  calls: isIn(callBehaviours),
  texts: isIn(textBehaviours),
  callbacks: value => isPair(both(value), isIn(callbackBehaviours)),
  api: value => isPair(both(value), isIn(apiBehaviours)),
};

/** Reads an untrusted value as a change. Undefined: it is not one. */
export const readChange = (value: unknown): BehaviourChange | undefined => {
  if (!isRecord(value)) return undefined;
  const isValid = Object.entries(value).every(([name, part]) => Object.hasOwn(checks, name) && checks[name]?.(part));
  return isValid ? value : undefined;
};

/** Whether an untrusted value names a behaviour of the API. */
export const isApiBehaviourName = isIn(apiBehaviours);

const defined = (value: unknown): object =>
  Object.fromEntries(Object.entries(both(value) as object).filter(([, name]) => name !== undefined));

/** The settings after a change. */
export const applyChange = (
  settings: BehaviourSettings,
  { calls, texts, callbacks, api }: BehaviourChange,
): BehaviourSettings => ({
  calls: calls ?? settings.calls,
  texts: texts ?? settings.texts,
  callbacks: { ...settings.callbacks, ...defined(callbacks) },
  api: { ...settings.api, ...defined(api) },
});
