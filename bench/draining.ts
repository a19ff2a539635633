/**
 * Acts as a load balancer in front of two nodes while one of them stops: it polls /readyz and sends requests to ready nodes only.
 * After a refused connection, when no byte was sent, it uses the other node. Counts requests without a correct response.
 */
import { openStream, type WaitingSignIn } from './phones.ts';
import { apis, ask, clientCredentials, serviceAt } from './requests.ts';
import { times } from './times.ts';

const connections = 8;
/** Between two questions to /readyz, as a load balancer asks. */
const checkEvery = 200;
/** What the stream of a page tells its browser (`retry:`), and the longest time to be back. */
const [reconnectAfter, patience] = [2000, 15_000];

const sleep = (millis: number): Promise<void> => new Promise(resolve => setTimeout(resolve, millis));

const isRefused = (error: unknown): boolean => Error.isError(error) && 'code' in error && error.code === 'ECONNREFUSED';

interface Drained {
  readonly asked: number;
  readonly lost: number;
  /** Why each was lost. */
  readonly reasons: readonly string[];
  /** Waiting browsers that had their page's events again, and the milliseconds of the slowest. */
  readonly back: number;
  readonly slowest: number;
  /** The exit code of the node that stopped. */
  readonly code: number | null;
}

/** Asks for `seconds`, stops the first node under this load, and goes on for as long again. */
export const loseNothing = async (of: {
  readonly ports: readonly [leaving: number, staying: number];
  /** Sign-ins at the node that stops. */
  readonly pages: readonly WaitingSignIn[];
  readonly seconds: number;
  readonly stop: () => Promise<number | null>;
}): Promise<Drained> => {
  const { ports, pages, seconds, stop } = of;
  const ready = new Set(ports);
  const state = { asked: 0, lost: 0, isOver: false, reasons: new Array<string>() };
  const watch = async (port: number): Promise<void> => {
    for (; !state.isOver; await sleep(checkEvery)) {
      const isReady = await ask(port, '/readyz').then(
        () => true,
        () => false,
      );
      if (isReady) ready.add(port);
      else ready.delete(port);
    }
  };
  const balance = async (at: number): Promise<void> => {
    const [first = ports[1], second = ports[1]] = at % 2 === 0 ? [...ready] : [...ready].toReversed();
    try {
      await clientCredentials(first, serviceAt(0), apis.opaque).catch(async (error: unknown) => {
        if (!isRefused(error)) throw error;
        return clientCredentials(second, serviceAt(0), apis.opaque);
      });
    } catch (error) {
      state.lost += 1;
      state.reasons.push(String(error));
    }
  };
  const load = async (): Promise<void> => {
    while (!state.isOver) await balance((state.asked += 1));
  };
  /** Follows the stream of a page as its browser does. Gives the milliseconds without events; undefined: it did not come back. */
  const follow = async (page: WaitingSignIn): Promise<number | undefined> => {
    const stream = await page.open();
    await stream.closed;
    const closed = performance.now();
    while (performance.now() - closed < patience) {
      await sleep(reconnectAfter);
      const again = await openStream(ports[1], page.path, page.cookie()).catch(() => undefined);
      if (again === undefined) continue;
      again.close();
      return performance.now() - closed;
    }
    return undefined;
  };
  const watching = Promise.all(ports.map(watch));
  const loading = Promise.all(times(connections, load));
  const following = Promise.all(pages.map(follow));
  await sleep(seconds * 1000);
  const code = await stop();
  const gone = await following;
  await sleep(seconds * 1000);
  state.isOver = true;
  await Promise.all([watching, loading]);
  const back = gone.filter(each => each !== undefined);
  return { ...state, back: back.length, slowest: Math.max(0, ...back), code };
};
