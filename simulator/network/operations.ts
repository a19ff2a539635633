import type { Answer, Asked } from '../http/server.ts';
import { json } from '../http/server.ts';
import type { Kind } from './behaviours/settings.ts';
import type { Account } from './account.ts';
import type { Call } from './call.ts';
import { apiVersion } from './fields.ts';
import type { Network } from './network.ts';
import type { OwnNumber } from './numbers.ts';
import { mayUse, numberResource } from './numbers.ts';
import { readOrder, readUpdate } from './call-parameters.ts';
import { page, type Listing } from './paging.ts';
import type { Refusal } from './behaviours/api.ts';
import { refuse } from './rest-error.ts';
import { callResource } from './call-resource.ts';
import type { Texts } from './texts.ts';
import { readTextOrder } from './text-parameters.ts';
import { textResource } from './text-resource.ts';

/** What the operations act on. */
export interface OperationDeps {
  readonly account: Account;
  readonly numbers: readonly OwnNumber[];
  readonly network: Network;
  readonly texts: Texts;
}

/** One operation of the REST API, below the account. */
export interface Operation {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Whose behaviours it follows. */
  readonly kind: Kind;
  readonly answer: (asked: Asked) => Answer | Refusal;
}

/** A body must be a form: anything else has no parameters that could be read. */
export const formOf = ({ headers, body }: Asked): URLSearchParams | undefined =>
  /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '') ? new URLSearchParams(body) : undefined;

/** `/Calls/CA….json`: the JSON form is the only one this network speaks. */
const sidOf = (asked: Asked): string | undefined => /^(.+)\.json$/.exec(asked.params['sid'] ?? '')?.[1];

export const notFound = (path: string): Refusal => ({
  status: 404,
  code: 20404,
  message: `The requested resource ${path} was not found`,
});

type Resource = Readonly<Record<string, unknown>>;
const answered = (given: Resource | Refusal): Answer | Refusal =>
  'code' in given && 'message' in given ? (given as unknown as Refusal) : json(200, given);

/** CreateCall, FetchCall, UpdateCall, ListCall. */
const calls = ({ account, network, numbers }: OperationDeps, base: string): readonly Operation[] => {
  const resource = (call: Call) => callResource(call, account.sid);
  const callOf = (asked: Asked): Call | undefined => network.find(sidOf(asked) ?? '');

  const create = (asked: Asked): Answer | Refusal => {
    const order = readOrder(formOf(asked) ?? new URLSearchParams());
    if ('code' in order) return order;
    if (!mayUse(numbers, order.from, 'voice')) {
      return refuse(21210, `The source phone number provided, ${order.from}, is not yet verified for your account`);
    }
    const call = network.place(order);
    return call === undefined
      ? { status: 429, code: 20429, message: 'Too Many Requests: 200 calls are under way' }
      : json(201, resource(call));
  };

  const fetchCall = (asked: Asked): Answer | Refusal => {
    const call = callOf(asked);
    return call === undefined ? notFound(asked.path) : json(200, resource(call));
  };

  const update = (asked: Asked): Answer | Refusal => {
    const call = callOf(asked);
    if (call === undefined) return notFound(asked.path);
    const status = readUpdate(formOf(asked) ?? new URLSearchParams());
    if (typeof status === 'object') return status;
    return network.end(call.sid, status)
      ? json(200, resource(call))
      : refuse(21220, `Invalid call state: the call is ${call.status}`);
  };

  const filters = { To: 'to', From: 'from', Status: 'status' };
  const listing: Listing = { path: `${base}/Calls.json`, name: 'calls', filters };
  const list = ({ query }: Asked) => answered(page(query, network.calls.toReversed().map(resource), listing));

  return [
    { method: 'POST', path: '/Calls.json', kind: 'calls', answer: create },
    { method: 'GET', path: '/Calls.json', kind: 'calls', answer: list },
    { method: 'GET', path: '/Calls/:sid', kind: 'calls', answer: fetchCall },
    { method: 'POST', path: '/Calls/:sid', kind: 'calls', answer: update },
  ];
};

/** CreateMessage, FetchMessage, ListMessage. */
const messages = ({ account, texts, numbers }: OperationDeps, base: string): readonly Operation[] => {
  const create = (asked: Asked): Answer | Refusal => {
    const order = readTextOrder(formOf(asked) ?? new URLSearchParams());
    if ('code' in order) return order;
    if (order.from !== undefined && !mayUse(numbers, order.from, 'sms')) {
      return refuse(
        21606,
        `The From phone number ${order.from} is not a valid, SMS-capable phone number of your account`,
      );
    }
    return json(201, textResource(texts.submit(order), account.sid));
  };

  const fetchMessage = (asked: Asked): Answer | Refusal => {
    const text = texts.find(sidOf(asked) ?? '');
    return text === undefined ? notFound(asked.path) : json(200, textResource(text, account.sid));
  };

  const listing: Listing = { path: `${base}/Messages.json`, name: 'messages', filters: { To: 'to', From: 'from' } };
  const all = () => texts.all.toReversed().map(text => textResource(text, account.sid));
  return [
    { method: 'POST', path: '/Messages.json', kind: 'texts', answer: create },
    {
      method: 'GET',
      path: '/Messages.json',
      kind: 'texts',
      answer: ({ query }) => answered(page(query, all(), listing)),
    },
    { method: 'GET', path: '/Messages/:sid', kind: 'texts', answer: fetchMessage },
  ];
};

/** FetchAccount and ListIncomingPhoneNumber: what an operator asks before the first call. */
const lookUps = ({ account, numbers }: OperationDeps, base: string): readonly Operation[] => {
  const fetchAccount = (asked: Asked): Answer | Refusal =>
    asked.params['account']?.endsWith('.json') === true
      ? json(200, {
          sid: account.sid,
          friendly_name: 'The simulated account',
          status: 'active',
          type: 'Full',
          owner_account_sid: account.sid,
          uri: `${base}.json`,
        })
      : notFound(asked.path);
  const listing: Listing = {
    path: `${base}/IncomingPhoneNumbers.json`,
    name: 'incoming_phone_numbers',
    filters: { PhoneNumber: 'phone_number' },
  };
  const all = () => numbers.map(each => numberResource(each, base, account.sid));
  return [
    { method: 'GET', path: '', kind: 'calls', answer: fetchAccount },
    {
      method: 'GET',
      path: '/IncomingPhoneNumbers.json',
      kind: 'calls',
      answer: ({ query }) => answered(page(query, all(), listing)),
    },
  ];
};

/** Every operation of the REST API that this network performs. */
export const operations = (deps: OperationDeps): readonly Operation[] => {
  const base = `/${apiVersion}/Accounts/${deps.account.sid}`;
  return [...calls(deps, base), ...messages(deps, base), ...lookUps(deps, base)];
};
