/** Serves the pages of phones and mails: each page, its event stream, and its buttons as plain forms that work without script. */
import { html } from '../../web/html.ts';
import { fileRoute, tokensRoute } from '../http/files.ts';
import type { HttpResponse, Route } from '../http/server.ts';
import { seeOther } from '../http/server.ts';
import { isApiBehaviourName } from '../network/behaviours/settings.ts';
import { isMailBehaviourName } from '../mailbox/mailbox.ts';
import { isPushBehaviourName } from '../push/behaviours.ts';
import type { Phone } from '../simulation/people.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { changeOf } from './choices.ts';
import { devicesPage } from './devices-page.ts';
import { header, type ServerUrls } from './header.ts';
import { layout } from './layout.ts';
import { mailboxPage } from './mailbox-page.ts';
import { personCards } from './person-cards.ts';
import { wireLog } from './wire-log.ts';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const page = (status: number, body: string): HttpResponse => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
  body,
});

const mainPage = (simulation: Simulation, urls: ServerUrls): string =>
  layout(
    'Simulator',
    header(simulation, urls),
    html`<div class="people">${personCards(simulation)}</div>
      ${wireLog(simulation)}`,
    simulation.clock.now(),
  );

const mailPage = (simulation: Simulation, urls: ServerUrls): string =>
  layout('Simulator: mailbox', header(simulation, urls), mailboxPage(simulation), simulation.clock.now());

/** A mail as a mail program would show it: nothing in it runs or loads. */
const mailPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

const mailRoutes = (simulation: Simulation, urls: ServerUrls): readonly Route[] => {
  const { mailbox, changes } = simulation;
  return [
    { method: 'GET', path: '/mail', handle: () => page(200, mailPage(simulation, urls)) },
    {
      method: 'GET',
      path: '/mail/:id/html',
      handle({ params }) {
        const mail = mailbox.mail(Number(params['id']));
        if (mail === undefined) return errorPage(404, 'There is no such mail any more.');
        return {
          ...page(200, mail.html),
          headers: { ...page(200, '').headers, 'content-security-policy': mailPolicy },
        };
      },
    },
    formRoute('/mail-server', form => {
      const behaviour = form.get('behaviour');
      if (isMailBehaviourName(behaviour)) mailbox.behaviour = behaviour;
      changes.notify();
      return seeOther('/mail');
    }),
  ];
};

const deviceRoutes = (simulation: Simulation, urls: ServerUrls): readonly Route[] => {
  const { push, changes, clock } = simulation;
  return [
    {
      method: 'GET',
      path: '/devices',
      handle: () =>
        page(
          200,
          layout('Simulator: notifications', header(simulation, urls), devicesPage(simulation, urls), clock.now()),
        ),
    },
    formRoute('/push-service', form => {
      const behaviour = form.get('behaviour');
      if (isPushBehaviourName(behaviour)) push.override = behaviour === 'delivers' ? undefined : behaviour;
      changes.notify();
      return seeOther('/devices');
    }),
  ];
};

/** A page with an error and a link back. */
export const errorPage = (status: number, message: string): HttpResponse =>
  page(
    status,
    layout(
      'Simulator: error',
      undefined,
      html`<section class="panel">
        <div class="title"><h2>That did not work</h2></div>
        <p class="hint">${message}</p>
        <p><a href="/">Back to the phones</a></p>
      </section>`,
    ),
  );

/** Keeps proxies from closing an idle stream; in milliseconds. */
const heartbeatInterval = 15_000;
const maxStreams = 100;

/** A stream with one event per change. An event has no content: the page requests itself again. */
const eventStream = ({ changes, clock }: Simulation, count: (change: 1 | -1) => void): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream; charset=utf-8' },
  stream(write, signal) {
    count(1);
    write('retry: 1000\n\ndata: connected\n\n');
    const stops = [changes.subscribe(() => write('data: changed\n\n'))];
    const heartbeat = () => {
      write(': heartbeat\n\n');
      stops[1] = clock.after(heartbeatInterval, heartbeat);
    };
    stops.push(clock.after(heartbeatInterval, heartbeat));
    signal.addEventListener('abort', () => {
      count(-1);
      for (const stop of stops) stop();
    });
  },
});

const events = (simulation: Simulation): Route => {
  let streams = 0;
  const count = (change: 1 | -1) => {
    streams += change;
  };
  const open = () =>
    streams < maxStreams ? eventStream(simulation, count) : errorPage(503, `${maxStreams} pages are already open.`);
  return { method: 'GET', path: '/events', handle: open };
};

/** The buttons of one phone. */
const phoneActions = (simulation: Simulation): readonly Route[] => {
  const { network, texts } = simulation;
  const action = (path: string, act: (number: string, form: URLSearchParams, phone: Phone) => unknown): Route => ({
    method: 'POST',
    path: `/phones/:number/${path}`,
    handle({ params, body }) {
      const number = params['number'] ?? '';
      const phone = simulation.phone(number);
      if (phone === undefined) return errorPage(404, `No phone has the number ${number}.`);
      // Ignores an action that is no longer possible: the redirect shows the current state.
      act(number, new URLSearchParams(body), phone);
      return seeOther('/');
    },
  });
  return [
    action('answer', number => network.answer(number)),
    action('decline', number => network.decline(number)),
    action('hang-up', number => network.hangUp(number)),
    action('press', (number, form) => {
      const key = form.get('key') ?? '';
      return /^[0-9*#]$/.test(key) && network.press(number, key);
    }),
    action('release', number => texts.release(number)),
    action('behaviour', (number, form, phone) => {
      for (const kind of ['calls', 'texts'] as const) {
        const change = changeOf(kind, form.get(kind) ?? '', phone);
        if (change !== undefined) simulation.behave(number, change);
      }
    }),
  ];
};

const formRoute = (path: string, handle: (form: URLSearchParams) => HttpResponse | Promise<HttpResponse>): Route => ({
  method: 'POST',
  path,
  handle: ({ body }) => handle(new URLSearchParams(body)),
});

/** The forms outside the phones: add a phone, move the clock, set the carrier's API, start over. */
const pageActions = (simulation: Simulation): readonly Route[] => {
  const { changes, clock } = simulation;
  return [
    formRoute('/phones', form => {
      const number = (form.get('number') ?? '').replaceAll(/[\s().-]/g, '');
      const error = simulation.add({ name: (form.get('name') ?? '').trim(), number });
      return error === undefined ? seeOther('/') : errorPage(400, `${error}.`);
    }),
    formRoute('/time', async form => {
      const seconds = Number(form.get('seconds'));
      if (seconds > 0 && seconds <= 86_400) await clock.move(seconds * 1000);
      changes.notify();
      return seeOther('/');
    }),
    formRoute('/carrier', form => {
      const api = form.get('api');
      if (isApiBehaviourName(api)) simulation.apiOverride = api === 'answers' ? undefined : api;
      changes.notify();
      return seeOther('/');
    }),
    formRoute('/reset', () => {
      simulation.reset();
      return seeOther('/');
    }),
  ];
};

const file = (name: string): Route => fileRoute(`/${name}`, new URL(`../public/${name}`, import.meta.url));

/** All routes of the page. */
export const pageRoutes = (simulation: Simulation, urls: ServerUrls): readonly Route[] => [
  { method: 'GET', path: '/', handle: () => page(200, mainPage(simulation, urls)) },
  ...mailRoutes(simulation, urls),
  ...deviceRoutes(simulation, urls),
  events(simulation),
  ...phoneActions(simulation),
  ...pageActions(simulation),
  tokensRoute(),
  fileRoute('/mark.svg', new URL('../../web/public/mark.svg', import.meta.url)),
  file('simulator.css'),
  file('simulator.mjs'),
  file('morph.mjs'),
  file('sound.mjs'),
];
