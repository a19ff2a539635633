/** Asks for languages as a request with one header does. */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import Koa from 'koa';
import { acceptedLanguages } from '../../../src/http/language.ts';

const koa = new Koa();

/** Tags that a request with this `Accept-Language` asks for, in order. */
export const acceptedIn = (header: string): readonly string[] => {
  const request = new IncomingMessage(new Socket());
  request.headers['accept-language'] = header;
  return acceptedLanguages(koa.createContext(request, new ServerResponse(request)));
};
