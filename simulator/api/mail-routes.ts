/** Serves the routes of the mailbox in the JSON API. */
import type { HttpRequest, HttpResponse, Route } from '../http/server.ts';
import { json } from '../http/server.ts';
import { isMailBehaviourName } from '../mailbox/mailbox.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { apiError } from './errors.ts';
import { maxWait, objectOf, waitOf } from './input.ts';

/** All routes of the mailbox. */
export const mailRoutes = ({ mailbox, changes }: Simulation): readonly Route[] => {
  const list = ({ query }: HttpRequest): HttpResponse => json(200, mailbox.mails(query.get('to') ?? undefined));

  /** Waits for an unread mail, as a person does. */
  const read = async (request: HttpRequest): Promise<HttpResponse> => {
    const [ms, to] = [waitOf(request), request.query.get('to')];
    if (ms === undefined || to === null) return apiError(400, `expected ?to=ADDRESS and wait from 0 to ${maxWait}`);
    const mail = await changes.waitFor(() => mailbox.takeUnread(to), ms, request.signal);
    return mail === undefined ? apiError(404, `no new mail arrived at ${to}`, 'silent') : json(200, mail);
  };

  const server = (): HttpResponse => json(200, { behaviour: mailbox.behaviour });
  const behave = (request: HttpRequest): HttpResponse => {
    const { behaviour } = objectOf(request);
    if (!isMailBehaviourName(behaviour)) return apiError(400, 'expected {"behaviour": NAME}, a name from README.md');
    mailbox.behaviour = behaviour;
    changes.notify();
    return server();
  };

  return [
    { method: 'GET', path: '/api/mails', handle: list },
    { method: 'POST', path: '/api/mails/read', handle: read },
    { method: 'GET', path: '/api/mail-server', handle: server },
    { method: 'PUT', path: '/api/mail-server', handle: behave },
  ];
};
