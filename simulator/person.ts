/** Lets a test act as the person at a phone and at a mailbox, through the JSON API of a running simulator. */
import type { MailBehaviourName, MailView } from './mailbox/mailbox.ts';
import type { ApiBehaviourName } from './network/behaviours/api.ts';
import type { CallBehaviourName } from './network/behaviours/calls.ts';
import type { BehaviourChange } from './network/behaviours/settings.ts';
import type { PushBehaviourName } from './push/behaviours.ts';
import type { DeviceView, PushView } from './push/push-service.ts';
import type { Person } from './simulation/people.ts';
import type { CallView, CodeView, PhoneView, TextView } from './simulation/views.ts';
import type { WireLine } from './events/wire.ts';

/** An error that the JSON API answered. `code` is one of its error codes. */
export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The person at a phone. Sees the screen of the phone, hears the call, and presses keys. */
export interface PersonAtPhone {
  /** Waits up to `seconds` (30) for the phone to ring. @throws SimulatorError 'silent' if it does not. */
  ringing(seconds?: number): Promise<CallView>;
  answer(): Promise<PhoneView>;
  decline(): Promise<PhoneView>;
  /** Listens until the line accepts keys or the call is over, up to `seconds` (30). */
  hear(seconds?: number): Promise<CallView>;
  /** Presses keys, one after the other. `taken` is false if the line did not accept one of them: `hear` first. */
  press(keys: string): Promise<{ readonly taken: boolean; readonly call?: CallView }>;
  hangUp(): Promise<PhoneView>;
  /** Lets a timeout pass: ringing ends unanswered, or a line that accepts keys hears silence. */
  waitOut(): Promise<PhoneView>;
  /** Texts that arrived, newest first. */
  messages(): Promise<readonly TextView[]>;
  /**
   * Reads the newest unread text, and waits up to `seconds` (30) for it. Older texts become read too.
   * @throws SimulatorError 'silent' if no text comes.
   */
  text(seconds?: number): Promise<TextView>;
  /** Makes texts on their way arrive now. Gives how many. */
  releaseTexts(): Promise<number>;
  /** Changes settings of this number; the rest stays. A name alone sets `calls`. */
  behave(change: CallBehaviourName | BehaviourChange): Promise<PhoneView>;
  phone(): Promise<PhoneView>;
  /** The code that the authenticator app shows now. */
  code(): Promise<string>;
  codeWithTime(): Promise<CodeView>;
}

const request = async <T>(base: string, method: string, path: string, body?: unknown): Promise<T> => {
  const response = await fetch(new URL(path, base), {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const value = (await response.json()) as T & { readonly error?: { readonly code: string; readonly message: string } };
  if (response.ok) return value;
  const { code = 'unknown', message = response.statusText } = value.error ?? {};
  throw new SimulatorError(response.status, code, `${method} ${path}: ${message}`);
};

/** Acts as the person with this number, in the simulator at `url`. */
export const person = (url: string, number: string): PersonAtPhone => {
  const phone = `/api/phones/${encodeURIComponent(number)}`;
  const codeWithTime = () => request<CodeView>(url, 'GET', `/api/people/${encodeURIComponent(number)}/code`);
  return {
    ringing: (seconds = 30) => request(url, 'GET', `${phone}/ringing?wait=${seconds}`),
    answer: () => request(url, 'POST', `${phone}/answer`),
    decline: () => request(url, 'POST', `${phone}/decline`),
    hear: (seconds = 30) => request(url, 'GET', `${phone}/transcript?wait=${seconds}`),
    press: keys => request(url, 'POST', `${phone}/press`, { keys }),
    hangUp: () => request(url, 'POST', `${phone}/hang-up`),
    waitOut: () => request(url, 'POST', `${phone}/wait-out`),
    messages: () => request(url, 'GET', `${phone}/messages`),
    text: (seconds = 30) => request(url, 'POST', `${phone}/read?wait=${seconds}`),
    async releaseTexts() {
      const { released } = await request<{ readonly released: number }>(url, 'POST', `${phone}/release`);
      return released;
    },
    behave: change =>
      request(url, 'PUT', `${phone}/behaviour`, typeof change === 'string' ? { calls: change } : change),
    phone: () => request(url, 'GET', phone),
    code: async () => (await codeWithTime()).code,
    codeWithTime,
  };
};

/** The mails that arrived at an address, newest first; without an address all of them. */
export const readMails = (url: string, to?: string): Promise<readonly MailView[]> =>
  request(url, 'GET', `/api/mails${to === undefined ? '' : `?to=${encodeURIComponent(to)}`}`);

/**
 * Reads the newest unread mail to an address, and waits up to `seconds` (30) for it. Older mails become read too.
 * @throws SimulatorError 'silent' if no mail comes.
 */
export const readMail = (url: string, to: string, seconds = 30): Promise<MailView> =>
  request(url, 'POST', `/api/mails/read?to=${encodeURIComponent(to)}&wait=${seconds}`);

/** Sets how the mail server answers from now on. */
export const behaveMailServer = (url: string, behaviour: MailBehaviourName): Promise<unknown> =>
  request(url, 'PUT', '/api/mail-server', { behaviour });

/**
 * Subscribes a device at the push service: `endpoint` and `keys` as a browser gives them. `applicationServerKey`: the only sender
 * whose pushes it takes.
 */
export const subscribeDevice = (
  url: string,
  device: { readonly name?: string; readonly applicationServerKey?: string } = {},
): Promise<DeviceView> => request(url, 'POST', '/api/devices', device);

/** A device with the pushes that arrived, newest first. */
export const readDevice = (url: string, id: string): Promise<DeviceView> =>
  request(url, 'GET', `/api/devices/${encodeURIComponent(id)}`);

/**
 * Reads the newest unread push of a device, and waits up to `seconds` (30) for it. Older ones become read too.
 * @throws SimulatorError 'silent' if none comes.
 */
export const readPush = (url: string, id: string, seconds = 30): Promise<PushView> =>
  request(url, 'POST', `/api/devices/${encodeURIComponent(id)}/read?wait=${seconds}`);

/** Ends the subscription of a device, as its browser does. */
export const unsubscribeDevice = (url: string, id: string): Promise<unknown> =>
  request(url, 'DELETE', `/api/devices/${encodeURIComponent(id)}`);

/** Sets how pushes to this device are treated. */
export const behaveDevice = (url: string, id: string, behaviour: PushBehaviourName): Promise<DeviceView> =>
  request(url, 'PUT', `/api/devices/${encodeURIComponent(id)}/behaviour`, { behaviour });

/** Sets how pushes to all devices are treated; 'delivers': as each device is set. */
export const behavePushService = (url: string, behaviour: PushBehaviourName): Promise<unknown> =>
  request(url, 'PUT', '/api/push-service', { behaviour });

/** The wire log: requests between the server and the simulator, oldest first. */
export const readWire = (url: string): Promise<readonly WireLine[]> => request(url, 'GET', '/api/wire');

/** Adds a person or an office. Gives their phones: one, or the number of the office and its extensions. */
export const addPhone = (url: string, added: Person): Promise<readonly PhoneView[]> =>
  request(url, 'POST', '/api/phones', added);

/** Sets how the carrier's API answers for every number; 'answers': as each number is set. */
export const behaveCarrier = (url: string, api: ApiBehaviourName): Promise<unknown> =>
  request(url, 'PUT', '/api/carrier', { api });

/** Moves the clock of the simulation. Timers run in order, authenticator apps follow. Gives milliseconds. */
export const moveTime = (url: string, seconds: number): Promise<{ readonly now: number; readonly ahead: number }> =>
  request(url, 'POST', '/api/time', { seconds });

/** Restores the start: removes added people, settings, calls, texts and the wire log, and resets the clock. */
export const resetSimulator = (url: string): Promise<unknown> => request(url, 'POST', '/api/reset');
