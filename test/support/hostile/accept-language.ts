/** Reads an `Accept-Language` header as the product does. */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import Koa from 'koa';
import { acceptedLanguages } from '../../../src/http/language.ts';

const koa = new Koa();

/** Tags in a request with this `Accept-Language`, in order. */
export const acceptedIn = (header: string): readonly string[] => {
  const request = new IncomingMessage(new Socket());
  request.headers['accept-language'] = header;
  return acceptedLanguages(koa.createContext(request, new ServerResponse(request)));
};
