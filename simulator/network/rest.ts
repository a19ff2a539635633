import type { Answer, Asked, Route } from '../http/server.ts';
import { json } from '../http/server.ts';
import type { Clock } from '../time/clock.ts';
import { pass } from '../time/timers.ts';
import type { Wire } from '../events/wire.ts';
import { isAllowed } from './account.ts';
import type { Answering, AnsweringName } from './behaviours/api.ts';
import type { Behaviour, Kind } from './behaviours/settings.ts';
import { answering } from './behaviours/settings.ts';
import { apiVersion } from './fields.ts';
import type { Refusal } from './behaviours/api.ts';
import type { OperationDeps } from './operations.ts';
import { formOf, notFound, operations } from './operations.ts';

/** What the REST API acts on, and what decides how it answers. */
export interface RestDeps extends OperationDeps {
  readonly wire: Wire;
  readonly clock: Clock;
  readonly behaviourOf: (number: string) => Behaviour | undefined;
  /** How the whole API answers, whatever number is asked about; undefined: as each number is set. */
  readonly outage: () => AnsweringName | undefined;
}

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

const dropped: Answer = { status: 0, drop: true };

/** How this request is answered: as the whole API is set, or as the number it orders something to. */
const answeringOf = (deps: RestDeps, kind: Kind, asked: Asked): Answering => {
  const to = asked.method === 'POST' ? formOf(asked)?.get('To') : undefined;
  const name = deps.outage() ?? (to && deps.behaviourOf(to)?.api[kind]) ?? 'answers';
  return answering(name === '' ? 'answers' : name);
};

/** Twilio's REST API for calls, messages and what an operator looks up, answering as well or as badly as it is set. */
export const restRoutes = (deps: RestDeps): readonly Route[] => {
  const { account, wire, clock } = deps;
  return operations(deps).map(({ method, path, kind, answer }) => {
    const perform = (asked: Asked): Answer | Refusal => {
      if (!isAllowed(account, asked.headers['authorization'])) {
        return { status: 401, code: 20003, message: 'Authenticate' };
      }
      return (asked.params['account'] ?? '').replace(/\.json$/, '') === account.sid
        ? answer(asked)
        : notFound(asked.path);
    };

    const respond = async (asked: Asked, { takes, after, says }: Answering): Promise<Answer | Refusal> => {
      const instead = says === undefined || says === 'reset' ? says : says[kind];
      const isKnown = isAllowed(account, asked.headers['authorization']);
      if (!isKnown || (after === 0 && instead === undefined)) return perform(asked);
      const given = takes ? perform(asked) : undefined;
      if (after > 0) await pass(clock, after, asked.signal);
      if (instead === 'reset') return dropped;
      return instead ?? given ?? perform(asked);
    };

    return {
      method,
      path: `/${apiVersion}/Accounts/:account${path}`,
      async answer(asked) {
        const about = aboutOf(asked);
        const ended = wire.begin({ direction: 'in', method, path: asked.path, reason: about });
        const how = answeringOf(deps, kind, asked);
        const given = await respond(asked, how);
        const set = how.says === undefined && how.after === 0 ? '' : `set to “${how.label}”`;
        const why = 'code' in given ? `${given.code} ${given.message}` : '';
        const reason = [about, why, set].filter(Boolean).join(' · ');
        if ('code' in given) {
          ended(given.status, reason);
          return refusal(given);
        }
        ended(given.drop === true ? 'failed' : given.status, reason);
        return given;
      },
    };
  });
};

/** The one parameter that tells what a request is about. */
const aboutOf = (asked: Asked): string => {
  const form = formOf(asked);
  const to = form?.get('To');
  const status = form?.get('Status');
  if (to) return `To ${to}`;
  return status ? `Status ${status}` : '';
};
