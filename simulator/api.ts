import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Answer, Asked, Route } from './http.ts';
import { json } from './http.ts';
import { isBehaviour } from './network/behaviours.ts';
import { isOver } from './network/call.ts';
import type { Phone, World } from './world.ts';
import { viewCall, viewCode, viewPhone } from './views.ts';

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

const longestWait = 10;
const mostKeys = 64;

/** `?wait=SECONDS`, at most 10; 0 unless told. Undefined for anything else. */
const waitOf = ({ query }: Asked): number | undefined => {
  const text = query.get('wait') ?? '0';
  const seconds = /^[0-9]{1,2}(\.[0-9]{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  return seconds <= longestWait ? seconds * 1000 : undefined;
};

/** The member of a JSON object; undefined where the body is no object that has it. */
const memberOf = ({ body }: Asked, name: string): unknown => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
      ? (value as Record<string, unknown>)[name]
      : undefined;
  } catch {
    return undefined;
  }
};

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
      const call = network.current(number);
      return call?.status === 'ringing' ? call : undefined;
    };
    const call = await changes.until(look, ms, asked.signal);
    return call === undefined ? refuseApi(404, `${number} does not ring`, 'silent') : json(200, viewCall(call));
  };

  /** The newest call, once its line listens or it is over: what a person does before pressing a key. */
  const transcript = async ({ number }: Phone, asked: Asked): Promise<Answer> => {
    const ms = waitOf(asked);
    if (ms === undefined) return badWait;
    const newest = () => world.callsTo(number)[0];
    const ready = () => {
      const view = newest();
      return view !== undefined && (view.listening || viewCall(view).isOver) ? view : undefined;
    };
    const call = (await changes.until(ready, ms, asked.signal)) ?? newest();
    return call === undefined ? refuseApi(404, `${number} was never called`, 'silent') : json(200, viewCall(call));
  };

  /** Keys one by one: from the second on, a person waits until the line listens. */
  const press = async ({ number }: Phone, asked: Asked): Promise<Answer> => {
    const keys = memberOf(asked, 'keys');
    if (typeof keys !== 'string' || keys.length > mostKeys || !/^[0-9*#]+$/.test(keys)) {
      return refuseApi(400, `expected {"keys": "0 to 9, * and #"}, at most ${mostKeys}`);
    }
    let taken = true;
    for (const [index, key] of keys.split('').entries()) {
      const call = network.current(number);
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
    const [call] = world.callsTo(number);
    return json(200, { taken, ...(call !== undefined && { call: viewCall(call) }) });
  };

  const behave = (phone: Phone, asked: Asked): Answer => {
    const behaviour = memberOf(asked, 'behaviour');
    if (!isBehaviour(behaviour)) return refuseApi(400, 'expected {"behaviour": NAME}, see README.md for the names');
    world.behave(phone.number, behaviour);
    return phoneJson(phone);
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
    of('GET', '', phoneJson),
    of('GET', '/ringing', ringing),
    of('GET', '/transcript', transcript),
    act('/answer', number => network.answer(number), 'it does not ring'),
    act('/decline', number => network.decline(number), 'it does not ring'),
    act('/hang-up', number => network.hangUp(number), 'it is not on a call'),
    act('/wait-out', number => network.letTimePass(number), 'there is no call'),
    of('POST', '/press', press),
    of('PUT', '/behaviour', behave),
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
