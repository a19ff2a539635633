/** Keeps a decision in a text of at most 1 KiB for the audit, and reads it back. Names of rules that find no room are counted. */
import { isJsonObject, jsonObjectIn } from '../json-object.ts';
import type { Decision, SourceOutcome, NotApplying } from './policy.ts';

/**
 * How the second step was proven. asked: in this sign-in. session: before, in the session. remembered: the browser took its place.
 * none: there was no second step.
 */
export type SecondStepUse =
  | { readonly how: 'asked' | 'session'; readonly factor: string }
  | { readonly how: 'remembered' | 'none' };

/** A decision as it was recorded. */
export interface KeptTrace {
  /** Version of the policy, as the node had it. */
  readonly version: string;
  readonly acr: string;
  readonly mfaMaxAge?: number;
  readonly factors?: readonly string[];
  readonly consent?: true;
  /** The rule that refused the sign-in. */
  readonly denied?: string;
  /** Networks of the address; absent: the address was not known. */
  readonly networks?: readonly string[];
  readonly second?: SecondStepUse;
  /** Sources that decided, those that applied and required less, and those that did not apply, with the reason. */
  readonly decided: readonly string[];
  readonly applied: readonly string[];
  readonly others: readonly (readonly [source: string, why: string])[];
  /** Sources that found no room. */
  readonly more: number;
}

/** Bytes. */
export const longestTrace = 1024;

/** Most networks that are kept. An address belongs to few. */
const maxNetworks = 5;

const bytesOf = (kept: KeptTrace): number => Buffer.byteLength(JSON.stringify(kept));

/** The text of a decision. Those that decided come first, then those that applied: the least important find no room. */
export const traceText = ({ required, trace }: Decision, second?: SecondStepUse): string => {
  const { acr, mfaMaxAge, factors, consent, denied } = required;
  const empty: KeptTrace = {
    version: trace.version,
    acr,
    ...(mfaMaxAge !== undefined && { mfaMaxAge }),
    ...(factors !== undefined && { factors }),
    ...(consent && { consent: true }),
    ...(denied !== undefined && { denied: denied.rule }),
    ...(trace.networks !== undefined && { networks: trace.networks.slice(0, maxNetworks) }),
    ...(second !== undefined && { second }),
    decided: [],
    applied: [],
    others: [],
    // As long as the longest count, so that the count always finds room.
    more: 100,
  };
  const ordered = trace.sources.toSorted((a, b) => weight(b) - weight(a));
  let kept = empty;
  let more = 0;
  for (const source of ordered) {
    const next = withSource(kept, source);
    if (bytesOf(next) <= longestTrace) kept = next;
    else more += 1;
  }
  return JSON.stringify({ ...kept, more });
};

const weight = ({ decides, not }: SourceOutcome): number => (decides ? 2 : not === undefined ? 1 : 0);

const withSource = (kept: KeptTrace, { source, not, decides }: SourceOutcome): KeptTrace => {
  if (not !== undefined) return { ...kept, others: [...kept.others, [source, not]] };
  return decides ? { ...kept, decided: [...kept.decided, source] } : { ...kept, applied: [...kept.applied, source] };
};

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

/** Reads the text of a decision; undefined: it is none. Members that a later release adds are ignored. */
export const readTrace = (text: unknown): KeptTrace | undefined => {
  if (typeof text !== 'string' || Buffer.byteLength(text) > longestTrace) return undefined;
  const read = jsonObjectIn(text);
  if (read === undefined) return undefined;
  const { version, acr, mfaMaxAge, factors, consent, denied, networks, second, decided, applied, others, more } = read;
  if (typeof version !== 'string' || typeof acr !== 'string') return undefined;
  const use = secondIn(second);
  return {
    version,
    acr,
    ...(typeof mfaMaxAge === 'number' && { mfaMaxAge }),
    ...(Array.isArray(factors) && { factors: textsIn(factors) }),
    ...(consent === true && { consent }),
    ...(typeof denied === 'string' && { denied }),
    ...(Array.isArray(networks) && { networks: textsIn(networks) }),
    ...(use !== undefined && { second: use }),
    decided: textsIn(decided),
    applied: textsIn(applied),
    others: (Array.isArray(others) ? others : []).map(each => {
      const [source = '', why = ''] = textsIn(each);
      return [source, why];
    }),
    more: typeof more === 'number' ? more : 0,
  };
};

const secondIn = (value: unknown): SecondStepUse | undefined => {
  if (!isJsonObject(value)) return undefined;
  const { how, factor } = value;
  if (how === 'remembered' || how === 'none') return { how };
  return (how === 'asked' || how === 'session') && typeof factor === 'string' ? { how, factor } : undefined;
};

/** Why a rule did not apply, in words for operators. */
export const notApplyingWords: Readonly<Record<NotApplying, string>> = {
  client: 'it is about other clients',
  group: 'the person is in none of its groups',
  network: 'the address is in none of its networks',
  time: 'it is for another time',
  unless: 'an exception of it holds',
  waiting: 'the person was not known yet',
  exempt: 'the account is one for an emergency',
};
