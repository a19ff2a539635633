/**
 * Serves the API of the authenticator below /authenticator/api. `src/mfa/push/protocol.ts` has its bodies:
 *
 *   GET    /configuration   the keys of the server; the one call without a device     pairing.ts      POST /pairings
 *   GET    /requests, /events     POST /answers                                       requests.ts
 *   PUT    /subscription          POST /test          DELETE /device                  own-device.ts
 *
 * Each call is proven by a JWT of the device (`calls.ts`). Cookies are neither read nor set. A refusal has a code and a sentence
 * (`refusals.ts`).
 */
import { Router } from '@koa/router';
import type { ConfigurationAnswer } from '../../src/mfa/push/protocol.ts';
import type { Streams } from '../../src/http/event-streams.ts';
import type { AuthenticatorApiDeps } from './deps.ts';
import { deleteDevice, postTest, putSubscription } from './own-device.ts';
import { postPairing } from './pairing.ts';
import { answerRefusals } from './refusals.ts';
import { getEvents, getRequests, postAnswer } from './requests.ts';

/** Where the API is. */
const apiPath = '/authenticator/api';

/** Creates the router. */
export const authenticatorApiRoutes = (deps: AuthenticatorApiDeps, streams: Streams): Router => {
  const router = new Router({ prefix: apiPath });
  router.use(answerRefusals(deps));
  router.get('/configuration', async ctx => {
    const [vapid, serverKeys] = await Promise.all([deps.pushKeys.vapid(), deps.pushKeys.published()]);
    const answer: ConfigurationAnswer = {
      vapidKey: vapid.publicKey,
      organization: deps.issuer.host,
      serverKeys,
    };
    ctx.body = answer;
  });
  router.post('/pairings', postPairing(deps));
  router.get('/requests', getRequests(deps));
  router.get('/events', getEvents(deps, streams));
  router.post('/answers', postAnswer(deps));
  router.put('/subscription', putSubscription(deps));
  router.post('/test', postTest(deps));
  router.delete('/device', deleteDevice(deps));
  return router;
};
