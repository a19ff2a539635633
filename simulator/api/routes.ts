import { setImmediate as nextTurn } from 'node:timers/promises';
import { longestWait, objectOf, readPerson, waitOf } from './input.ts';
import type { Answer, Asked, Route } from '../http/server.ts';
import { json } from '../http/server.ts';
import { isAnswering, readChange } from '../network/behaviours/settings.ts';
import { isOver } from '../network/call.ts';
import type { Phone } from '../simulation/people.ts';
import { callsAt, viewCall, viewCode, viewPhone, viewText } from '../simulation/views.ts';
import type { World } from '../simulation/simulation.ts';

/** An error of this API: a code for programs, a sentence for people. */
export const refuseApi = (status: number, message: string, code = codes[status] ?? 'refused'): Answer =>
  json(status, { error: { code, message } });

const codes: Readonly<Record<number, string>> = {
  400: 'bad-request',
  403: 'foreign',
  404: 'not-found',
  405: 'method-not-allowed',
  409: 'not-now',
  413: 'too-large',
};

const mostKeys = 64;
/** A day, in seconds. */
const longestMove = 86_400;

const badWait = refuseApi(400, `wait is a number of seconds from 0 to ${longestWait}`);

/** How a test acts as the person who holds the phone. Documented in README.md. */
export const apiRoutes = (world: World): readonly Route[] => {
  const { network, changes } = world;
  const phoneJson = (phone: Phone): Answer => json(200, viewPhone(world, world.phone(phone.number) ?? phone));

  /** A route of one phone. */
  const of = (
    method: string,
    path: string,
    answer: (phone: Phone, asked: Asked) => Answer | Promise<Answer>,
  ): Route => ({
    method,
    path: `/api/phones/:number${path}`,
    answer(asked) {
      const number = asked.params['number'] ?? '';
      const phone = world.phone(number);
      return phone === undefined ? refuseApi(404, `no phone has the number ${number}`) : answer(phone, asked);
    },
  });
  const act = (path: string, does: (number: string) => boolean, otherwise: string): Route =>
    of('POST', path, phone => (does(phone.number) ? phoneJson(phone) : refuseApi(409, otherwise)));

  const ringing = async ({ number }: Phone, asked: Asked): Promise<Answer> => {
    const ms = waitOf(asked);
    if (ms === undefined) return badWait;
    const look = () => {
      const now = network.current(number);
      return now?.leg.state === 'ringing' ? viewCall(now.call, now.leg) : undefined;
    };
    const call = await changes.until(look, ms, asked.signal);
    return call === undefined ? refuseApi(404, `${number} does not ring`, 'silent') : json(200, call);
  };

  /** The newest call, once its line listens or it is over: what a person does before pressing a key. */
  const transcript = async ({ number }: Phone, asked: Asked): Promise<Answer> => {
    const ms = waitOf(asked);
    if (ms === undefined) return badWait;
    const newest = () => callsAt(world, number)[0];
    const ready = () => {
      const view = newest();
      return view !== undefined && (view.listening || view.isOver) ? view : undefined;
    };
    await changes.until(ready, ms, asked.signal);
    // Looked at anew: a line that begins to listen begins to speak in the same turn.
    const call = newest();
    return call === undefined ? refuseApi(404, `${number} was never called`, 'silent') : json(200, call);
  };

  /** The newest text that was not looked at: what a person does when the phone buzzes. */
  const read = async ({ number }: Phone, asked: Asked): Promise<Answer> => {
    const ms = waitOf(asked);
    if (ms === undefined) return badWait;
    const text = await changes.until(() => world.texts.take(number), ms, asked.signal);
    return text === undefined
      ? refuseApi(404, `no new text arrived at ${number}`, 'silent')
      : json(200, viewText(text));
  };

  /** Keys one by one: from the second on, a person waits until the line listens. */
  const press = async ({ number }: Phone, asked: Asked): Promise<Answer> => {
    const { keys } = objectOf(asked);
    if (typeof keys !== 'string' || keys.length > mostKeys || !/^[0-9*#]+$/.test(keys)) {
      return refuseApi(400, `expected {"keys": "0 to 9, * and #"}, at most ${mostKeys}`);
    }
    let taken = true;
    for (const [index, key] of keys.split('').entries()) {
      const call = network.current(number)?.call;
      const settled = () => call === undefined || call.listening || isOver(call.status) || undefined;
      if (index > 0) {
        // The network first takes the key before it: one turn of the event loop.
        await nextTurn();
        await changes.until(settled, 5000, asked.signal);
      }
      const pressed = network.press(number, key);
      if (pressed === undefined && index === 0) return refuseApi(409, `${number} is not on a call`);
      taken &&= pressed?.taken ?? false;
    }
    const [call] = callsAt(world, number);
    return json(200, { taken, ...(call !== undefined && { call }) });
  };

  const behave = (phone: Phone, asked: Asked): Answer => {
    const { behaviour, ...rest } = objectOf(asked);
    const change = readChange(behaviour === undefined ? rest : { ...rest, calls: behaviour });
    if (change === undefined || Object.keys(change).length === 0) {
      return refuseApi(400, 'expected calls, texts, callbacks or api, see README.md for the names');
    }
    const office = change.calls === 'switchboard' || change.calls === 'direct';
    if (office && phone.extensions === undefined) return refuseApi(400, `${phone.number} has no extensions`);
    world.behave(phone.number, change);
    return phoneJson(phone);
  };

  const add = (asked: Asked): Answer => {
    const person = readPerson(objectOf(asked));
    if (person === undefined) return refuseApi(400, 'expected {"name", "number"?, "totpSecret"?, "extensions"?}');
    const taken = person.number !== undefined && world.phone(person.number) !== undefined;
    const fault = world.add(person);
    if (fault !== undefined) return taken ? refuseApi(409, fault, 'taken') : refuseApi(400, fault);
    return json(
      201,
      world
        .phones()
        .filter(({ number }) => person.number === number.split(';')[0])
        .map(each => viewPhone(world, each)),
    );
  };

  const carrier = (): Answer => json(200, { api: world.outage ?? 'answers' });
  const behaveCarrier = (asked: Asked): Answer => {
    const { api } = objectOf(asked);
    if (!isAnswering(api)) return refuseApi(400, 'expected {"api": NAME}, see README.md for the names');
    world.outage = api === 'answers' ? undefined : api;
    changes.ring();
    return carrier();
  };

  const time = (): Answer => json(200, { now: world.timers.now(), ahead: world.timers.ahead });
  const moveTime = async (asked: Asked): Promise<Answer> => {
    const { seconds } = objectOf(asked);
    if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= longestMove)) {
      return refuseApi(400, `expected {"seconds": 0 to ${longestMove}}`);
    }
    await world.timers.move(seconds * 1000);
    changes.ring();
    return time();
  };

  const code = (asked: Asked): Answer => {
    const who = asked.params['who'] ?? '';
    const view = viewCode(world, who);
    return view === undefined ? refuseApi(404, `${who} has no authenticator app`) : json(200, view);
  };

  return [
    {
      method: 'GET',
      path: '/api/phones',
      answer: () =>
        json(
          200,
          world.phones().map(each => viewPhone(world, each)),
        ),
    },
    { method: 'POST', path: '/api/phones', answer: add },
    of('GET', '', phoneJson),
    of('GET', '/ringing', ringing),
    of('GET', '/transcript', transcript),
    act('/answer', number => network.answer(number), 'it does not ring'),
    act('/decline', number => network.decline(number), 'it does not ring'),
    act('/hang-up', number => network.hangUp(number), 'it is not on a call'),
    act('/wait-out', number => network.letTimePass(number), 'there is no call'),
    of('POST', '/press', press),
    of('PUT', '/behaviour', behave),
    of('GET', '/messages', ({ number }) => json(200, world.textsTo(number).map(viewText))),
    of('POST', '/read', read),
    of('POST', '/release', ({ number }) => json(200, { released: world.texts.release(number) })),
    { method: 'GET', path: '/api/carrier', answer: carrier },
    { method: 'PUT', path: '/api/carrier', answer: behaveCarrier },
    { method: 'GET', path: '/api/time', answer: time },
    { method: 'POST', path: '/api/time', answer: moveTime },
    { method: 'GET', path: '/api/people/:who/code', answer: code },
    { method: 'GET', path: '/api/wire', answer: () => json(200, world.wire.lines) },
    {
      method: 'POST',
      path: '/api/reset',
      answer() {
        world.reset();
        return json(200, { reset: true });
      },
    },
  ];
};
