/** The addresses of ours that Twilio is given: written and read here, so that none is read which is never written. */
import { Problem } from '../../src/errors.ts';

export type Step = 'answered' | 'keys' | 'status';

/** What `keys` may carry of the keys before: the `0` that is to be confirmed, or nothing. A `#` counts only when it was just pressed. */
const carried = ['', '0'] as const;

const shape =
  /^\/callbacks\/twilio\/call\/(?<token>[A-Za-z0-9_-]{22})\/(?:(?<step>answered|status)|keys\?heard=(?<heard>0?))$/;

/** Below the public address. @throws Problem 'internal' for a turn that wants more to be carried than can be read. */
export const createAddress =
  (callbackBase: URL) =>
  (token: string, step: Step, heard = ''): string => {
    if (!carried.some(each => each === heard)) {
      throw new Problem('internal', `got ${JSON.stringify(heard)} to carry, expected 0 or nothing`);
    }
    const address = `${callbackBase.href.replace(/\/$/, '')}/callbacks/twilio/call/${token}/${step}`;
    return step === 'keys' ? `${address}?heard=${heard}` : address;
  };

/** undefined: not an address of ours. */
export const readAddress = (path: string): { token: string; step: Step; heard: string } | undefined => {
  const { token, step, heard = '' } = shape.exec(path)?.groups ?? {};
  if (token === undefined) return undefined;
  return { token, step: step === 'answered' || step === 'status' ? step : 'keys', heard };
};
