/**
 * Serves the JSON API, with which a test acts as the person at a phone. README.md documents each route.
 *
 *     /api/phones                 list, add
 *     /api/phones/:number         …/ringing …/answer …/decline …/hang-up …/transcript …/press …/wait-out
 *                                 …/messages …/read …/release …/behaviour
 *     /api/people/:who/code       code of an authenticator app
 *     /api/carrier /api/time      the carrier's API, the clock
 *     /api/mails                  list, read
 *     /api/mail-server            how it answers
 *     /api/devices                list, subscribe
 *     /api/devices/:id            …/read …/behaviour
 *     /api/push-service           how it treats pushes
 *     /api/wire /api/reset        the wire log, the start
 */
import type { HttpRequest, HttpResponse, Route } from '../http/server.ts';
import { json } from '../http/server.ts';
import { isApiBehaviourName } from '../network/behaviours/settings.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { viewCode, viewPhone } from '../simulation/views.ts';
import { apiError } from './errors.ts';
import { objectOf, readPerson } from './input.ts';
import { mailRoutes } from './mail-routes.ts';
import { phoneRoutes } from './phone-routes.ts';
import { pushRoutes } from './push-routes.ts';

/** A day, in seconds. */
const maxMove = 86_400;

/** Routes of the whole simulation. */
const simulationRoutes = (simulation: Simulation): readonly Route[] => {
  const { changes, clock } = simulation;

  const list = (): HttpResponse => {
    const phones = simulation.phones().map(each => viewPhone(simulation, each));
    return json(200, phones);
  };
  const add = (request: HttpRequest): HttpResponse => {
    const person = readPerson(objectOf(request));
    if (person === undefined) return apiError(400, 'expected {"name", "number"?, "totpSecret"?, "extensions"?}');
    const isTaken = person.number !== undefined && simulation.phone(person.number) !== undefined;
    const error = simulation.add(person);
    if (error !== undefined) return isTaken ? apiError(409, error, 'taken') : apiError(400, error);
    const added = simulation.phones().filter(({ number }) => person.number === number.split(';')[0]);
    return json(
      201,
      added.map(each => viewPhone(simulation, each)),
    );
  };

  const carrier = (): HttpResponse => json(200, { api: simulation.apiOverride ?? 'answers' });
  const behaveCarrier = (request: HttpRequest): HttpResponse => {
    const { api } = objectOf(request);
    if (!isApiBehaviourName(api)) return apiError(400, 'expected {"api": NAME}, with a name from README.md');
    simulation.apiOverride = api === 'answers' ? undefined : api;
    changes.notify();
    return carrier();
  };

  const time = (): HttpResponse => json(200, { now: clock.now(), ahead: clock.ahead });
  const moveTime = async (request: HttpRequest): Promise<HttpResponse> => {
    const { seconds } = objectOf(request);
    if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= maxMove)) {
      return apiError(400, `expected {"seconds": 0 to ${maxMove}}`);
    }
    await clock.move(seconds * 1000);
    changes.notify();
    return time();
  };

  const code = ({ params }: HttpRequest): HttpResponse => {
    const who = params['who'] ?? '';
    const view = viewCode(simulation, who);
    return view === undefined ? apiError(404, `${who} has no authenticator app`) : json(200, view);
  };
  const reset = (): HttpResponse => {
    simulation.reset();
    return json(200, { reset: true });
  };

  return [
    { method: 'GET', path: '/api/phones', handle: list },
    { method: 'POST', path: '/api/phones', handle: add },
    { method: 'GET', path: '/api/carrier', handle: carrier },
    { method: 'PUT', path: '/api/carrier', handle: behaveCarrier },
    { method: 'GET', path: '/api/time', handle: time },
    { method: 'POST', path: '/api/time', handle: moveTime },
    { method: 'GET', path: '/api/people/:who/code', handle: code },
    { method: 'GET', path: '/api/wire', handle: () => json(200, simulation.wire.lines) },
    { method: 'POST', path: '/api/reset', handle: reset },
  ];
};

/** All routes of the JSON API. */
export const apiRoutes = (simulation: Simulation): readonly Route[] => [
  ...simulationRoutes(simulation),
  ...phoneRoutes(simulation),
  ...mailRoutes(simulation),
  ...pushRoutes(simulation),
];
