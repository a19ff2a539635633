/** Serves the routes of one phone in the JSON API. */
import { setImmediate } from 'node:timers/promises';
import type { HttpRequest, HttpResponse, Route } from '../http/server.ts';
import { json } from '../http/server.ts';
import { needsOffice } from '../network/behaviours/calls.ts';
import { readChange } from '../network/behaviours/settings.ts';
import { isOver } from '../network/call.ts';
import type { Phone } from '../simulation/people.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { callsAt, viewCall, viewPhone, viewText } from '../simulation/views.ts';
import { apiError } from './errors.ts';
import { maxWait, objectOf, waitOf } from './input.ts';

const maxKeys = 64;

const badWait = apiError(400, `wait must be a number of seconds from 0 to ${maxWait}`);

type Handler = (phone: Phone, request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/** All routes of one phone. */
export const phoneRoutes = (simulation: Simulation): readonly Route[] => {
  const { network, changes } = simulation;
  const phoneJson = (phone: Phone): HttpResponse =>
    json(200, viewPhone(simulation, simulation.phone(phone.number) ?? phone));

  const route = (method: string, path: string, handle: Handler): Route => ({
    method,
    path: `/api/phones/:number${path}`,
    handle(request) {
      const number = request.params['number'] ?? '';
      const phone = simulation.phone(number);
      return phone === undefined ? apiError(404, `no phone has the number ${number}`) : handle(phone, request);
    },
  });
  const action = (path: string, act: (number: string) => boolean, error: string): Route =>
    route('POST', path, phone => (act(phone.number) ? phoneJson(phone) : apiError(409, error)));

  const ringing = async ({ number }: Phone, request: HttpRequest): Promise<HttpResponse> => {
    const ms = waitOf(request);
    if (ms === undefined) return badWait;
    const find = () => {
      const current = network.current(number);
      return current?.leg.state === 'ringing' ? viewCall(current.call, current.leg) : undefined;
    };
    const call = await changes.waitFor(find, ms, request.signal);
    return call === undefined ? apiError(404, `${number} does not ring`, 'silent') : json(200, call);
  };

  /** Waits until the newest call accepts keys or is over, as a person does before pressing a key. */
  const transcript = async ({ number }: Phone, request: HttpRequest): Promise<HttpResponse> => {
    const ms = waitOf(request);
    if (ms === undefined) return badWait;
    const newest = () => callsAt(simulation, number)[0];
    const ready = () => {
      const view = newest();
      return view !== undefined && (view.listening || view.isOver) ? view : undefined;
    };
    await changes.waitFor(ready, ms, request.signal);
    // Read again: a line that starts to accept keys also starts to speak.
    const call = newest();
    return call === undefined ? apiError(404, `${number} was never called`, 'silent') : json(200, call);
  };

  /** Waits for an unread text, as a person does. */
  const read = async ({ number }: Phone, request: HttpRequest): Promise<HttpResponse> => {
    const ms = waitOf(request);
    if (ms === undefined) return badWait;
    const text = await changes.waitFor(() => simulation.texts.takeUnread(number), ms, request.signal);
    return text === undefined ? apiError(404, `no new text arrived at ${number}`, 'silent') : json(200, viewText(text));
  };

  /** Presses keys one by one. Before the second and each later key, waits until the line accepts keys. */
  const press = async ({ number }: Phone, request: HttpRequest): Promise<HttpResponse> => {
    const { keys } = objectOf(request);
    if (typeof keys !== 'string' || keys.length > maxKeys || !/^[0-9*#]+$/.test(keys)) {
      return apiError(400, `expected {"keys": "0 to 9, * and #"}, at most ${maxKeys}`);
    }
    let taken = true;
    for (const [index, key] of keys.split('').entries()) {
      const call = network.current(number)?.call;
      const ready = () => call === undefined || call.listening || isOver(call.status) || undefined;
      if (index > 0) {
        // Lets the network read the previous key first.
        await setImmediate();
        await changes.waitFor(ready, 5000, request.signal);
      }
      const pressed = network.press(number, key);
      if (pressed === undefined && index === 0) return apiError(409, `${number} is not on a call`);
      taken &&= pressed?.taken ?? false;
    }
    const [call] = callsAt(simulation, number);
    return json(200, { taken, ...(call !== undefined && { call }) });
  };

  const behave = (phone: Phone, request: HttpRequest): HttpResponse => {
    const { behaviour, ...rest } = objectOf(request);
    const change = readChange(behaviour === undefined ? rest : { ...rest, calls: behaviour });
    if (change === undefined || Object.keys(change).length === 0) {
      return apiError(400, 'expected calls, texts, callbacks or api, with names from README.md');
    }
    const isForOffices = change.calls !== undefined && needsOffice(change.calls);
    if (isForOffices && phone.extensions === undefined) return apiError(400, `${phone.number} has no extensions`);
    simulation.behave(phone.number, change);
    return phoneJson(phone);
  };

  return [
    route('GET', '', phoneJson),
    route('GET', '/ringing', ringing),
    route('GET', '/transcript', transcript),
    action('/answer', number => network.answer(number), 'the phone does not ring'),
    action('/decline', number => network.decline(number), 'the phone does not ring'),
    action('/hang-up', number => network.hangUp(number), 'the phone is not on a call'),
    action('/wait-out', number => network.waitOut(number), 'the phone has no call'),
    route('POST', '/press', press),
    route('PUT', '/behaviour', behave),
    route('GET', '/messages', ({ number }) => json(200, simulation.textsTo(number).map(viewText))),
    route('POST', '/read', read),
    route('POST', '/release', ({ number }) => json(200, { released: simulation.texts.release(number) })),
  ];
};
