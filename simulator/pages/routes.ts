import { html, type Html } from '../../web/html.ts';
import type { Answer, Asked, Route } from '../http/server.ts';
import { seeOther } from '../http/server.ts';
import { isAnswering } from '../network/behaviours/settings.ts';
import type { Phone } from '../simulation/people.ts';
import { fileRoute, tokensRoute } from '../http/files.ts';
import type { World } from '../simulation/simulation.ts';
import { changeOf } from './choices.ts';
import { personCards } from './handset.ts';
import { header, type Places } from './header.ts';
import { layout } from './layout.ts';
import { trace } from './wire-log.ts';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const page = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
  body,
});

/** Phones first; then those who have an authenticator app alone. Who has neither has nothing to be shown here. */
const peopleIn = (world: World): Html => {
  const phones = world.people().filter(({ number }) => number !== undefined);
  const apps = world.people().filter(({ number, totpSecret }) => number === undefined && totpSecret !== undefined);
  const shown = [...phones, ...apps];
  return html`<div class="people">${shown.map(each => personCards(world, each))}</div>`;
};

const whole = (world: World, places: Places): string =>
  layout(
    'Simulator: the outside world in a box',
    header(world, places),
    html`${peopleIn(world)}
      ${trace(world)}`,
    world.timers.now(),
  );

/** A page that says what was refused, with the way back. */
export const refusePage = (status: number, message: string): Answer =>
  page(
    status,
    layout(
      'Simulator: refused',
      undefined,
      html`<section class="panel">
        <div class="title"><h2>That did not work</h2></div>
        <p class="hint">${message}</p>
        <p><a href="/">Back to the phones</a></p>
      </section>`,
    ),
  );

const beat = 15_000;
const mostStreams = 100;

/** Says that something changed; what, the page reads anew. */
const events = (world: World, count: (change: 1 | -1) => void): Answer => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream; charset=utf-8' },
  stream(write, signal) {
    count(1);
    write('retry: 1000\n\ndata: hello\n\n');
    const stops = [world.changes.hear(() => write('data: changed\n\n'))];
    const again = () => {
      write(': still here\n\n');
      stops[1] = world.timers.after(beat, again);
    };
    stops.push(world.timers.after(beat, again));
    signal.addEventListener('abort', () => {
      count(-1);
      for (const stop of stops) stop();
    });
  },
});

const file = (name: string): Route => fileRoute(`/${name}`, new URL(`../public/${name}`, import.meta.url));

/** The page of all phones, its event stream, and the buttons on it as plain forms. */
export const pageRoutes = (world: World, places: Places): readonly Route[] => {
  const { network } = world;
  let streams = 0;
  const count = (change: 1 | -1) => {
    streams += change;
  };
  const listen = () =>
    streams < mostStreams ? events(world, count) : refusePage(503, `${mostStreams} pages are open already.`);
  const act = (path: string, does: (number: string, form: URLSearchParams, phone: Phone) => unknown): Route => ({
    method: 'POST',
    path: `/phones/:number/${path}`,
    answer(asked: Asked) {
      const number = asked.params['number'] ?? '';
      const phone = world.phone(number);
      if (phone === undefined) return refusePage(404, `No phone has the number ${number}.`);
      // A button of a page that is out of date changes nothing; the page that follows shows what is.
      does(number, new URLSearchParams(asked.body), phone);
      return seeOther('/');
    },
  });
  return [
    { method: 'GET', path: '/', answer: () => page(200, whole(world, places)) },
    { method: 'GET', path: '/events', answer: listen },
    act('answer', number => network.answer(number)),
    act('decline', number => network.decline(number)),
    act('hang-up', number => network.hangUp(number)),
    act('press', (number, form) => {
      const key = form.get('key') ?? '';
      return /^[0-9*#]$/.test(key) && network.press(number, key);
    }),
    act('release', number => world.texts.release(number)),
    act('behaviour', (number, form, phone) => {
      for (const kind of ['calls', 'texts'] as const) {
        const change = changeOf(kind, form.get(kind) ?? '', phone);
        if (change !== undefined) world.behave(number, change);
      }
    }),
    {
      method: 'POST',
      path: '/phones',
      answer({ body }) {
        const form = new URLSearchParams(body);
        const number = (form.get('number') ?? '').replaceAll(/[\s().-]/g, '');
        const fault = world.add({ name: (form.get('name') ?? '').trim(), number });
        return fault === undefined ? seeOther('/') : refusePage(400, `${fault}.`);
      },
    },
    {
      method: 'POST',
      path: '/time',
      async answer({ body }) {
        const seconds = Number(new URLSearchParams(body).get('seconds'));
        if (seconds > 0 && seconds <= 86_400) await world.timers.move(seconds * 1000);
        world.changes.ring();
        return seeOther('/');
      },
    },
    {
      method: 'POST',
      path: '/carrier',
      answer({ body }) {
        const api = new URLSearchParams(body).get('api');
        if (isAnswering(api)) world.outage = api === 'answers' ? undefined : api;
        world.changes.ring();
        return seeOther('/');
      },
    },
    {
      method: 'POST',
      path: '/reset',
      answer() {
        world.reset();
        return seeOther('/');
      },
    },
    tokensRoute(),
    fileRoute('/mark.svg', new URL('../../web/public/mark.svg', import.meta.url)),
    file('simulator.css'),
    file('simulator.mjs'),
  ];
};
