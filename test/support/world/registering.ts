/** Sends the requests of clients that register and manage themselves (RFC 7591, RFC 7592). */
import type { World } from './world.ts';

/** What a client is told of itself, or why it is refused. */
export interface Information {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly client_name?: string;
  readonly redirect_uris?: readonly string[];
  readonly registration_access_token: string;
  readonly error?: string;
  readonly error_description?: string;
  readonly error_uri?: string;
}

export interface RegistrationAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: Information;
}

type Known = Pick<Information, 'client_id' | 'registration_access_token'>;

export interface Registering {
  send(
    method: string,
    path: string,
    how: {
      readonly authorization?: string | undefined;
      readonly body?: object | undefined;
      readonly text?: string;
      readonly type?: string;
    },
  ): Promise<RegistrationAnswer>;
  post(token: string, body: object): Promise<RegistrationAnswer>;
  get(client: Known): Promise<RegistrationAnswer>;
  /** Without a `client_id` of its own the body has that of the client. */
  put(client: Known, body: object): Promise<RegistrationAnswer>;
  delete(client: Known): Promise<RegistrationAnswer>;
}

/** Sends them to the first application of this world. */
export const registering = ({ issuer }: Pick<World, 'issuer'>): Registering => {
  const send: Registering['send'] = async (method, path, { authorization, body, text, type = 'application/json' }) => {
    const sent = text ?? (body && JSON.stringify(body));
    const response = await fetch(new URL(path, issuer), {
      method,
      headers: {
        accept: 'application/json',
        ...(authorization !== undefined && { authorization }),
        ...(sent !== undefined && { 'content-type': type }),
      },
      ...(sent !== undefined && { body: sent }),
    });
    const answer = await response.text();
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      json: (answer === '' ? {} : JSON.parse(answer)) as Information,
    };
  };
  const manage = (method: string, { client_id: id, registration_access_token: token }: Known, body?: object) =>
    send(method, `/reg/${id}`, { authorization: `Bearer ${token}`, body });
  return {
    send,
    post: (token, body) => send('POST', '/reg', { authorization: `Bearer ${token}`, body }),
    get: client => manage('GET', client),
    put: (client, body) => manage('PUT', client, { client_id: client.client_id, ...body }),
    delete: client => manage('DELETE', client),
  };
};
