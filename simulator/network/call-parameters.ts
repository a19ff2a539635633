/** Reads the parameters of CreateCall and UpdateCall. https://www.twilio.com/docs/voice/api/call-resource */
import type { CallEvent, CallParameters } from './call.ts';
import type { RestError } from './behaviours/api.ts';
import { e164, isHttpUrl, isIntegerBetween, unknownParameter } from './parameters.ts';
import { badRequest } from './rest-error.ts';

const methods = new Set(['GET', 'POST']);
const events = ['initiated', 'ringing', 'answered', 'completed'] as const satisfies readonly CallEvent[];
/** The parameters of CreateCall that this network supports, and whether one may come more than once. */
const createParameters: Readonly<Record<string, 'once' | 'many'>> = {
  To: 'once',
  From: 'once',
  Url: 'once',
  Method: 'once',
  FallbackUrl: 'once',
  FallbackMethod: 'once',
  StatusCallback: 'once',
  StatusCallbackEvent: 'many',
  StatusCallbackMethod: 'once',
  Timeout: 'once',
  TimeLimit: 'once',
  SendDigits: 'once',
  MachineDetection: 'once',
  MachineDetectionTimeout: 'once',
  AsyncAmd: 'once',
  AsyncAmdStatusCallback: 'once',
  AsyncAmdStatusCallbackMethod: 'once',
};

/** The first error, in the order in which Twilio reports them. */
const firstError = (form: URLSearchParams): RestError | undefined => {
  const [to, from, callback] = [form.get('To'), form.get('From'), form.get('StatusCallback')];
  const verdict = form.get('AsyncAmdStatusCallback');
  const rows: readonly (readonly [boolean, number, string])[] = [
    [to === null || to === '', 21201, "No 'To' number is specified"],
    [from === null || from === '', 21213, "No 'From' number is specified"],
    [!e164.test(to ?? ''), 21211, `Invalid 'To' Phone Number: ${to}`],
    [!e164.test(from ?? ''), 21212, `Invalid 'From' Phone Number: ${from}`],
    [!isHttpUrl(form.get('Url')), 21205, 'Url is not a valid URL'],
    [form.get('FallbackUrl') !== null && !isHttpUrl(form.get('FallbackUrl')), 21205, 'FallbackUrl is not a valid URL'],
    [callback !== null && !isHttpUrl(callback), 21609, 'StatusCallback is not a valid URL'],
    [!methods.has(form.get('Method') ?? 'POST'), 21403, "Method must be 'GET' or 'POST'"],
    [!methods.has(form.get('FallbackMethod') ?? 'POST'), 21403, "FallbackMethod must be 'GET' or 'POST'"],
    [!methods.has(form.get('StatusCallbackMethod') ?? 'POST'), 21403, "StatusCallbackMethod must be 'GET' or 'POST'"],
    [!isIntegerBetween(form.get('Timeout'), 1, 600), 20001, 'Timeout must be between 1 and 600 seconds'],
    [!isIntegerBetween(form.get('TimeLimit'), 1, 86_400), 20001, 'TimeLimit must be between 1 and 86400 seconds'],
    [!/^[0-9A-D#*wW]{0,32}$/.test(form.get('SendDigits') ?? ''), 20001, 'SendDigits is not valid'],
    [!/^(Enable|DetectMessageEnd)?$/.test(form.get('MachineDetection') ?? ''), 20001, 'MachineDetection is not valid'],
    [
      !isIntegerBetween(form.get('MachineDetectionTimeout'), 3, 59),
      20001,
      'MachineDetectionTimeout must be between 3 and 59 seconds',
    ],
    [!/^(true|false)?$/.test(form.get('AsyncAmd') ?? ''), 20001, "AsyncAmd must be 'true' or 'false'"],
    [form.get('AsyncAmd') === 'true' && verdict === null, 21262, 'No AMD status callback URL provided'],
    [verdict !== null && !isHttpUrl(verdict), 20001, 'AsyncAmdStatusCallback is not a valid URL'],
    [
      !methods.has(form.get('AsyncAmdStatusCallbackMethod') ?? 'POST'),
      21403,
      "AsyncAmdStatusCallbackMethod must be 'GET' or 'POST'",
    ],
  ];
  const found = rows.find(([wrong]) => wrong);
  return found && badRequest(found[1], found[2]);
};

/** Reads events from repeated parameters or from one list. Without any, Twilio reports `completed` only. */
const readEvents = (form: URLSearchParams): readonly CallEvent[] | RestError => {
  const names = form.getAll('StatusCallbackEvent').flatMap(value => value.split(/[ ,]+/).filter(Boolean));
  const known = events.filter(event => names.includes(event));
  if (names.length === 0) return ['completed'];
  const unknown = names.find(name => !events.some(event => event === name));
  return unknown === undefined ? known : badRequest(20001, `StatusCallbackEvent ${unknown} is not valid`);
};

/** Reads the parameters of CreateCall, or gives the error to answer. */
export const readCallParameters = (form: URLSearchParams): CallParameters | RestError => {
  const error = unknownParameter(form, createParameters) ?? firstError(form);
  if (error !== undefined) return error;
  const reported = readEvents(form);
  if ('code' in reported) return reported;
  const statusCallback = form.get('StatusCallback');
  const fallbackUrl = form.get('FallbackUrl');
  const sendDigits = form.get('SendDigits');
  const machineDetection = form.get('MachineDetection');
  const verdictUrl = form.get('AsyncAmd') === 'true' ? form.get('AsyncAmdStatusCallback') : null;
  return {
    to: form.get('To') ?? '',
    from: form.get('From') ?? '',
    url: form.get('Url') ?? '',
    method: form.get('Method') === 'GET' ? 'GET' : 'POST',
    ...(fallbackUrl !== null && { fallbackUrl }),
    fallbackMethod: form.get('FallbackMethod') === 'GET' ? 'GET' : 'POST',
    ...(statusCallback !== null && { statusCallback }),
    statusCallbackMethod: form.get('StatusCallbackMethod') === 'GET' ? 'GET' : 'POST',
    events: reported,
    timeout: Number(form.get('Timeout') ?? 60),
    timeLimit: Number(form.get('TimeLimit') ?? 14_400),
    ...(sendDigits && { sendDigits }),
    // Twilio ignores MachineDetection if SendDigits is present.
    ...(machineDetection &&
      !sendDigits && { machineDetection: machineDetection === 'Enable' ? 'Enable' : 'DetectMessageEnd' }),
    machineDetectionTimeout: Number(form.get('MachineDetectionTimeout') ?? 30),
    ...(verdictUrl !== null && { asyncAmdStatusCallback: verdictUrl }),
    asyncAmdStatusCallbackMethod: form.get('AsyncAmdStatusCallbackMethod') === 'GET' ? 'GET' : 'POST',
  };
};

/** Reads the new status from the parameters of UpdateCall, or gives the error to answer. */
export const readUpdate = (form: URLSearchParams): 'canceled' | 'completed' | RestError => {
  const error = unknownParameter(form, { Status: 'once' });
  if (error !== undefined) return error;
  const status = form.get('Status');
  if (status === 'canceled' || status === 'completed') return status;
  return badRequest(20001, `Status must be 'canceled' or 'completed', got ${String(status)}`);
};
