/** Builds and parses our callback addresses. The parser accepts exactly the addresses that the builder makes. */
import { Problem } from '../../src/errors.ts';

/**
 * What Twilio posts there: `answered`, that the call was picked up; `answerer`, who did, if detected meanwhile; `fallback`, that
 * it could not use our last document; `keys`; `status`, its progress.
 */
export type CallbackStep = 'answered' | 'answerer' | 'fallback' | 'keys' | 'status';

/**
 * Earlier keys that an address may carry: `0`, which must be confirmed, and `e` for a person behind an extension, to whom the
 * switchboard has connected the call. A `#` is never carried, so that it counts only when it was just pressed.
 */
const previousKeySets = ['', '0', 'e', 'e0'] as const;

const below = (callbackBase: URL, path: string): string =>
  `${callbackBase.href.replace(/\/$/, '')}/callbacks/twilio/${path}`;

const namedSteps = ['answered', 'answerer', 'fallback', 'status'] as const satisfies readonly CallbackStep[];

const shape =
  /^\/callbacks\/twilio\/call\/(?<token>[A-Za-z0-9_-]{22})\/(?:(?<step>answered|answerer|fallback|status)|keys\?heard=(?<heard>e?0?))$/;

/** The address of one step of a call. @throws Problem 'internal' for keys that the parser would not accept. */
export const createAddress =
  (callbackBase: URL) =>
  (token: string, step: CallbackStep, previousKeys = ''): string => {
    if (!previousKeySets.some(each => each === previousKeys)) {
      throw new Problem(
        'internal',
        `got ${JSON.stringify(previousKeys)} as earlier keys, expected one of ${JSON.stringify(previousKeySets)}`,
      );
    }
    const address = below(callbackBase, `call/${token}/${step}`);
    return step === 'keys' ? `${address}?heard=${previousKeys}` : address;
  };

/** The parts of the address of a call; undefined for any other path. */
export const readAddress = (path: string): { token: string; step: CallbackStep; previousKeys: string } | undefined => {
  const { token, step, heard: previousKeys = '' } = shape.exec(path)?.groups ?? {};
  if (token === undefined) return undefined;
  return { token, step: namedSteps.find(each => each === step) ?? 'keys', previousKeys };
};

/** The address to which the status of a text is posted. */
export const textAddress = (callbackBase: URL, token: string): string => below(callbackBase, `text/${token}/status`);

/** The token in the address of a text; undefined for any other path. */
export const readTextAddress = (path: string): string | undefined =>
  /^\/callbacks\/twilio\/text\/([A-Za-z0-9_-]{22})\/status$/.exec(path)?.[1];
