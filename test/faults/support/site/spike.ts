/** Sends GETs over many kept connections at a fixed rate, and keeps status, time and what tells a client to come back. */
import { Agent, request as ask } from 'node:http';
import { atRate, type Load, type Sample } from './load.ts';

export interface Reply {
  /** Undefined: the connection broke. */
  readonly status: number | undefined;
  readonly retryAfter: string | undefined;
  readonly language: string | undefined;
  readonly text: string;
}

export interface Target {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends one GET. */
export const get = ({ port, path, headers }: Target, agent: Agent): Promise<Reply> =>
  new Promise(resolve => {
    const broken = () => resolve({ status: undefined, retryAfter: undefined, language: undefined, text: '' });
    const asked = ask({ host: '127.0.0.1', port, path, headers, agent }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
      response.on('error', broken);
      response.on('end', () => {
        const { 'retry-after': retryAfter, 'content-language': language } = response.headers;
        const single = typeof language === 'string' ? language : undefined;
        resolve({ status: response.statusCode, retryAfter, language: single, text });
      });
    });
    asked.on('error', broken);
    asked.end();
  });

/** Sends GETs to one target at a rate. */
export const spike = async (load: Load, target: Target): Promise<readonly Sample<Reply>[]> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });
  try {
    return await atRate(load, () => get(target, agent));
  } finally {
    agent.destroy();
  }
};
