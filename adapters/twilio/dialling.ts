/** Builds the parameters of a new call (CreateCall). https://www.twilio.com/docs/voice/api/call-resource */
import { Problem } from '../../src/errors.ts';
import { usualWait, type CallMessage, type ExtensionDialling } from '../../src/ports/carriers.ts';
import type { createAddress } from './address.ts';

/** `w` is a pause of half a second. */
const usualPause = 'w'.repeat(usualWait / 500);
/** Longest SendDigits. */
const maxTones = 32;

/** SendDigits for an extension. `W` is a pause of one second, so that a long one fits. @throws Problem 'internal' */
const tonesFor = (extension: string, { wait, confirmKey }: ExtensionDialling = {}): string => {
  const pause = wait === undefined ? usualPause : 'W'.repeat(Math.ceil(wait / 1000));
  const tones = `${pause}${extension}${confirmKey === true ? '#' : ''}`;
  if (!/^[0-9]+$/.test(extension) || tones.length > maxTones) {
    throw new Problem('internal', `got an extension that cannot be dialled, expected digits, ${maxTones} tones in all`);
  }
  return tones;
};

/** Seconds for detecting a machine before our first words. The call is silent meanwhile: a third of Twilio's default. */
const usualDetection = 10;

type Address = ReturnType<typeof createAddress>;

/** Asks who answers. With AsyncAmd Twilio speaks at once, and posts its verdict to an address of its own. */
const detection = ({ token, asyncDetectionTimeout }: CallMessage, address: Address) =>
  asyncDetectionTimeout === undefined
    ? { machineDetection: 'Enable', machineDetectionTimeout: usualDetection }
    : {
        machineDetection: 'Enable',
        machineDetectionTimeout: Math.ceil(asyncDetectionTimeout / 1000),
        asyncAmd: 'true',
        asyncAmdStatusCallback: address(token, 'answerer'),
        asyncAmdStatusCallbackMethod: 'POST',
      };

/** Dials the extension, or detects machines. With SendDigits Twilio ignores MachineDetection. */
const pickUp = (message: CallMessage, address: Address) => {
  const { extension, dialling, machineDetection } = message;
  if (extension === undefined) return machineDetection ? detection(message, address) : undefined;
  return { sendDigits: tonesFor(extension, dialling) };
};

/** Gives a function from a message to parameters. `from`: E.164, the number that calls. */
export const createDialling = (from: string, address: Address) => (message: CallMessage) => {
  const { to, token, ringTimeout, connectedFor } = message;
  return {
    to,
    from,
    url: address(token, 'answered'),
    fallbackUrl: address(token, 'fallback'),
    statusCallback: address(token, 'status'),
    // The other steps need no callback: the answer to this request shows `initiated`, the first request to `url` shows `answered`.
    statusCallbackEvent: ['ringing', 'completed'],
    timeout: Math.ceil(ringTimeout / 1000),
    // Counted from the pick-up, and kept by Twilio even if no process of ours is left. One second less: started minutes are billed.
    timeLimit: Math.ceil(connectedFor / 1000) - 1,
    ...pickUp(message, address),
  };
};
