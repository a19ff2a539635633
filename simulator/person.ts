import type { BehaviourName } from './network/behaviours.ts';
import type { CallView, CodeView, PhoneView } from './views.ts';
import type { WireLine } from './wire.ts';

/** What this world answers when something cannot be done, as an error. `code` is the API's. */
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

/** Acts as the person who holds a phone: it knows only what is heard, and keys. */
export interface PersonAtPhone {
  /** Waits up to `seconds` (10) for the phone to ring. @throws SimulatorError 'silent' when it does not. */
  ringing(seconds?: number): Promise<CallView>;
  answer(): Promise<PhoneView>;
  decline(): Promise<PhoneView>;
  /** Listens until the line waits for a key or the call is over, up to `seconds` (10). */
  hear(seconds?: number): Promise<CallView>;
  /** Presses keys, one after the other. `taken` is false when one of them met nobody who listened: `hear` first. */
  press(keys: string): Promise<{ readonly taken: boolean; readonly call?: CallView }>;
  hangUp(): Promise<PhoneView>;
  /** Lets the time pass without doing anything: ringing ends unanswered, a listening line hears silence. */
  waitOut(): Promise<PhoneView>;
  behave(behaviour: BehaviourName): Promise<PhoneView>;
  phone(): Promise<PhoneView>;
  /** What the authenticator app shows now. */
  code(): Promise<string>;
  codeWithTime(): Promise<CodeView>;
}

const call = async <T>(base: string, method: string, path: string, body?: unknown): Promise<T> => {
  const response = await fetch(new URL(path, base), {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const value = (await response.json()) as T & { readonly error?: { readonly code: string; readonly message: string } };
  if (response.ok) return value;
  const { code = 'unknown', message = response.statusText } = value.error ?? {};
  throw new SimulatorError(response.status, code, `${method} ${path}: ${message}`);
};

/** The person whose phone has this number, in the simulator at `url`. */
export const person = (url: string, number: string): PersonAtPhone => {
  const phone = `/api/phones/${encodeURIComponent(number)}`;
  const codeWithTime = () => call<CodeView>(url, 'GET', `/api/people/${encodeURIComponent(number)}/code`);
  return {
    ringing: (seconds = 10) => call(url, 'GET', `${phone}/ringing?wait=${seconds}`),
    answer: () => call(url, 'POST', `${phone}/answer`),
    decline: () => call(url, 'POST', `${phone}/decline`),
    hear: (seconds = 10) => call(url, 'GET', `${phone}/transcript?wait=${seconds}`),
    press: keys => call(url, 'POST', `${phone}/press`, { keys }),
    hangUp: () => call(url, 'POST', `${phone}/hang-up`),
    waitOut: () => call(url, 'POST', `${phone}/wait-out`),
    behave: behaviour => call(url, 'PUT', `${phone}/behaviour`, { behaviour }),
    phone: () => call(url, 'GET', phone),
    code: async () => (await codeWithTime()).code,
    codeWithTime,
  };
};

/** What the server and this world said to each other, oldest first. */
export const readWire = (url: string): Promise<readonly WireLine[]> => call(url, 'GET', '/api/wire');

/** Every phone rings again, no call is remembered. */
export const resetWorld = (url: string): Promise<unknown> => call(url, 'POST', '/api/reset');
