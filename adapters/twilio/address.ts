/** The addresses of ours that Twilio is given: written and read here, so that none is read which is never written. */
import { Problem } from '../../src/errors.ts';

export type CallbackStep = 'answered' | 'keys' | 'status';

/**
 * What `keys` may carry of the keys before: the `0` that is to be confirmed, and the `e` that stands for whoever was put
 * through to an extension. A `#` counts only when it was just pressed.
 */
const carried = ['', '0', 'e', 'e0'] as const;

const below = (callbackBase: URL, path: string): string =>
  `${callbackBase.href.replace(/\/$/, '')}/callbacks/twilio/${path}`;

const shape =
  /^\/callbacks\/twilio\/call\/(?<token>[A-Za-z0-9_-]{22})\/(?:(?<step>answered|status)|keys\?heard=(?<heard>e?0?))$/;

/** Below the public address. @throws Problem 'internal' for a turn that wants more to be carried than can be read. */
export const createAddress =
  (callbackBase: URL) =>
  (token: string, step: CallbackStep, heard = ''): string => {
    if (!carried.some(each => each === heard)) {
      throw new Problem(
        'internal',
        `got ${JSON.stringify(heard)} to carry, expected one of ${JSON.stringify(carried)}`,
      );
    }
    const address = below(callbackBase, `call/${token}/${step}`);
    return step === 'keys' ? `${address}?heard=${heard}` : address;
  };

/** undefined: not an address of ours. */
export const readAddress = (path: string): { token: string; step: CallbackStep; heard: string } | undefined => {
  const { token, step, heard = '' } = shape.exec(path)?.groups ?? {};
  if (token === undefined) return undefined;
  return { token, step: step === 'answered' || step === 'status' ? step : 'keys', heard };
};

/** Where the fate of a text is told. */
export const textAddress = (callbackBase: URL, token: string): string => below(callbackBase, `text/${token}/status`);

/** Its token; undefined: not an address of ours. */
export const readTextAddress = (path: string): string | undefined =>
  /^\/callbacks\/twilio\/text\/([A-Za-z0-9_-]{22})\/status$/.exec(path)?.[1];
