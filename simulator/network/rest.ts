import type { Answer, Asked, Route } from '../http.ts';
import { json } from '../http.ts';
import type { Wire } from '../wire.ts';
import type { Account } from './account.ts';
import { isAllowed } from './account.ts';
import type { Call } from './call.ts';
import { apiVersion } from './fields.ts';
import type { Network } from './network.ts';
import type { Refusal } from './order.ts';
import { readOrder, readUpdate } from './order.ts';
import { callResource } from './resource.ts';

const base = `/${apiVersion}/Accounts/:account`;

/** Twilio's shape of an error. */
const refusal = ({ status, code, message }: Refusal): Answer => {
  const body = { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
  const answer = json(status, body);
  return status === 401
    ? { ...answer, headers: { ...answer.headers, 'www-authenticate': 'Basic realm="Twilio API"' } }
    : answer;
};

const codes: Readonly<Record<number, number>> = { 404: 20404, 405: 20004, 413: 20413, 429: 20429, 500: 20500 };

/** What this API says where no route answers. */
export const refuseRest = (status: number, message: string): Answer =>
  refusal({ status, code: codes[status] ?? 20001, message });

const notFound = (path: string): Refusal => ({
  status: 404,
  code: 20404,
  message: `The requested resource ${path} was not found`,
});

/** A body must be a form: anything else has no parameters that could be read. */
const formOf = ({ headers, body }: Asked): URLSearchParams | undefined =>
  /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '') ? new URLSearchParams(body) : undefined;

/** `/Calls/CA….json`: the JSON form is the only one this network speaks. */
const callOf = (network: Network, asked: Asked): Call | undefined => {
  const name = asked.params['call'] ?? '';
  return name.endsWith('.json') ? network.find(name.slice(0, -'.json'.length)) : undefined;
};

/** Twilio's REST API for calls: CreateCall, FetchCall, UpdateCall. */
export const restRoutes = (parts: {
  readonly account: Account;
  readonly network: Network;
  readonly wire: Wire;
}): readonly Route[] => {
  const { account, network, wire } = parts;

  const create = (asked: Asked): Answer | Refusal => {
    const order = readOrder(formOf(asked) ?? new URLSearchParams());
    if ('code' in order) return order;
    const call = network.place(order);
    return call === undefined
      ? { status: 429, code: 20429, message: 'Too Many Requests: 200 calls are under way' }
      : json(201, callResource(call, account.sid));
  };

  const fetchCall = (asked: Asked): Answer | Refusal => {
    const call = callOf(network, asked);
    return call === undefined ? notFound(asked.path) : json(200, callResource(call, account.sid));
  };

  const update = (asked: Asked): Answer | Refusal => {
    const call = callOf(network, asked);
    if (call === undefined) return notFound(asked.path);
    const status = readUpdate(formOf(asked) ?? new URLSearchParams());
    if (typeof status === 'object') return status;
    return network.end(call.sid, status)
      ? json(200, callResource(call, account.sid))
      : { status: 400, code: 21220, message: `Invalid call state: the call is ${call.status}` };
  };

  const route = (method: string, path: string, answer: (asked: Asked) => Answer | Refusal): Route => ({
    method,
    path: base + path,
    answer(asked) {
      const about = aboutOf(asked);
      const ended = wire.begin({ direction: 'in', method, path: asked.path, reason: about });
      const given = !isAllowed(account, asked.headers['authorization'])
        ? { status: 401, code: 20003, message: 'Authenticate' }
        : asked.params['account'] === account.sid
          ? answer(asked)
          : notFound(asked.path);
      ended(given.status, 'code' in given ? `${given.code} ${given.message}` : about);
      return 'code' in given ? refusal(given) : given;
    },
  });

  return [
    route('POST', '/Calls.json', create),
    route('GET', '/Calls/:call', fetchCall),
    route('POST', '/Calls/:call', update),
  ];
};

/** The one parameter that tells what a request is about. */
const aboutOf = (asked: Asked): string => {
  const form = formOf(asked);
  const to = form?.get('To');
  const status = form?.get('Status');
  if (to) return `To ${to}`;
  return status ? `Status ${status}` : '';
};
