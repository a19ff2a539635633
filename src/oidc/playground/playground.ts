/**
 * The playground signs a person in at a client, and shows each request, each answer and the verified tokens. It serves developers who
 * try their own client, and everybody in a development environment.
 *
 *   form ──► request.ts    the wish of the person, and the parameters of the authorization request
 *        ──► callback.ts   an address of ours for one flow of one browser
 *        ──► stand-in.ts   makes the client accept this address, and this process redeem its codes
 *        ──► answer.ts     the answer, also where it is one signed JWT
 *        ──► exchange.ts   redeems the code, asks for user information, ends the token
 *        ──► id-token.ts   verifies the ID token, one check after the other
 *        ──► shown.ts      what of a request and its answer is shown, without a secret
 *        ──► wire.ts       requests and answers as text
 *
 * Tokens are shown to the browser that began the flow. They are ended before the page with them is sent, and no refresh token
 * is issued.
 */
import { createHash } from 'node:crypto';
import type { Client } from 'oidc-provider';
import { randomToken } from '../../crypto.ts';
import { waitsForApproval } from '../clients/approval.ts';
import { isBuiltIn } from '../clients/built-in.ts';
import { isRefusal } from '../refusals/refusal-codes.ts';
import { responseModeFor, unverified, type AnswerParameters } from './answer.ts';
import type { Callbacks } from './callback.ts';
import { pushRequest, redeemAndAsk, type ExchangeDeps, type Outcome } from './exchange.ts';
import type { Exchange } from './shown.ts';
import { encoded, parametersOf, type Parameters, type PlaygroundFlow, type Wish } from './request.ts';
import { curlOfGet } from './wire.ts';

/** An authorization request that is ready to be sent, or that the pushed request endpoint refused. */
export interface PreparedRequest {
  readonly flow: PlaygroundFlow;
  readonly parameters: Parameters;
  /** Absent: the request is not pushed. */
  readonly pushed?: Exchange;
  /** The address that begins the sign-in; absent: the pushed request was refused. */
  readonly to?: URL;
  /** A command that sends the same request. */
  readonly curl?: string;
}

/** unknown: there is no such client. waiting: an administrator has not approved it. */
export type Untried = 'unknown' | 'waiting';

export interface PlaygroundDeps extends ExchangeDeps {
  readonly callbacks: Callbacks;
}

/** Creates the playground for one set of keys. */
export const createPlayground = (deps: PlaygroundDeps) => {
  const { provider, issuer, callbacks } = deps;
  const clientOf = async (id: string): Promise<Client | Untried> => {
    if (isBuiltIn(id)) return 'unknown';
    try {
      return (await provider.Client.find(id)) ?? 'unknown';
    } catch (error) {
      if (isRefusal(error) && error.error_detail === waitsForApproval) return 'waiting';
      throw error;
    }
  };

  return {
    /**
     * Prepares a request, or says why its client cannot be tried. `page`: path of the page that the flow returns below. `browser`: the
     * secret of this browser (`callback.ts`). `address`: of the browser.
     */
    async prepare(
      wish: Wish,
      { page, browser, address }: { readonly page: string; readonly browser: string; readonly address: string },
    ): Promise<PreparedRequest | Untried> {
      const client = await clientOf(wish.client);
      if (typeof client === 'string') return client;
      const { clientId } = client;
      const flow: PlaygroundFlow = {
        clientId,
        redirectUri: callbacks.make(page, { clientId, browser }),
        state: randomToken(),
        nonce: randomToken(),
        verifier: randomToken(32),
        ...(wish.acrValues !== '' && { acrValues: wish.acrValues }),
        ...(wish.maxAge !== '' && { maxAge: Number(wish.maxAge) }),
      };
      const challenge = createHash('sha256').update(flow.verifier).digest('base64url');
      const parameters = parametersOf(wish, flow, { challenge, responseMode: responseModeFor(client.responseModes) });
      const isPushed = wish.isPushed || client.requirePushedAuthorizationRequests === true;
      const pushed = isPushed ? await pushRequest(deps, { client, flow, parameters, address }) : undefined;
      const sent = pushed === undefined ? parameters : pushed.sent;
      const to = new URL('/auth', issuer);
      to.search = encoded(sent);
      return {
        flow,
        parameters,
        ...(pushed !== undefined && { pushed: pushed.exchange }),
        ...(sent.length > 0 && { to, curl: curlOfGet(to) }),
      };
    },

    /** Takes the answer that came to the address of the flow. `address`: of the browser. */
    async finish(answer: AnswerParameters, flow: PlaygroundFlow, address: string): Promise<Outcome | undefined> {
      const client = await clientOf(flow.clientId);
      return typeof client === 'string' ? undefined : redeemAndAsk(deps, { client, flow, answer, address });
    },

    /** Ends the code of an answer that came to a browser which did not begin its flow. */
    async discard(answer: AnswerParameters, redirectUri: string): Promise<void> {
      const found = await provider.AuthorizationCode.find(unverified(answer).get('code') ?? '');
      if (found?.redirectUri === redirectUri) await found.destroy();
    },
  };
};

export type Playground = ReturnType<typeof createPlayground>;
