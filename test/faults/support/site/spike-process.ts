/** Sends the requests that `spike.ts` asks for, tells the answers, and ends. Keeps times only: a large heap would delay requests. */
import { Agent, request as ask } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Replies, Reply, Spike, Target } from './spike.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });

/** Sends one GET. */
const get = ({ port, path, headers }: Target): Promise<Reply> =>
  new Promise(resolve => {
    const broken = () => resolve({});
    const asked = ask({ host: '127.0.0.1', port, path, headers, agent }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
      response.on('error', broken);
      response.on('end', () => {
        const { 'retry-after': retryAfter, 'content-language': language } = response.headers;
        resolve({
          status: response.statusCode,
          retryAfter,
          language: typeof language === 'string' ? language : undefined,
          problem: /IDP-\d+/.exec(text)?.[0],
        });
      });
    });
    asked.on('error', broken);
    asked.end();
  });

const send = async ({ load: { perSecond, total }, targets }: Spike): Promise<readonly Replies[]> => {
  const times = new Map<string, number[]>();
  const note = (reply: Reply, took: number): void => {
    const name = JSON.stringify(reply);
    const known = times.get(name) ?? [];
    times.set(name, known);
    known.push(Math.round(took * 10) / 10);
  };
  const began = performance.now();
  const all = Promise.withResolvers<void>();
  let left = total;
  const sendOne = async (target: Target, due: number): Promise<void> => {
    note(await get(target), performance.now() - due);
    left -= 1;
    if (left === 0) all.resolve();
  };
  for (let at = 0; at < total; at += 1) {
    const due = began + (at * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await pause(wait);
    const target = targets[at % targets.length];
    if (target === undefined) throw new Error('got no target, expected one');
    void sendOne(target, due);
  }
  await all.promise;
  return [...times].map(([name, took]) => ({ reply: JSON.parse(name) as Reply, took }));
};

process.once('message', (spike: Spike) => {
  void send(spike).then(replies => process.send?.(replies, () => process.exit()));
});
