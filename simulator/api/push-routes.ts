/** Serves the routes of devices and their pushes in the JSON API. */
import type { HttpRequest, HttpResponse, Route } from '../http/server.ts';
import { json } from '../http/server.ts';
import { isPushBehaviourName } from '../push/behaviours.ts';
import { originOf } from '../push/routes.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { apiError } from './errors.ts';
import { maxWait, objectOf, waitOf } from './input.ts';

const idOf = ({ params }: HttpRequest): string => params['id'] ?? '';

const isText = (value: unknown): value is string => typeof value === 'string';
const unknown = (id: string): HttpResponse => apiError(404, `no device has the subscription ${id}`);

/** All routes of devices and of the push service. */
export const pushRoutes = ({ push, changes }: Simulation): readonly Route[] => {
  const badBehaviour = apiError(400, 'expected {"behaviour": NAME}, a name from README.md');

  const subscribe = (request: HttpRequest): HttpResponse => {
    const { name = 'A device', applicationServerKey: senderKey } = objectOf(request);
    if (!isText(name) || (senderKey !== undefined && !isText(senderKey)))
      return apiError(400, 'expected {"name"?, "applicationServerKey"?}');
    const device = push.subscribe({ name: name.slice(0, 60), senderKey, origin: originOf(request) });
    return device === undefined ? apiError(409, 'there are too many devices already') : json(201, device);
  };
  const deviceJson = (id: string): HttpResponse => {
    const device = push.device(id);
    return device === undefined ? unknown(id) : json(200, device);
  };

  /** Waits for an unread push, as a person does. */
  const read = async (request: HttpRequest): Promise<HttpResponse> => {
    const [id, ms] = [idOf(request), waitOf(request)];
    if (ms === undefined) return apiError(400, `wait must be a number of seconds from 0 to ${maxWait}`);
    if (push.device(id) === undefined) return unknown(id);
    const found = await changes.waitFor(() => push.takeUnread(id), ms, request.signal);
    return found === undefined ? apiError(404, 'no push arrived', 'silent') : json(200, found);
  };
  const behave = (request: HttpRequest): HttpResponse => {
    const { behaviour } = objectOf(request);
    if (!isPushBehaviourName(behaviour)) return badBehaviour;
    push.behave(idOf(request), behaviour);
    return deviceJson(idOf(request));
  };
  const service = (): HttpResponse => json(200, { behaviour: push.override ?? 'delivers' });
  const behaveService = (request: HttpRequest): HttpResponse => {
    const { behaviour } = objectOf(request);
    if (!isPushBehaviourName(behaviour)) return badBehaviour;
    push.override = behaviour === 'delivers' ? undefined : behaviour;
    changes.notify();
    return service();
  };

  return [
    { method: 'GET', path: '/api/devices', handle: () => json(200, push.devices()) },
    { method: 'POST', path: '/api/devices', handle: subscribe },
    { method: 'GET', path: '/api/devices/:id', handle: request => deviceJson(idOf(request)) },
    {
      method: 'DELETE',
      path: '/api/devices/:id',
      handle: request => (push.unsubscribe(idOf(request)) ? json(200, {}) : unknown(idOf(request))),
    },
    { method: 'POST', path: '/api/devices/:id/read', handle: read },
    { method: 'PUT', path: '/api/devices/:id/behaviour', handle: behave },
    { method: 'GET', path: '/api/push-service', handle: service },
    { method: 'PUT', path: '/api/push-service', handle: behaveService },
  ];
};
