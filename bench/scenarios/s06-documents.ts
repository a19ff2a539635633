/** S6: discovery and the key set, and one signed cookie, which every page needs. */
import { cpuOf, jobCpuOf } from '../probes.ts';
import { ask } from '../requests.ts';
import type { Scenario } from '../scenario.ts';
import { many } from '../workers.ts';

const paths = { discovery: '/.well-known/openid-configuration', 'key set': '/jwks' };

export const documents: Scenario = {
  id: 'S6',
  title: 'Discovery and key set; one signed cookie: CPU of one',
  weight: 1,
  async run(lab, time) {
    const [store = 'SQLite'] = lab.mainStores;
    const [first, second] = [await lab.shared(store, 1), await lab.shared(store, 2)];
    const entries = await Promise.all(
      Object.entries(paths).map(async ([name, path]) => {
        const http = await lab.bare({ kind: 'http', body: await ask(first.port, path) });
        return { name, path, http };
      }),
    );
    const goal = { id: 'G8', atMost: 1.33 };
    const aaPair = ['discovery', 'discovery again'] as const;
    const documentRows = await lab.measure(
      {
        share: 0.75,
        slice: 100,
        probes: [
          ...entries.flatMap(({ name, path, http }) => [
            cpuOf(
              `${name}, bare node:http`,
              http,
              many(() => ask(http.port, '/')),
            ),
            cpuOf(
              name,
              first,
              many(() => ask(first.port, path)),
            ),
          ]),
          cpuOf(
            aaPair[1],
            second,
            many(() => ask(second.port, paths.discovery)),
          ),
        ],
        rows: entries.map(({ name }) => ({ subject: name, baseline: `${name}, bare node:http`, aaPair, goal })),
      },
      time,
    );
    const cookieRows = await lab.measure(
      {
        share: 0.25,
        slice: 40,
        probes: [
          jobCpuOf('a cookie, ours', lab.cpuJobs, 'ours'),
          jobCpuOf('Keygrip', lab.cpuJobs, 'keygrip'),
          jobCpuOf('a cookie again', lab.cpuJobs, 'ours'),
        ],
        rows: [{ subject: 'a cookie, ours', baseline: 'Keygrip', aaPair: ['a cookie, ours', 'a cookie again'] }],
      },
      time,
    );
    return [...documentRows, ...cookieRows];
  },
};
