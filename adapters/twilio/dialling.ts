/** What CreateCall is asked for. */
import { Problem } from '../../src/errors.ts';
import type { CallMessage } from '../../src/ports/carriers.ts';
import type { createAddress } from './address.ts';

/** A switchboard speaks first and is not heard while it does: two seconds, then the extension. `w` is half a second. */
const pause = 'wwww';
/** SendDigits takes 32 in all. */
const extensionDigits = /^[0-9]{1,28}$/;

/** Seconds for telling a machine from a person. The call is silent until then, so a third of what Twilio would take. */
const detection = { machineDetection: 'Enable', machineDetectionTimeout: 10 } as const;

/** How an extension is reached, or who picks up is told: with SendDigits Twilio ignores MachineDetection. */
const pickUp = ({
  extension,
  machineDetection,
}: CallMessage): { readonly sendDigits: string } | typeof detection | undefined => {
  if (extension === undefined) return machineDetection ? detection : undefined;
  if (!extensionDigits.test(extension))
    throw new Problem('internal', 'got an extension that cannot be dialled, expected 1 to 28 digits');
  return { sendDigits: pause + extension };
};

/** `from`: E.164, the number that calls. */
export const createDialling = (from: string, address: ReturnType<typeof createAddress>) => (message: CallMessage) => {
  const { to, token, ringTimeout: rings, lifetime } = message;
  return {
    to,
    from,
    url: address(token, 'answered'),
    statusCallback: address(token, 'status'),
    // That it was dialled says the answer to this request; that it was answered, the request for the first words.
    statusCallbackEvent: ['ringing', 'completed'],
    timeout: Math.ceil(rings / 1000),
    timeLimit: Math.ceil(lifetime / 1000),
    ...pickUp(message),
  };
};
