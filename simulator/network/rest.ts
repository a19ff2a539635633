/**
 * Serves Twilio's REST API, as well or as badly as it is set to. Authenticates, delays or replaces answers, and records
 * each request in the wire log.
 */
import type { WireLog } from '../events/wire.ts';
import type { HttpRequest, HttpResponse, Route } from '../http/server.ts';
import { json } from '../http/server.ts';
import type { Clock } from '../time/clock.ts';
import { delay } from '../time/timers.ts';
import { isAuthenticated } from './account.ts';
import type { ApiBehaviour, ApiBehaviourName, RestError } from './behaviours/api.ts';
import type { BehaviourSettings, Kind } from './behaviours/settings.ts';
import { apiBehaviourOf } from './behaviours/settings.ts';
import { apiVersion } from './fields.ts';
import type { OperationDeps } from './operations.ts';
import { formOf, notFound, operations } from './operations.ts';

/** What the REST API acts on, and what decides how it answers. */
export interface RestDeps extends OperationDeps {
  readonly wire: WireLog;
  readonly clock: Clock;
  /** The settings of a telephone; undefined: no such number exists. */
  readonly behaviourOf: (number: string) => BehaviourSettings | undefined;
  /** How the whole API answers, for every number; undefined: as each number is set. */
  readonly apiOverride: () => ApiBehaviourName | undefined;
}

/** Formats an error as Twilio does. */
const errorResponse = ({ status, code, message }: RestError): HttpResponse => {
  const body = { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
  const response = json(status, body);
  return status === 401
    ? { ...response, headers: { ...response.headers, 'www-authenticate': 'Basic realm="Twilio API"' } }
    : response;
};

const codes: Readonly<Record<number, number>> = { 404: 20404, 405: 20004, 413: 20413, 429: 20429, 500: 20500 };

/** Formats an error outside the operations, such as an unknown path, as Twilio does. */
export const restError = (status: number, message: string): HttpResponse =>
  errorResponse({ status, code: codes[status] ?? 20001, message });

const dropped: HttpResponse = { status: 0, drop: true };

/** How this request is answered: as the whole API is set, or as the number in `To` is set. */
const behaviourFor = (deps: RestDeps, kind: Kind, request: HttpRequest): ApiBehaviour => {
  const to = request.method === 'POST' ? formOf(request)?.get('To') : undefined;
  const name = deps.apiOverride() ?? (to && deps.behaviourOf(to)?.api[kind]) ?? 'answers';
  return apiBehaviourOf(name === '' ? 'answers' : name);
};

/** The routes of the REST API. */
export const restRoutes = (deps: RestDeps): readonly Route[] => {
  const { account, wire, clock } = deps;
  return operations(deps).map(({ method, path, kind, perform }) => {
    const performIfAllowed = (request: HttpRequest): HttpResponse | RestError => {
      if (!isAuthenticated(account, request.headers['authorization'])) {
        return { status: 401, code: 20003, message: 'Authenticate' };
      }
      return (request.params['account'] ?? '').replace(/\.json$/, '') === account.sid
        ? perform(request)
        : notFound(request.path);
    };

    const respond = async (request: HttpRequest, behaviour: ApiBehaviour): Promise<HttpResponse | RestError> => {
      const { executes, delay: ms, instead } = behaviour;
      const replacement = instead === undefined || instead === 'reset' ? instead : instead[kind];
      const isAllowed = isAuthenticated(account, request.headers['authorization']);
      if (!isAllowed || (ms === 0 && replacement === undefined)) return performIfAllowed(request);
      const result = executes ? performIfAllowed(request) : undefined;
      if (ms > 0) await delay(clock, ms, request.signal);
      if (replacement === 'reset') return dropped;
      return replacement ?? result ?? performIfAllowed(request);
    };

    return {
      method,
      path: `/${apiVersion}/Accounts/:account${path}`,
      async handle(request) {
        const about = subjectOf(request);
        const finish = wire.record({ direction: 'in', method, path: request.path, reason: about });
        const behaviour = behaviourFor(deps, kind, request);
        const result = await respond(request, behaviour);
        const setting = behaviour.instead === undefined && behaviour.delay === 0 ? '' : `set to “${behaviour.label}”`;
        const error = 'code' in result ? `${result.code} ${result.message}` : '';
        const reason = [about, error, setting].filter(Boolean).join(' · ');
        if ('code' in result) {
          finish(result.status, reason);
          return errorResponse(result);
        }
        finish(result.drop === true ? 'failed' : result.status, reason);
        return result;
      },
    };
  });
};

/** The parameter that identifies a request in the wire log. */
const subjectOf = (request: HttpRequest): string => {
  const form = formOf(request);
  const to = form?.get('To');
  const status = form?.get('Status');
  if (to) return `To ${to}`;
  return status ? `Status ${status}` : '';
};
