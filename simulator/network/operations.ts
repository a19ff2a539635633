/** Performs the operations of the REST API: calls, messages, and lookups of the account and its numbers. */
import type { HttpRequest, HttpResponse } from '../http/server.ts';
import { json } from '../http/server.ts';
import type { Account } from './account.ts';
import type { RestError } from './behaviours/api.ts';
import type { Kind } from './behaviours/settings.ts';
import type { Call } from './call.ts';
import { readCallParameters, readUpdate } from './call-parameters.ts';
import { callResource } from './call-resource.ts';
import { apiVersion } from './fields.ts';
import type { Network } from './network.ts';
import type { OwnNumber } from './numbers.ts';
import { canUse, numberResource } from './numbers.ts';
import { listPage, type Listing } from './paging.ts';
import { badRequest } from './rest-error.ts';
import { readTextParameters } from './text-parameters.ts';
import { textResource } from './text-resource.ts';
import type { Texts } from './texts.ts';

/** What the operations act on. */
export interface OperationDeps {
  readonly account: Account;
  readonly numbers: readonly OwnNumber[];
  readonly network: Network;
  readonly texts: Texts;
}

/** One operation of the REST API. */
export interface Operation {
  readonly method: 'GET' | 'POST';
  /** Below the account. */
  readonly path: string;
  /** The setting of the API that applies to it. */
  readonly kind: Kind;
  readonly perform: (request: HttpRequest) => HttpResponse | RestError;
}

/** The form in the body; undefined if the body has another type, and so no parameters. */
export const formOf = ({ headers, body }: HttpRequest): URLSearchParams | undefined =>
  /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '') ? new URLSearchParams(body) : undefined;

/** The SID in `/Calls/CA….json`. JSON is the only format of this network. */
const sidOf = ({ params }: HttpRequest): string | undefined => /^(.+)\.json$/.exec(params['sid'] ?? '')?.[1];

/** The error for a resource that does not exist. */
export const notFound = (path: string): RestError => ({
  status: 404,
  code: 20404,
  message: `The requested resource ${path} was not found`,
});

type Resource = Readonly<Record<string, unknown>>;
const pageOrError = (result: Resource | RestError): HttpResponse | RestError =>
  'code' in result && 'message' in result ? (result as unknown as RestError) : json(200, result);

/** CreateCall, FetchCall, UpdateCall and ListCall. */
const calls = ({ account, network, numbers }: OperationDeps, base: string): readonly Operation[] => {
  const resource = (call: Call) => callResource(call, account.sid);
  const callOf = (request: HttpRequest): Call | undefined => network.find(sidOf(request) ?? '');

  const create = (request: HttpRequest): HttpResponse | RestError => {
    const parameters = readCallParameters(formOf(request) ?? new URLSearchParams());
    if ('code' in parameters) return parameters;
    const { from } = parameters;
    if (!canUse(numbers, from, 'voice')) {
      return badRequest(21210, `The source phone number provided, ${from}, is not yet verified for your account`);
    }
    const call = network.place(parameters);
    return call === undefined
      ? { status: 429, code: 20429, message: 'Too Many Requests: 200 calls are in progress' }
      : json(201, resource(call));
  };

  const fetchCall = (request: HttpRequest): HttpResponse | RestError => {
    const call = callOf(request);
    return call === undefined ? notFound(request.path) : json(200, resource(call));
  };

  const update = (request: HttpRequest): HttpResponse | RestError => {
    const call = callOf(request);
    if (call === undefined) return notFound(request.path);
    const status = readUpdate(formOf(request) ?? new URLSearchParams());
    if (typeof status === 'object') return status;
    return network.end(call.sid, status)
      ? json(200, resource(call))
      : badRequest(21220, `Invalid call state: the call is ${call.status}`);
  };

  const filters = { To: 'to', From: 'from', Status: 'status' };
  const listing: Listing = { path: `${base}/Calls.json`, name: 'calls', filters };
  const list = ({ query }: HttpRequest) =>
    pageOrError(listPage(query, network.calls.toReversed().map(resource), listing));

  return [
    { method: 'POST', path: '/Calls.json', kind: 'calls', perform: create },
    { method: 'GET', path: '/Calls.json', kind: 'calls', perform: list },
    { method: 'GET', path: '/Calls/:sid', kind: 'calls', perform: fetchCall },
    { method: 'POST', path: '/Calls/:sid', kind: 'calls', perform: update },
  ];
};

/** CreateMessage, FetchMessage and ListMessage. */
const messages = ({ account, texts, numbers }: OperationDeps, base: string): readonly Operation[] => {
  const create = (request: HttpRequest): HttpResponse | RestError => {
    const parameters = readTextParameters(formOf(request) ?? new URLSearchParams());
    if ('code' in parameters) return parameters;
    const { from } = parameters;
    if (from !== undefined && !canUse(numbers, from, 'sms')) {
      const message = `The From phone number ${from} is not a valid, SMS-capable phone number of your account`;
      return badRequest(21606, message);
    }
    return json(201, textResource(texts.submit(parameters), account.sid));
  };

  const fetchMessage = (request: HttpRequest): HttpResponse | RestError => {
    const text = texts.find(sidOf(request) ?? '');
    return text === undefined ? notFound(request.path) : json(200, textResource(text, account.sid));
  };

  const listing: Listing = { path: `${base}/Messages.json`, name: 'messages', filters: { To: 'to', From: 'from' } };
  const all = () => texts.all.toReversed().map(text => textResource(text, account.sid));
  const list = ({ query }: HttpRequest) => pageOrError(listPage(query, all(), listing));
  return [
    { method: 'POST', path: '/Messages.json', kind: 'texts', perform: create },
    { method: 'GET', path: '/Messages.json', kind: 'texts', perform: list },
    { method: 'GET', path: '/Messages/:sid', kind: 'texts', perform: fetchMessage },
  ];
};

/** FetchAccount and ListIncomingPhoneNumber, with which an operator checks a configuration. */
const lookups = ({ account, numbers }: OperationDeps, base: string): readonly Operation[] => {
  const fetchAccount = ({ params, path }: HttpRequest): HttpResponse | RestError =>
    params['account']?.endsWith('.json') === true
      ? json(200, {
          sid: account.sid,
          friendly_name: 'The simulated account',
          status: 'active',
          type: 'Full',
          owner_account_sid: account.sid,
          uri: `${base}.json`,
        })
      : notFound(path);
  const listing: Listing = {
    path: `${base}/IncomingPhoneNumbers.json`,
    name: 'incoming_phone_numbers',
    filters: { PhoneNumber: 'phone_number' },
  };
  const all = () => numbers.map(each => numberResource(each, base, account.sid));
  const list = ({ query }: HttpRequest) => pageOrError(listPage(query, all(), listing));
  return [
    { method: 'GET', path: '', kind: 'calls', perform: fetchAccount },
    { method: 'GET', path: '/IncomingPhoneNumbers.json', kind: 'calls', perform: list },
  ];
};

/** All operations of the REST API that this network performs. */
export const operations = (deps: OperationDeps): readonly Operation[] => {
  const base = `/${apiVersion}/Accounts/${deps.account.sid}`;
  return [...calls(deps, base), ...messages(deps, base), ...lookups(deps, base)];
};
