import type { CallEvent, Order } from './call.ts';
import type { Refusal } from './behaviours/api.ts';
import { e164, isAddress, isWhole, unknownOf } from './parameters.ts';
import { refuse } from './rest-error.ts';

const methods = new Set(['GET', 'POST']);
const events = ['initiated', 'ringing', 'answered', 'completed'] as const satisfies readonly CallEvent[];
/** Parameters of CreateCall that this network understands, and whether one may come more than once. */
const createParameters: Readonly<Record<string, 'once' | 'many'>> = {
  To: 'once',
  From: 'once',
  Url: 'once',
  Method: 'once',
  StatusCallback: 'once',
  StatusCallbackEvent: 'many',
  StatusCallbackMethod: 'once',
  Timeout: 'once',
  TimeLimit: 'once',
  SendDigits: 'once',
  MachineDetection: 'once',
  MachineDetectionTimeout: 'once',
};

/** What must hold, in the order in which Twilio tells of it. */
const orderFault = (form: URLSearchParams): Refusal | undefined => {
  const [to, from, callback] = [form.get('To'), form.get('From'), form.get('StatusCallback')];
  const rows: readonly (readonly [boolean, number, string])[] = [
    [to === null || to === '', 21201, "No 'To' number is specified"],
    [from === null || from === '', 21213, "No 'From' number is specified"],
    [!e164.test(to ?? ''), 21211, `Invalid 'To' Phone Number: ${to}`],
    [!e164.test(from ?? ''), 21212, `Invalid 'From' Phone Number: ${from}`],
    [!isAddress(form.get('Url')), 21205, 'Url is not a valid URL'],
    [callback !== null && !isAddress(callback), 21609, 'StatusCallback is not a valid URL'],
    [!methods.has(form.get('Method') ?? 'POST'), 21403, "Method must be 'GET' or 'POST'"],
    [!methods.has(form.get('StatusCallbackMethod') ?? 'POST'), 21403, "StatusCallbackMethod must be 'GET' or 'POST'"],
    [!isWhole(form.get('Timeout'), 1, 600), 20001, 'Timeout must be between 1 and 600 seconds'],
    [!isWhole(form.get('TimeLimit'), 1, 86_400), 20001, 'TimeLimit must be between 1 and 86400 seconds'],
    [!/^[0-9A-D#*wW]{0,32}$/.test(form.get('SendDigits') ?? ''), 20001, 'SendDigits is not valid'],
    [!/^(Enable|DetectMessageEnd)?$/.test(form.get('MachineDetection') ?? ''), 20001, 'MachineDetection is not valid'],
    [
      !isWhole(form.get('MachineDetectionTimeout'), 3, 59),
      20001,
      'MachineDetectionTimeout must be between 3 and 59 seconds',
    ],
  ];
  const fault = rows.find(([wrong]) => wrong);
  return fault && refuse(fault[1], fault[2]);
};

/** Events may come as repeated parameters or as one list; without any, Twilio tells of `completed` alone. */
const readEvents = (form: URLSearchParams): readonly CallEvent[] | Refusal => {
  const names = form.getAll('StatusCallbackEvent').flatMap(value => value.split(/[ ,]+/).filter(Boolean));
  const known = events.filter(event => names.includes(event));
  if (names.length === 0) return ['completed'];
  const strange = names.find(name => !events.some(event => event === name));
  return strange === undefined ? known : refuse(20001, `StatusCallbackEvent ${strange} is not valid`);
};

/** What CreateCall asks for, or why it is refused. */
export const readOrder = (form: URLSearchParams): Order | Refusal => {
  const fault = unknownOf(form, createParameters) ?? orderFault(form);
  if (fault !== undefined) return fault;
  const wanted = readEvents(form);
  if ('code' in wanted) return wanted;
  const statusCallback = form.get('StatusCallback');
  const sendDigits = form.get('SendDigits');
  const machineDetection = form.get('MachineDetection');
  return {
    to: form.get('To') ?? '',
    from: form.get('From') ?? '',
    url: form.get('Url') ?? '',
    method: form.get('Method') === 'GET' ? 'GET' : 'POST',
    ...(statusCallback !== null && { statusCallback }),
    statusCallbackMethod: form.get('StatusCallbackMethod') === 'GET' ? 'GET' : 'POST',
    events: wanted,
    timeout: Number(form.get('Timeout') ?? 60),
    timeLimit: Number(form.get('TimeLimit') ?? 14_400),
    ...(sendDigits && { sendDigits }),
    // Twilio ignores detection where digits are dialled.
    ...(machineDetection &&
      !sendDigits && { machineDetection: machineDetection === 'Enable' ? 'Enable' : 'DetectMessageEnd' }),
    machineDetectionTimeout: Number(form.get('MachineDetectionTimeout') ?? 30),
  };
};

/** What UpdateCall asks for, or why it is refused. */
export const readUpdate = (form: URLSearchParams): 'canceled' | 'completed' | Refusal => {
  const fault = unknownOf(form, { Status: 'once' });
  if (fault !== undefined) return fault;
  const status = form.get('Status');
  if (status === 'canceled' || status === 'completed') return status;
  return refuse(20001, `Status must be 'canceled' or 'completed', got ${String(status)}`);
};
