/** Builds the parameters of a new call (CreateCall). https://www.twilio.com/docs/voice/api/call-resource */
import { Problem } from '../../src/errors.ts';
import type { CallMessage } from '../../src/ports/carriers.ts';
import type { createAddress } from './address.ts';

/** Before the extension: a switchboard does not listen to keys while it speaks. Two seconds; `w` is half a second. */
const pause = 'wwww';
/** SendDigits takes 32 characters in all. */
const extensionDigits = /^[0-9]{1,28}$/;

/** Seconds for detecting a machine. The call is silent meanwhile, so it is a third of Twilio's default. */
const detection = { machineDetection: 'Enable', machineDetectionTimeout: 10 } as const;

/** Dials the extension, or detects machines. With SendDigits Twilio ignores MachineDetection. */
const pickUp = ({
  extension,
  machineDetection,
}: CallMessage): { readonly sendDigits: string } | typeof detection | undefined => {
  if (extension === undefined) return machineDetection ? detection : undefined;
  if (!extensionDigits.test(extension))
    throw new Problem('internal', 'got an extension that cannot be dialled, expected 1 to 28 digits');
  return { sendDigits: pause + extension };
};

/** Gives a function from a message to parameters. `from`: E.164, the number that calls. */
export const createDialling = (from: string, address: ReturnType<typeof createAddress>) => (message: CallMessage) => {
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
    ...pickUp(message),
  };
};
